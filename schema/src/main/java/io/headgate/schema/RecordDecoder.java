package io.headgate.schema;

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
    private final RecordParser json;
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
            RecordParser json,
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
        int last = fieldsAhead(fields, end, columns);
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
                    column(field, fields.field(field).shape());
                } else {
                    value(
                            field,
                            fields.field(field).shape(),
                            json.nextToken(),
                            "is null, which its field does not take");
                }
            }
            last = fieldsAhead(fields, last, columns);
            field = fields.next(json, last);
        }
        for (int required : fields.required()) {
            if (!seen[first + required] && !(columns && server.at(required) != null)) {
                problems.missing(fields.column(required), !columns);
            }
        }
    }

    /**
     * Puts fields that are found ahead of the parser.
     *
     * @param last the field before them, the end if none was
     * @return the last one that was put; {@code last} if none was
     */
    private int fieldsAhead(RecordFields fields, int last, boolean columns) throws IOException {
        int put = last;
        int next = fields.follower(put);
        while (next == fields.end() || fields.field(next).isScalar()) {
            JsonToken ahead = takesAhead(fields, next, columns)
                    ? json.fieldAhead(fields.field(next).name())
                    : null;
            if (ahead == null) { // another field, perhaps
                ahead = json.anyFieldAhead();
                next = ahead == null ? -1 : fields.find(json.body(), json.nameOffset(), json.nameLength(), put);
            }
            if (ahead == null
                    || !takesAhead(fields, next, columns)
                    || !putAhead(next, fields.field(next).shape(), ahead)) {
                return put;
            }
            json.accept(ahead);
            seen[fields.firstNumber() + next] = true;
            put = next;
            next = fields.follower(put);
        }
        return put;
    }

    /** Whether the field, if it is one, is to be found ahead: not nested, not there yet, and the record's own to set. */
    private boolean takesAhead(RecordFields fields, int field, boolean columns) {
        return field >= 0
                && field != fields.end()
                && fields.field(field).isScalar()
                && !seen[fields.firstNumber() + field]
                && !(columns && server.at(field) != null);
    }

    /** @return false if it does not fit its place: then the parser comes to it, and it is told where it is */
    private boolean putAhead(int i, Shape shape, JsonToken token) {
        if (token == JsonToken.VALUE_NULL) {
            return shape.nullable();
        }
        try {
            values.put(i, shape.type(), token);
            return true;
        } catch (ValueProblem problem) {
            return false;
        }
    }

    private void skipValue() throws IOException {
        json.nextToken();
        json.skipChildren();
    }

    private void column(int column, Shape shape) throws IOException {
        JsonToken token = json.nextToken();
        ServerColumns.@Nullable Entry set = server.at(column);
        if (set == null) {
            value(column, shape, token, "is null, which its column does not take");
        } else if (token != JsonToken.VALUE_NULL) {
            setColumn(column, shape, token, set);
        }
    }

    private void setColumn(int column, Shape shape, JsonToken token, ServerColumns.Entry set) throws IOException {
        if (set.whenSent() == ServerColumns.WhenSent.REFUSE) {
            problems.setByServer(set.value());
            json.skipChildren();
        } else if (put(column, shape, token) && set.whenSent() == ServerColumns.WhenSent.MATCH && !isSubject()) {
            problems.pinned(serverValues.subjectText());
        }
    }

    /** Puts the value that the parser is at, unless it is null. */
    private void value(int i, Shape shape, JsonToken token, String reasonIfNull) throws IOException {
        if (token != JsonToken.VALUE_NULL) {
            put(i, shape, token);
        } else if (!shape.nullable()) {
            problems.value(shape.type(), false, reasonIfNull);
        }
    }

    /** @return false if the value does not fit its place; it was passed over then */
    private boolean put(int i, Shape shape, JsonToken token) throws IOException {
        try {
            if (shape instanceof Shape.Scalar) {
                json.readText(token);
                values.put(i, shape.type(), token);
            } else if (shape instanceof Shape.Struct struct) {
                struct(i, struct, token);
            } else if (shape instanceof Shape.Array array) {
                array(i, array, token);
            } else if (shape instanceof Shape.Map map) {
                map(i, map, token);
            }
            return true;
        } catch (ValueProblem problem) {
            problems.value(shape.type(), shape.nullable(), problem.reason());
            json.skipChildren();
            return false;
        }
    }

    private void struct(int i, Shape.Struct shape, JsonToken token) throws IOException, ValueProblem {
        require(token == JsonToken.START_OBJECT, "is not a JSON object");
        rows.beginStruct(i);
        fields(shape.fields(), false);
        rows.endStruct();
    }

    private void array(int i, Shape.Array shape, JsonToken token) throws IOException, ValueProblem {
        require(token == JsonToken.START_ARRAY, "is not a JSON array");
        rows.beginItems(i);
        itemsAhead(shape.element());
        for (JsonToken item = json.nextToken(); item != JsonToken.END_ARRAY; item = json.nextToken()) {
            rows.nextItem();
            value(0, shape.element(), item, "is null, which its array does not take");
            itemsAhead(shape.element());
        }
        rows.endItems();
    }

    private void itemsAhead(Shape element) throws IOException {
        if (!(element instanceof Shape.Scalar)) {
            return;
        }
        for (JsonToken ahead = json.itemAhead(); ahead != null; ahead = json.itemAhead()) {
            rows.nextItem();
            if (!putAhead(0, element, ahead)) {
                return; // its row is of no use, so that one item too many does no harm
            }
            json.accept(ahead);
        }
    }

    private void map(int i, Shape.Map shape, JsonToken token) throws IOException, ValueProblem {
        require(token == JsonToken.START_OBJECT, "is not a JSON object");
        json.assignCurrentValue(JsonPath.MAP);
        MapKeys seenKeys = keys(shape.number());
        seenKeys.clear();
        rows.beginItems(i);
        entriesAhead(shape, seenKeys);
        while (json.nextToken() != JsonToken.END_OBJECT) {
            rows.nextItem();
            if (key(shape.key(), seenKeys)) {
                value(1, shape.value(), json.nextToken(), "is null, which its map does not take");
            } else {
                skipValue();
            }
            entriesAhead(shape, seenKeys);
        }
        rows.endItems();
    }

    private void entriesAhead(Shape.Map shape, MapKeys seenKeys) throws IOException {
        if (!(shape.value() instanceof Shape.Scalar)) {
            return;
        }
        for (JsonToken ahead = json.anyFieldAhead(); ahead != null; ahead = json.anyFieldAhead()) {
            rows.nextItem();
            if (!putAhead(1, shape.value(), ahead) || !putKeyAhead(shape.key(), seenKeys)) {
                return;
            }
            json.accept(ahead);
        }
    }

    private boolean putKeyAhead(ColumnType type, MapKeys seenKeys) {
        try {
            json.readNameAhead();
            values.putKey(type);
            return seenKeys.add(rows);
        } catch (ValueProblem problem) {
            return false;
        }
    }

    private boolean key(ColumnType type, MapKeys seenKeys) throws IOException {
        try {
            json.readText(JsonToken.FIELD_NAME);
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

    private static void require(boolean met, String reason) throws ValueProblem {
        if (!met) {
            throw new ValueProblem(reason);
        }
    }

    /** Whether the text that was put last is the caller's subject. */
    private boolean isSubject() {
        byte[] subject = serverValues.subject();
        int start = json.textOffset();
        return Arrays.equals(subject, 0, subject.length, json.text(), start, start + json.textLength());
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
