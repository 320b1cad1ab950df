package io.headgate.schema;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One record into the row that was begun for it, with all that is nested in it. What does not fit its place is told to
 * {@link Problems} and passed over, so that the rest is looked at too; the row is of no use then.
 *
 * <p>What recurses here goes as deep as the table does and no deeper: {@link ColumnType#NESTING_MAX}. What a record has
 * beyond that is passed over by the parser, which does not recurse.
 */
final class RecordDecoder {
    private final RecordFields columns;
    private final JsonParser json;
    private final RowWriter rows;
    private final ValueDecoder values;
    private final Problems problems;
    private final ByteReservation reservation;
    private final ServerColumns server;
    private final RequestValues serverValues;
    /** By the fields' numbers: a struct is not within itself, so there is one of each at a time. */
    private final boolean[] seen;

    private final @Nullable MapKeys[] keys;

    RecordDecoder(
            RecordFields columns,
            Shape.Numbers numbers,
            JsonParser json,
            RowWriter rows,
            PlausibleTimes plausible,
            Problems problems,
            ByteReservation reservation,
            ServerColumns server,
            RequestValues serverValues) {
        this.columns = columns;
        this.json = json;
        this.rows = rows;
        this.values = new ValueDecoder(json, rows, plausible);
        this.problems = problems;
        this.reservation = reservation;
        this.server = server;
        this.serverValues = serverValues;
        this.seen = new boolean[numbers.fields()];
        this.keys = new MapKeys[numbers.maps()];
    }

    /** Puts the object that the parser is at the beginning of. */
    void put() throws IOException {
        fields(columns, true);
        putServerValues();
    }

    private void fields(RecordFields fields, boolean columns) throws IOException {
        int first = fields.firstNumber();
        int end = fields.end();
        Arrays.fill(seen, first, first + end, false);
        int last = end;
        int field = fields.next(json, last);
        while (field != end) {
            if (field < 0) {
                problems.unknown(fields, !columns);
                skipValue();
            } else if (seen[first + field]) {
                problems.twice(columns ? "record" : "struct");
                skipValue();
            } else {
                seen[first + field] = true;
                last = field;
                if (columns) {
                    column(field, fields.shape(field));
                } else {
                    json.nextToken();
                    value(field, fields.shape(field), "is null, which its field does not take");
                }
            }
            field = fields.next(json, last);
        }
        for (int required : fields.required()) {
            if (!seen[first + required] && !(columns && server.at(required) != null)) {
                problems.missing(fields.column(required), !columns);
            }
        }
    }

    private void skipValue() throws IOException {
        json.nextToken();
        json.skipChildren();
    }

    private void column(int column, Shape shape) throws IOException {
        json.nextToken();
        ServerColumns.@Nullable Entry set = server.at(column);
        if (set == null) {
            value(column, shape, "is null, which its column does not take");
        } else if (json.currentToken() != JsonToken.VALUE_NULL) {
            setColumn(column, shape, set);
        }
    }

    private void setColumn(int column, Shape shape, ServerColumns.Entry set) throws IOException {
        if (set.whenSent() == ServerColumns.WhenSent.REFUSE) {
            problems.setByServer(set.value());
            json.skipChildren();
        } else if (put(column, shape) && set.whenSent() == ServerColumns.WhenSent.MATCH && !isSubject()) {
            problems.pinned(serverValues.subjectText());
        }
    }

    /** Puts the value that the parser is at, unless it is null. */
    private void value(int i, Shape shape, String reasonIfNull) throws IOException {
        if (json.currentToken() != JsonToken.VALUE_NULL) {
            put(i, shape);
        } else if (!shape.nullable()) {
            problems.value(shape.type(), false, reasonIfNull);
        }
    }

    /** @return false if the value does not fit its place; it was passed over then */
    private boolean put(int i, Shape shape) throws IOException {
        try {
            if (shape instanceof Shape.Scalar) {
                values.put(i, shape.type());
            } else if (shape instanceof Shape.Struct struct) {
                struct(i, struct);
            } else if (shape instanceof Shape.Array array) {
                array(i, array);
            } else if (shape instanceof Shape.Map map) {
                map(i, map);
            }
            return true;
        } catch (ValueProblem problem) {
            problems.value(shape.type(), shape.nullable(), problem.reason());
            json.skipChildren();
            return false;
        }
    }

    private void struct(int i, Shape.Struct shape) throws IOException, ValueProblem {
        require(JsonToken.START_OBJECT, "is not a JSON object");
        rows.beginStruct(i);
        fields(shape.fields(), false);
        rows.endStruct();
    }

    private void array(int i, Shape.Array shape) throws IOException, ValueProblem {
        require(JsonToken.START_ARRAY, "is not a JSON array");
        rows.beginItems(i);
        while (json.nextToken() != JsonToken.END_ARRAY) {
            rows.nextItem();
            value(0, shape.element(), "is null, which its array does not take");
        }
        rows.endItems();
    }

    private void map(int i, Shape.Map shape) throws IOException, ValueProblem {
        require(JsonToken.START_OBJECT, "is not a JSON object");
        json.assignCurrentValue(JsonPath.MAP);
        MapKeys seenKeys = keys(shape.number());
        seenKeys.clear();
        rows.beginItems(i);
        while (json.nextToken() != JsonToken.END_OBJECT) {
            rows.nextItem();
            if (key(shape.key(), seenKeys)) {
                json.nextToken();
                value(1, shape.value(), "is null, which its map does not take");
            } else {
                skipValue();
            }
        }
        rows.endItems();
    }

    private boolean key(ColumnType type, MapKeys seenKeys) throws IOException {
        try {
            values.putKey(type);
        } catch (ValueProblem problem) {
            problems.key(type, problem.reason());
            return false;
        }
        if (!seenKeys.add(rows)) {
            problems.twice("map");
            return false;
        }
        return true;
    }

    private MapKeys keys(int map) {
        MapKeys made = keys[map];
        if (made == null) {
            made = new MapKeys(reservation);
            keys[map] = made;
        }
        return made;
    }

    private void require(JsonToken token, String reason) throws ValueProblem {
        if (json.currentToken() != token) {
            throw new ValueProblem(reason);
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
}
