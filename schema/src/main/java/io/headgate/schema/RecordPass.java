package io.headgate.schema;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.headgate.model.Excerpt;
import io.headgate.model.RefusedException;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The one pass over one body: records become rows as their tokens go by. The first problem ends it. */
final class RecordPass {
    private final BodyForm form;
    private final RecordFields fields;
    private final JsonParser json;
    private final RowWriter rows;
    private final ValueDecoder values;
    private final boolean[] seen;
    private final int maxRecords;
    private final ServerColumns server;
    private final RequestValues serverValues;
    private final RequestPartitions partitions;
    private int record;

    RecordPass(
            BodyForm form,
            RecordFields fields,
            JsonParser json,
            RowWriter rows,
            int maxRecords,
            ServerColumns server,
            RequestValues serverValues,
            RequestPartitions partitions) {
        this.form = form;
        this.fields = fields;
        this.json = json;
        this.rows = rows;
        this.values = new ValueDecoder(json, rows);
        this.seen = new boolean[fields.end()];
        this.maxRecords = maxRecords;
        this.server = server;
        this.serverValues = serverValues;
        this.partitions = partitions;
    }

    /** Records completed so far, and so the index of the one begun, if one is. */
    int record() {
        return record;
    }

    void run() throws IOException {
        switch (form) {
            case JSON -> document();
            case NDJSON -> lines();
        }
    }

    private void document() throws IOException {
        JsonToken first = json.nextToken();
        if (first == JsonToken.START_OBJECT) {
            object();
        } else if (first == JsonToken.START_ARRAY) {
            array();
        } else {
            throw body(first == null ? "is empty" : "is neither an object nor an array");
        }
        JsonToken next = json.nextToken();
        if (next != null) {
            boolean lines = first == JsonToken.START_OBJECT && next == JsonToken.START_OBJECT;
            throw body("goes on after its end"
                    + (lines ? " (records line by line are to be sent as application/x-ndjson)" : ""));
        }
    }

    private void lines() throws IOException {
        int line = 0;
        while (json.nextToken() != null) {
            JsonLocation start = json.currentTokenLocation();
            if (start.getLineNr() == line) {
                throw Problems.line(record, start, "begins on the line of the one before it");
            }
            if (json.currentToken() == JsonToken.START_ARRAY) {
                throw Problems.line(record, start, "is an array, which is to be sent alone and as application/json");
            }
            if (json.currentToken() != JsonToken.START_OBJECT) {
                throw Problems.record(record, json);
            }
            line(start);
            line = start.getLineNr();
        }
        if (record == 0) {
            throw body("is empty");
        }
    }

    /** Whatever the next lines look like to the parser, the line to be mended is the one that the record began on. */
    private void line(JsonLocation start) throws IOException {
        int index = record;
        try {
            object();
        } catch (RefusedException | JsonProcessingException e) {
            requireStillOn(start, index);
            throw e;
        }
        requireStillOn(start, index);
    }

    private void requireStillOn(JsonLocation start, int index) {
        if (json.currentLocation().getLineNr() != start.getLineNr()) {
            throw Problems.line(index, start, "is not complete by the end of its line");
        }
    }

    private void array() throws IOException {
        while (json.nextToken() != JsonToken.END_ARRAY) {
            if (json.currentToken() != JsonToken.START_OBJECT) {
                throw Problems.record(record, json);
            }
            object();
        }
    }

    private void object() throws IOException {
        if (record == maxRecords) {
            throw Problems.tooManyRecords(maxRecords);
        }
        rows.beginRow();
        Arrays.fill(seen, false);
        int end = fields.end();
        int column = fields.next(json, end);
        while (column != end) {
            if (column < 0) {
                throw unknown(json.currentName());
            }
            if (seen[column]) {
                throw Problems.field(record, json.currentName(), json, "occurs twice in the record", "it once", null);
            }
            seen[column] = true;
            value(column);
            column = fields.next(json, column);
        }
        requireAll();
        putServerValues();
        partitions.add(record, rows, json);
        rows.endRow();
        record++;
    }

    private void value(int index) throws IOException {
        Column column = fields.column(index);
        ServerColumns.@Nullable Entry set = server.at(index);
        if (json.nextToken() == JsonToken.VALUE_NULL) {
            if (!column.nullable() && set == null) {
                throw wrong(column, "is null, which its column does not take");
            }
            return;
        }
        if (set != null && set.whenSent() == ServerColumns.WhenSent.REFUSE) {
            throw Problems.setByServer(record, column.name(), json, set.value());
        }
        try {
            values.put(index, column.type());
        } catch (ValueProblem problem) {
            throw wrong(column, problem.reason());
        }
        if (set != null && set.whenSent() == ServerColumns.WhenSent.MATCH && !isSubject()) {
            throw Problems.pinned(record, column.name(), json, serverValues.subjectText());
        }
    }

    /** Whether the text that the parser is at is the caller's subject. */
    private boolean isSubject() throws IOException {
        String subject = serverValues.subjectText();
        int length = json.getTextLength();
        if (length != subject.length()) {
            return false;
        }
        char[] text = json.getTextCharacters();
        int offset = json.getTextOffset();
        for (int i = 0; i < length; i++) {
            if (text[offset + i] != subject.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private void requireAll() {
        for (int i = 0; i < seen.length; i++) {
            if (!seen[i] && !fields.column(i).nullable() && server.at(i) == null) {
                Column column = fields.column(i);
                throw Problems.field(
                        record,
                        column.name(),
                        json,
                        "is missing by the end of the record",
                        Problems.expected(column),
                        null);
            }
        }
    }

    /** Where the record has no value. One that it has was checked when it went by. */
    private void putServerValues() {
        for (ServerColumns.Entry set : server.entries()) {
            if (rows.isNull(set.column())) {
                switch (set.value()) {
                    case RECEIVE_TIME -> rows.putLong(set.column(), serverValues.receiveTimeMicros());
                    case SUBJECT -> rows.putString(set.column(), serverValues.subject());
                    case REQUEST_ID -> rows.putString(set.column(), serverValues.requestId());
                }
            }
        }
    }

    private RefusedException wrong(Column column, String reason) throws IOException {
        return Problems.field(record, column.name(), json, reason, Problems.expected(column), Problems.excerpt(json));
    }

    private RefusedException unknown(String name) {
        Column similar = fields.similar(name);
        String expected = similar == null
                ? "a name of one of the table's columns"
                : "\"" + similar.name() + "\", since names are case-sensitive";
        return new UnknownFieldException(
                Problems.field(record, Excerpt.of(name), json, "is not a column of the table", expected, null)
                        .refusal());
    }

    private RefusedException body(String reason) {
        JsonLocation at = json.currentToken() == null ? json.currentLocation() : json.currentTokenLocation();
        return Problems.body(form, record, at.getLineNr(), at.getColumnNr(), reason);
    }
}
