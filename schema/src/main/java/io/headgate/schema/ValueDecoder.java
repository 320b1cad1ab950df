package io.headgate.schema;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.io.NumberInput;
import java.io.IOException;
import java.util.Locale;
import java.util.Set;

/**
 * One JSON value into one column. What each type takes is what the wire contract's own reader takes (a proto-JSON reader:
 * whole numbers also as 1.0 and "1", floating-point numbers also as text), ISO-8601 besides, and nothing that would be
 * stored as something else than was sent.
 */
final class ValueDecoder {
    /** Whole numbers of at most so many characters fit a long, sign included. */
    private static final int SAFE_LONG_CHARS = 18;

    /** 20260131 as text is a date without its dashes, sooner than a day in the year 57,441. */
    private static final int BASIC_DATE_CHARS = 8;

    private static final int NOT_FINITE_CHARS_MAX = "-infinity".length();
    private static final Set<String> NOT_A_NUMBER = Set.of("nan", "+nan", "-nan");
    private static final Set<String> INFINITE = Set.of("infinity", "+infinity", "inf", "+inf");
    private static final Set<String> NEGATIVE_INFINITE = Set.of("-infinity", "-inf");

    private final JsonParser json;
    private final RowWriter row;

    ValueDecoder(JsonParser json, RowWriter row) {
        this.json = json;
        this.row = row;
    }

    /**
     * Puts the value that the parser is at, which is not null.
     *
     * @throws ValueProblem if the column does not take it
     */
    void put(int column, ColumnType type) throws IOException, ValueProblem {
        switch (type.kind()) {
            case STRING -> putString(column);
            case BOOLEAN -> row.putBoolean(column, booleanValue());
            case BYTE -> row.putByte(column, (byte) whole(Byte.MIN_VALUE, Byte.MAX_VALUE));
            case SHORT -> row.putShort(column, (short) whole(Short.MIN_VALUE, Short.MAX_VALUE));
            case INTEGER -> row.putInt(column, (int) whole(Integer.MIN_VALUE, Integer.MAX_VALUE));
            case LONG -> row.putLong(column, whole(Long.MIN_VALUE, Long.MAX_VALUE));
            case FLOAT -> row.putFloat(column, floatValue());
            case DOUBLE -> row.putDouble(column, doubleValue());
            case DATE -> row.putInt(column, days());
            case TIMESTAMP -> row.putLong(column, micros(true));
            case TIMESTAMP_NTZ -> row.putLong(column, micros(false));
            case BINARY, DECIMAL, CHAR, VARCHAR, ARRAY, MAP, STRUCT -> throw Supported.unreachable(type);
        }
    }

    private void putString(int column) throws IOException, ValueProblem {
        require(json.currentToken() == JsonToken.VALUE_STRING, "is not a JSON string");
        if (!row.putString(column, json.getTextCharacters(), json.getTextOffset(), json.getTextLength())) {
            throw new ValueProblem("holds half of a surrogate pair, which is not a character");
        }
    }

    private boolean booleanValue() throws ValueProblem {
        JsonToken token = json.currentToken();
        require(token == JsonToken.VALUE_TRUE || token == JsonToken.VALUE_FALSE, "is not true or false");
        return token == JsonToken.VALUE_TRUE;
    }

    private long whole(long min, long max) throws IOException, ValueProblem {
        long value = whole();
        require(value >= min && value <= max, "is out of range");
        return value;
    }

    private long whole() throws IOException, ValueProblem {
        JsonToken token = json.currentToken();
        if (token == JsonToken.VALUE_NUMBER_INT && json.getTextLength() <= SAFE_LONG_CHARS) {
            return json.getLongValue();
        }
        require(isNumber(token) || isPlainText(token), "is not a whole number");
        return WholeNumbers.parse(json.getTextCharacters(), json.getTextOffset(), json.getTextLength());
    }

    private float floatValue() throws IOException, ValueProblem {
        if (json.currentToken() == JsonToken.VALUE_STRING && !isDecimalText()) {
            return (float) notFinite();
        }
        requireNumber();
        float value =
                NumberInput.parseFloat(json.getTextCharacters(), json.getTextOffset(), json.getTextLength(), true);
        require(Float.isFinite(value), "is out of range");
        return value;
    }

    private double doubleValue() throws IOException, ValueProblem {
        if (json.currentToken() == JsonToken.VALUE_STRING && !isDecimalText()) {
            return notFinite();
        }
        requireNumber();
        double value =
                NumberInput.parseDouble(json.getTextCharacters(), json.getTextOffset(), json.getTextLength(), true);
        require(Double.isFinite(value), "is out of range");
        return value;
    }

    private double notFinite() throws IOException, ValueProblem {
        require(json.getTextLength() <= NOT_FINITE_CHARS_MAX, "is not a number");
        String text = json.getText().toLowerCase(Locale.ROOT);
        if (NOT_A_NUMBER.contains(text)) {
            return Double.NaN;
        }
        require(INFINITE.contains(text) || NEGATIVE_INFINITE.contains(text), "is not a number");
        return INFINITE.contains(text) ? Double.POSITIVE_INFINITY : Double.NEGATIVE_INFINITY;
    }

    private int days() throws IOException, ValueProblem {
        JsonToken token = json.currentToken();
        boolean basicDate = token == JsonToken.VALUE_STRING && json.getTextLength() == BASIC_DATE_CHARS;
        if (token == JsonToken.VALUE_STRING && (basicDate || !isPlainText(token))) {
            return IsoTimes.days(json.getTextCharacters(), json.getTextOffset(), json.getTextLength());
        }
        return (int) whole(Integer.MIN_VALUE, Integer.MAX_VALUE);
    }

    private long micros(boolean zoned) throws IOException, ValueProblem {
        JsonToken token = json.currentToken();
        if (token == JsonToken.VALUE_STRING && !isPlainText(token)) {
            return IsoTimes.micros(json.getTextCharacters(), json.getTextOffset(), json.getTextLength(), zoned);
        }
        return whole(Long.MIN_VALUE, Long.MAX_VALUE);
    }

    private boolean isPlainText(JsonToken token) throws IOException {
        return token == JsonToken.VALUE_STRING
                && json.getTextLength() <= json.streamReadConstraints().getMaxNumberLength()
                && WholeNumbers.isPlain(json.getTextCharacters(), json.getTextOffset(), json.getTextLength());
    }

    private boolean isDecimalText() throws IOException {
        return json.getTextLength() <= json.streamReadConstraints().getMaxNumberLength()
                && DecimalText.matches(json.getTextCharacters(), json.getTextOffset(), json.getTextLength());
    }

    private void requireNumber() throws ValueProblem {
        JsonToken token = json.currentToken();
        require(isNumber(token) || token == JsonToken.VALUE_STRING, "is not a number");
    }

    private static boolean isNumber(JsonToken token) {
        return token == JsonToken.VALUE_NUMBER_INT || token == JsonToken.VALUE_NUMBER_FLOAT;
    }

    private static void require(boolean met, String reason) throws ValueProblem {
        if (!met) {
            throw new ValueProblem(reason);
        }
    }
}
