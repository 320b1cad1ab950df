package io.headgate.schema;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import io.headgate.model.Excerpt;
import io.headgate.model.RecordProblem;
import io.headgate.model.Refusal;
import io.headgate.model.RefusedException;
import java.io.IOException;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The decoder's refusals, in words for whoever wrote the firmware. Nothing of a body is quoted but a short excerpt. */
final class Problems {
    private static final Pattern PLAIN_NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

    /** What Jackson's messages say about Jackson's settings. */
    private static final Pattern SETTINGS =
            Pattern.compile(", from `[^`]*`|: enable `.*| \\(not recognized as one since .*\\)");

    private static final int REASON_CHARS_MAX = 160;
    private static final int EXCERPT_CHARS = 41; // one more than an excerpt shows, so that it shows the cut

    private Problems() {}

    /** The body as a whole is wrong at this place. */
    static RefusedException body(BodyForm form, long record, int line, int column, String reason) {
        return refused("The body", new RecordProblem(record, "$", null, line, column, reason, form.records(), null));
    }

    /** The body is not JSON, or JSON beyond a limit. */
    static RefusedException json(BodyForm form, long record, JsonProcessingException e) {
        JsonLocation at = e.getLocation();
        return body(form, record, at == null ? 0 : at.getLineNr(), at == null ? 0 : at.getColumnNr(), reason(e));
    }

    private static String reason(JsonProcessingException e) {
        String message = e.getOriginalMessage();
        if (message.startsWith("Unexpected end-of-input")) {
            return "ends in the middle of a record";
        }
        if (message.startsWith("Non-standard token")) {
            return "holds NaN or Infinity outside quotes: send \"NaN\", \"Infinity\" or \"-Infinity\"";
        }
        return "is not JSON that can be read: "
                + printable(SETTINGS.matcher(message).replaceAll(""));
    }

    /** The body holds more records than one may. */
    static RefusedException tooManyRecords(int maxRecords) {
        return Refusal.of(
                        Refusal.Code.TOO_LARGE,
                        "The body holds more than " + maxRecords
                                + " records, the limit limits.max-records: send fewer per request. No record of the"
                                + " request was accepted.")
                .asException();
    }

    /** The records are of more partitions than those of one request may be. */
    static RefusedException tooManyPartitions(int maxPartitions) {
        return Refusal.of(
                        Refusal.Code.TOO_LARGE,
                        "The records are of more than " + maxPartitions
                                + " partitions of the table, the limit limits.max-partitions: send fewer per request, or"
                                + " those of one partition together. No record of the request was accepted.")
                .asException();
    }

    /** The parser is at something that is not a record. */
    static RefusedException record(long record, JsonParser json) throws IOException {
        JsonLocation at = json.currentTokenLocation();
        return refused(
                "Record " + record,
                new RecordProblem(
                        record,
                        "$",
                        null,
                        at.getLineNr(),
                        at.getColumnNr(),
                        "is not a JSON object",
                        "a JSON object",
                        excerpt(json)));
    }

    /** The line that begins here is not one record. */
    static RefusedException line(long record, JsonLocation at, String reason) {
        return refused(
                "Record " + record,
                new RecordProblem(
                        record,
                        "$",
                        null,
                        at.getLineNr(),
                        at.getColumnNr(),
                        reason,
                        "a JSON object on a line of its own",
                        null));
    }

    /** The field that the parser is at, by name or by value, is wrong. A name that is not a column's is to be cut first. */
    static RefusedException field(
            long record, String name, JsonParser json, String reason, @Nullable String expected, @Nullable String got) {
        return refused("Record " + record + ": " + path(name), problem(record, name, json, reason, expected, got));
    }

    private static RecordProblem problem(
            long record, String name, JsonParser json, String reason, @Nullable String expected, @Nullable String got) {
        JsonLocation at = json.currentTokenLocation();
        return new RecordProblem(record, path(name), name, at.getLineNr(), at.getColumnNr(), reason, expected, got);
    }

    /** The record has a value for a column that the gateway alone writes. */
    static RefusedException setByServer(long record, String name, JsonParser json, ServerValue value)
            throws IOException {
        return field(
                record,
                name,
                json,
                "is set by the gateway, as the table's set-columns say, and is not to be sent",
                "nothing, since it gets the " + value,
                excerpt(json));
    }

    /** The record has another value than the caller's subject for a column that its grant pins to that. */
    static RefusedException pinned(long record, String name, JsonParser json, String subject) throws IOException {
        return refused(
                Refusal.Code.PERMISSION_DENIED,
                "Record " + record + ": " + path(name),
                problem(
                        record,
                        name,
                        json,
                        "is not the token's subject, to which its grant pins this column",
                        '"' + Excerpt.of(subject) + "\", or nothing",
                        excerpt(json)));
    }

    private static RefusedException refused(String subject, RecordProblem problem) {
        return refused(Refusal.Code.INVALID_PARAMETER, subject, problem);
    }

    private static RefusedException refused(Refusal.Code code, String subject, RecordProblem problem) {
        StringBuilder message = new StringBuilder(subject).append(' ').append(problem.reason());
        if (problem.line() > 0) {
            message.append(" (line ")
                    .append(problem.line())
                    .append(", column ")
                    .append(problem.column())
                    .append(')');
        }
        if (problem.expected() != null) {
            message.append(": expected ").append(problem.expected());
        }
        if (problem.got() != null) {
            message.append(", got ").append(problem.got());
        }
        message.append(". No record of the request was accepted.");
        return new Refusal(code, message.toString(), List.of(problem), 0).asException();
    }

    /** The value that the parser is at, as far as it fits into a message. */
    static String excerpt(JsonParser json) throws IOException {
        return switch (json.currentToken()) {
            case START_OBJECT -> "{...}";
            case START_ARRAY -> "[...]";
            case VALUE_STRING -> '"' + text(json) + '"';
            default -> text(json);
        };
    }

    private static String text(JsonParser json) throws IOException {
        int length = Math.min(json.getTextLength(), EXCERPT_CHARS);
        return Excerpt.of(String.valueOf(json.getTextCharacters(), json.getTextOffset(), length));
    }

    /** What a column takes. */
    static String expected(Column column) {
        String type = expected(column.type());
        return column.nullable() ? type : type + ", NOT NULL";
    }

    private static String expected(ColumnType type) {
        return switch (type.kind()) {
            case STRING -> "STRING (a JSON string)";
            case BOOLEAN -> "BOOLEAN (true or false)";
            case BYTE -> whole("TINYINT", Byte.MIN_VALUE, Byte.MAX_VALUE);
            case SHORT -> whole("SMALLINT", Short.MIN_VALUE, Short.MAX_VALUE);
            case INTEGER -> whole("INT", Integer.MIN_VALUE, Integer.MAX_VALUE);
            case LONG -> whole("BIGINT", Long.MIN_VALUE, Long.MAX_VALUE);
            case FLOAT -> "FLOAT (a number up to 3.4028235e38, or \"NaN\", \"Infinity\", \"-Infinity\")";
            case DOUBLE -> "DOUBLE (a number up to 1.7976931348623157e308, or \"NaN\", \"Infinity\", \"-Infinity\")";
            case DATE -> "DATE (days since 1970-01-01, or \"YYYY-MM-DD\")";
            case TIMESTAMP ->
                "TIMESTAMP (microseconds since 1970-01-01T00:00:00Z, or ISO-8601 with a zone, such as"
                        + " \"2026-01-31T08:00:00.5Z\")";
            case TIMESTAMP_NTZ ->
                "TIMESTAMP_NTZ (microseconds since 1970-01-01T00:00:00 local time, or ISO-8601 without a zone, such as"
                        + " \"2026-01-31T08:00:00.5\")";
            case BINARY, DECIMAL, CHAR, VARCHAR, ARRAY, MAP, STRUCT -> type.sqlName();
        };
    }

    private static String whole(String type, long min, long max) {
        return type + " (" + min + " to " + max + ")";
    }

    private static String path(String name) {
        return PLAIN_NAME.matcher(name).matches() ? "$." + name : "$['" + name + "']";
    }

    private static String printable(String message) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < message.length() && i < REASON_CHARS_MAX; i++) {
            char c = message.charAt(i);
            out.append(c >= ' ' && c <= '~' ? c : '?');
        }
        return out.toString();
    }
}
