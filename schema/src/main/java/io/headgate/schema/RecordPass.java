package io.headgate.schema;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.headgate.model.Excerpt;
import io.headgate.model.RefusedException;
import java.io.IOException;
import java.util.Arrays;

/** The one pass over one body: records become rows as their tokens go by. The first problem ends it. */
final class RecordPass {
    private final RecordFields fields;
    private final JsonParser json;
    private final RowWriter rows;
    private final ValueDecoder values;
    private final boolean[] seen;
    private final int maxRecords;
    private int record;

    RecordPass(RecordFields fields, JsonParser json, RowWriter rows, int maxRecords) {
        this.fields = fields;
        this.json = json;
        this.rows = rows;
        this.values = new ValueDecoder(json, rows);
        this.seen = new boolean[fields.end()];
        this.maxRecords = maxRecords;
    }

    /** Records completed so far, and so the index of the one begun, if one is. */
    int record() {
        return record;
    }

    void run() throws IOException {
        JsonToken first = json.nextToken();
        if (first == JsonToken.START_OBJECT) {
            object();
        } else if (first == JsonToken.START_ARRAY) {
            array();
        } else {
            throw body(first == null ? "is empty" : "is neither an object nor an array");
        }
        if (json.nextToken() != null) {
            throw body("goes on after its end");
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
        rows.endRow();
        record++;
    }

    private void value(int index) throws IOException {
        Column column = fields.column(index);
        if (json.nextToken() == JsonToken.VALUE_NULL) {
            if (!column.nullable()) {
                throw wrong(column, "is null, which its column does not take");
            }
            return;
        }
        try {
            values.put(index, column.type());
        } catch (ValueProblem problem) {
            throw wrong(column, problem.reason());
        }
    }

    private void requireAll() {
        for (int i = 0; i < seen.length; i++) {
            if (!seen[i] && !fields.column(i).nullable()) {
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
        return Problems.body(record, at.getLineNr(), at.getColumnNr(), reason);
    }
}
