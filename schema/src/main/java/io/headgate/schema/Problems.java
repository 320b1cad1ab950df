package io.headgate.schema;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonStreamContext;
import io.headgate.model.Excerpt;
import io.headgate.model.RecordProblem;
import io.headgate.model.Refusal;
import io.headgate.model.RefusedException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is wrong with the records of one body: all of it is counted, the first {@value #KEPT_MAX} are kept, in words for
 * whoever wrote the firmware. Nothing of a body is quoted but a short excerpt. One pass, one thread.
 */
final class Problems {
    /** Problems that a refusal tells of. */
    static final int KEPT_MAX = 100;

    /** Where records are accepted one by one: rejected ones whose problems are kept, and how many of each. */
    static final int REJECTED_KEPT_MAX = 100;

    static final int PER_REJECTED_MAX = 10;

    private static final String A_DIRECTORY = "a value that a directory of the table can be named by";
    private static final String A_LINE = "a JSON object on a line of its own";

    private final BodyForm form;
    private final JsonParser json;
    private final boolean recordByRecord;
    private final List<RecordProblem> kept = new ArrayList<>();
    private JsonStreamContext around;
    private int record;
    private int count;
    private boolean unknownField;
    private int rejected;
    /** One of those kept that decides what becomes of the request. */
    private @Nullable RecordProblem denied;
    /** What there was before the record began. */
    private int countBefore;

    private int keptBefore;
    private boolean unknownFieldBefore;
    private @Nullable RecordProblem deniedBefore;

    /** @param recordByRecord whether a record with problems is rejected alone */
    Problems(BodyForm form, JsonParser json, boolean recordByRecord) {
        this.form = form;
        this.json = json;
        this.recordByRecord = recordByRecord;
        this.around = json.getParsingContext();
    }

    /** The parser is within what surrounds the records. */
    void beginRecords() {
        around = json.getParsingContext();
    }

    /** What comes is about the record with this index, the first one unless this was called. */
    void beginRecord(int index) {
        record = index;
        countBefore = count;
        keptBefore = kept.size();
        unknownFieldBefore = unknownField;
        deniedBefore = denied;
    }

    boolean isEmpty() {
        return count == 0;
    }

    /** Whether any was found since the record began. */
    boolean areInRecord() {
        return count > countBefore;
    }

    /** How many were found since the record began. */
    int countInRecord() {
        return count - countBefore;
    }

    List<RecordProblem> keptOfRecord() {
        return List.copyOf(kept.subList(keptBefore, kept.size()));
    }

    boolean hasUnknownField() {
        return unknownField;
    }

    /** The record is rejected, and its problems with it. */
    void rejectRecord() {
        rejected++;
    }

    /** The parser is at something that is not a record. */
    void notAnObject() throws IOException {
        if (countOne()) {
            add(problem("$", null, "is not a JSON object", "a JSON object", excerpt()));
        }
    }

    /** The parser is at the beginning of what is not a line's one record. */
    void line(String reason) {
        if (countOne()) {
            add(problem("$", null, reason, A_LINE, null));
        }
    }

    /** The parser is at a value that does not fit its place. */
    void value(ColumnType type, boolean nullable, String reason) throws IOException {
        if (countOne()) {
            add(here(reason, Expected.of(type, nullable), excerpt()));
        }
    }

    /** The parser is at a name that is no key of its map. */
    void key(ColumnType type, String reason) throws IOException {
        if (countOne()) {
            add(here("is a key that " + reason, "a key of type " + Expected.of(type), excerpt()));
        }
    }

    /** The parser is at a name that its object has had. */
    void twice(String of) {
        if (countOne()) {
            add(here("occurs twice in the " + of, "it once", null));
        }
    }

    /** The parser is at a name that is none of these fields. */
    void unknown(RecordFields fields, boolean inStruct) throws IOException {
        unknownField = true;
        if (!countOne()) {
            return;
        }
        String name = json.currentName();
        Column similar = fields.similar(name);
        String expected = similar != null
                ? "\"" + similar.name() + "\", since names are case-sensitive"
                : inStruct ? "a name of one of the struct's fields" : "a name of one of the table's columns";
        String cut = Excerpt.of(name);
        String path = JsonPath.child(JsonPath.of(json.getParsingContext().getParent(), around), cut);
        String reason = inStruct ? "is not a field of its struct" : "is not a column of the table";
        add(problem(path, cut, reason, expected, null));
    }

    /** The parser is at the end of an object that lacks the field. */
    void missing(Column field, boolean inStruct) {
        if (countOne()) {
            String path = JsonPath.child(JsonPath.of(json.getParsingContext(), around), field.name());
            String reason = "is missing by the end of the " + (inStruct ? "struct" : "record");
            add(problem(path, field.name(), reason, Expected.of(field), null));
        }
    }

    /** The parser is at the end of a record that its table can have no partition for. */
    void partition(PartitionColumns.Unfit unfit) {
        if (countOne()) {
            String path = JsonPath.child("$", unfit.column());
            add(problem(path, unfit.column(), unfit.reason(), A_DIRECTORY, null));
        }
    }

    /** The parser is at a value for a column that the gateway alone writes. */
    void setByServer(ServerValue value) throws IOException {
        if (countOne()) {
            String reason = "is set by the gateway, as the table's set-columns say, and is not to be sent";
            add(here(reason, "nothing, since it gets the " + value, excerpt()));
        }
    }

    /** The parser is at another value than the caller's subject for a column that its grant pins to that. */
    void pinned(String subject) throws IOException {
        boolean keep = countOne();
        if (keep || denied == null) {
            RecordProblem problem = here(
                    "is not the token's subject, to which its grant pins this column",
                    '"' + Excerpt.of(subject) + "\", or nothing",
                    excerpt());
            denied = denied == null ? problem : denied;
            if (keep) {
                add(problem);
            } else if (!recordByRecord) {
                kept.set(kept.size() - 1, problem);
            }
        }
    }

    /** Counts one; whether it is to be kept, and so to be put into words. */
    private boolean countOne() {
        count++;
        return recordByRecord
                ? rejected < REJECTED_KEPT_MAX && kept.size() - keptBefore < PER_REJECTED_MAX
                : kept.size() < KEPT_MAX;
    }

    private void add(RecordProblem problem) {
        kept.add(problem);
    }

    private RecordProblem here(String reason, String expected, @Nullable String got) {
        boolean begun = json.currentToken().isStructStart();
        JsonStreamContext at = begun ? json.getParsingContext().getParent() : json.getParsingContext();
        return problem(JsonPath.of(at, around), JsonPath.field(at, around), reason, expected, got);
    }

    private RecordProblem problem(
            String path, @Nullable String field, String reason, String expected, @Nullable String got) {
        JsonLocation at = json.currentTokenLocation();
        return new RecordProblem(record, path, field, at.getLineNr(), at.getColumnNr(), reason, expected, got);
    }

    /** The value that the parser is at, as far as it fits into a message. */
    private String excerpt() throws IOException {
        return switch (json.currentToken()) {
            case START_OBJECT -> "{...}";
            case START_ARRAY -> "[...]";
            case VALUE_STRING, FIELD_NAME -> '"' + text() + '"';
            default -> text();
        };
    }

    private String text() throws IOException {
        int length = Math.min(json.getTextLength(), Refusals.EXCERPT_CHARS);
        return Excerpt.of(String.valueOf(json.getTextCharacters(), json.getTextOffset(), length));
    }

    /** What was found refuses the request. */
    RefusedException refused() {
        return refused(kept, Refusals.recordSubject(kept.get(0)), count);
    }

    /** So it does, and the body has ended here, before its end, since it is not JSON, or JSON beyond a limit. */
    RefusedException brokenBy(JsonProcessingException e) {
        return ended("The body", Refusals.notJson(form, record, e, json.currentLocation()));
    }

    /** The body as a whole is wrong at the place where the parser is. */
    RefusedException body(String reason) {
        JsonLocation at = json.currentToken() == null ? json.currentLocation() : json.currentTokenLocation();
        return ended("The body", Refusals.bodyProblem(form, record, at.getLineNr(), at.getColumnNr(), reason));
    }

    /** The record goes on over its line's end: what seemed to be wrong with it counts for nothing. */
    RefusedException cutLine(JsonLocation start) {
        count = countBefore;
        unknownField = unknownFieldBefore;
        denied = deniedBefore;
        kept.subList(keptBefore, kept.size()).clear();
        RecordProblem problem = new RecordProblem(
                record,
                "$",
                null,
                start.getLineNr(),
                start.getColumnNr(),
                "is not complete by the end of its line",
                A_LINE,
                null);
        return ended(Refusals.recordSubject(problem), problem);
    }

    private RefusedException ended(String subject, RecordProblem last) {
        List<RecordProblem> all = new ArrayList<>(kept.subList(0, Math.min(kept.size(), KEPT_MAX - 1)));
        all.add(last);
        return refused(all, kept.isEmpty() ? subject : Refusals.recordSubject(kept.get(0)), count + 1);
    }

    private RefusedException refused(List<RecordProblem> details, String subject, int found) {
        String message = denied == null
                ? Refusals.message(subject, details.get(0), found, details.size())
                : Refusals.message(Refusals.recordSubject(denied), denied, found, details.size());
        Refusal.Code code = denied == null ? Refusal.Code.INVALID_PARAMETER : Refusal.Code.PERMISSION_DENIED;
        Refusal refusal = new Refusal(code, message, details, 0);
        return unknownField ? new UnknownFieldException(refusal) : refusal.asException();
    }
}
