package io.headgate.schema;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import io.headgate.model.RecordProblem;
import io.headgate.model.Refusal;
import io.headgate.model.RefusedException;
import java.util.List;
import java.util.regex.Pattern;

/** The decoder's refusals as a whole: their messages, and those that no record is to blame for. */
final class Refusals {
    /** One more than an excerpt shows, so that it shows the cut. */
    static final int EXCERPT_CHARS = 41;

    /** What Jackson's messages say about Jackson's settings. */
    private static final Pattern SETTINGS =
            Pattern.compile(", from `[^`]*`|: enable `.*| \\(not recognized as one since .*\\)");

    private static final int REASON_CHARS_MAX = 160;
    private static final String NOTHING_HAPPENED = " No record of the request was accepted.";

    private Refusals() {}

    /** The body, of which nothing was decoded yet, is wrong at this place. */
    static RefusedException body(BodyForm form, int line, int column, String reason) {
        RecordProblem problem = bodyProblem(form, 0, line, column, reason);
        String message = message("The body", problem, 1, 1);
        return new Refusal(Refusal.Code.INVALID_PARAMETER, message, List.of(problem), 0).asException();
    }

    static RecordProblem bodyProblem(BodyForm form, long record, int line, int column, String reason) {
        return new RecordProblem(record, "$", null, line, column, reason, form.records(), null);
    }

    /** @param current where the parser is, should the exception not say where it was thrown */
    static RecordProblem notJson(BodyForm form, long record, JsonProcessingException e, JsonLocation current) {
        JsonLocation at = e.getLocation() == null ? current : e.getLocation();
        return bodyProblem(form, record, at.getLineNr(), at.getColumnNr(), reason(e));
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
                                + " records, the limit limits.max-records: send fewer per request." + NOTHING_HAPPENED)
                .asException();
    }

    /** The records are of more partitions than those of one request may be. */
    static RefusedException tooManyPartitions(int maxPartitions) {
        return Refusal.of(
                        Refusal.Code.TOO_LARGE,
                        "The records are of more than " + maxPartitions
                                + " partitions of the table, the limit limits.max-partitions: send fewer per request, or"
                                + " those of one partition together." + NOTHING_HAPPENED)
                .asException();
    }

    /** How a message begins that is about a problem of a record. */
    static String recordSubject(RecordProblem problem) {
        String record = "Record " + problem.record();
        return problem.path().equals("$") ? record : record + ": " + problem.path();
    }

    /**
     * One problem in full, and how many more there are.
     *
     * @param found problems in all
     * @param told those of them that the details tell of
     */
    static String message(String subject, RecordProblem problem, int found, int told) {
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
        message.append('.');
        if (found == 2) {
            message.append(" There is one more problem.");
        } else if (found > 2) {
            message.append(" There are ").append(found - 1).append(" more problems");
            message.append(found > told ? ", and details of " + told + " in all." : ".");
        }
        return message.append(NOTHING_HAPPENED).toString();
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
