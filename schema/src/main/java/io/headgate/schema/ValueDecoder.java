package io.headgate.schema;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.io.NumberInput;
import java.io.IOException;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One JSON value that is not nested, or a map's key, into its place in a row. What each type takes is what the wire
 * contract's own reader takes (a proto-JSON reader: whole numbers also as 1.0 and "1", floating-point numbers also as text,
 * base64 of both kinds), ISO-8601 and numbers for DECIMAL besides, and nothing that would be stored as something else than
 * was sent. CHAR and VARCHAR are what Spark makes of them when it writes: CHAR is padded with spaces, and spaces beyond the
 * length are dropped.
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
    private final PlausibleTimes plausible;
    /** Made for the first number that needs it, since most requests have none. */
    private @Nullable DecimalNumber number;

    ValueDecoder(JsonParser json, RowWriter row, PlausibleTimes plausible) {
        this.json = json;
        this.row = row;
        this.plausible = plausible;
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
            case BINARY -> putBinary(column);
            case DECIMAL -> putDecimal(column, (ColumnType.Decimal) type);
            case CHAR -> putString(column, ((ColumnType.Char) type).length(), true);
            case VARCHAR -> putString(column, ((ColumnType.Varchar) type).length(), false);
            case ARRAY, MAP, STRUCT -> throw new IllegalArgumentException(type.sqlName() + " is nested");
        }
    }

    /**
     * Puts the name that the parser is at as a map's key: as text of its type is put, true and false for BOOLEAN. Zero has
     * no sign, since keys -0.0 and 0.0 are the same.
     *
     * @throws ValueProblem if it is no key of the type
     */
    void putKey(ColumnType type) throws IOException, ValueProblem {
        switch (type.kind()) {
            case BOOLEAN -> row.putBoolean(0, booleanKey());
            case FLOAT -> row.putFloat(0, floatValue() + 0.0f);
            case DOUBLE -> row.putDouble(0, doubleValue() + 0.0);
            default -> put(0, type);
        }
    }

    private void putString(int column) throws IOException, ValueProblem {
        requireText();
        putString(column, json.getTextCharacters(), json.getTextOffset(), json.getTextLength(), 0);
    }

    private void putString(int column, int charactersMax, boolean padded) throws IOException, ValueProblem {
        requireText();
        char[] text = json.getTextCharacters();
        int offset = json.getTextOffset();
        int length = json.getTextLength();
        int characters = Character.codePointCount(text, offset, length);
        while (characters > charactersMax && text[offset + length - 1] == ' ') {
            length--;
            characters--;
        }
        require(characters <= charactersMax, "is too long");
        putString(column, text, offset, length, padded ? charactersMax - characters : 0);
    }

    private void putString(int column, char[] text, int offset, int length, int spaces) throws ValueProblem {
        if (!row.putString(column, text, offset, length, spaces)) {
            throw new ValueProblem("holds half of a surrogate pair, which is not a character");
        }
    }

    private void putBinary(int column) throws IOException, ValueProblem {
        requireText();
        char[] text = json.getTextCharacters();
        int offset = json.getTextOffset();
        int length = json.getTextLength();
        int start = row.putBytes(column, Base64Text.length(text, offset, length));
        Base64Text.decode(text, offset, length, row.payloadBytes(), start);
    }

    private void putDecimal(int column, ColumnType.Decimal type) throws IOException, ValueProblem {
        requireNumber();
        require(!isText(json.currentToken()) || isDecimalText(), "is not a number");
        DecimalNumber units = number();
        units.toUnits(type);
        row.putDecimal(column, units.high(), units.low());
    }

    private boolean booleanKey() throws IOException, ValueProblem {
        String name = json.currentName();
        require(name.equals("true") || name.equals("false"), "is not true or false");
        return name.equals("true");
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
        return number().longValue();
    }

    /** The number that the parser is at, or its text is. */
    private DecimalNumber number() throws IOException {
        DecimalNumber made = number;
        if (made == null) {
            made = new DecimalNumber();
            number = made;
        }
        return made.read(json.getTextCharacters(), json.getTextOffset(), json.getTextLength());
    }

    private float floatValue() throws IOException, ValueProblem {
        if (isText(json.currentToken()) && !isDecimalText()) {
            return (float) notFinite();
        }
        requireNumber();
        char[] text = json.getTextCharacters();
        int offset = json.getTextOffset();
        int length = json.getTextLength();
        long scanned = ShortDecimal.scan(text, offset, length, ShortDecimal.FLOAT_DIGITS_MAX);
        if (scanned != ShortDecimal.NONE) {
            return ShortDecimal.toFloat(scanned, text[offset] == '-');
        }
        float value = NumberInput.parseFloat(text, offset, length, true);
        require(Float.isFinite(value), "is out of range");
        return value;
    }

    private double doubleValue() throws IOException, ValueProblem {
        if (isText(json.currentToken()) && !isDecimalText()) {
            return notFinite();
        }
        requireNumber();
        char[] text = json.getTextCharacters();
        int offset = json.getTextOffset();
        int length = json.getTextLength();
        long scanned = ShortDecimal.scan(text, offset, length, ShortDecimal.DOUBLE_DIGITS_MAX);
        if (scanned != ShortDecimal.NONE) {
            return ShortDecimal.toDouble(scanned, text[offset] == '-');
        }
        double value = NumberInput.parseDouble(text, offset, length, true);
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
        boolean basicDate = isText(token) && json.getTextLength() == BASIC_DATE_CHARS;
        if (isText(token) && (basicDate || !isPlainText(token))) {
            return IsoTimes.days(json.getTextCharacters(), json.getTextOffset(), json.getTextLength());
        }
        return (int) whole(Integer.MIN_VALUE, Integer.MAX_VALUE);
    }

    private long micros(boolean zoned) throws IOException, ValueProblem {
        JsonToken token = json.currentToken();
        boolean iso = isText(token) && !isPlainText(token);
        long micros = iso
                ? IsoTimes.micros(json.getTextCharacters(), json.getTextOffset(), json.getTextLength(), zoned)
                : whole();
        plausible.require(micros, zoned, !iso);
        return micros;
    }

    private boolean isPlainText(JsonToken token) throws IOException {
        return isText(token)
                && json.getTextLength() <= json.streamReadConstraints().getMaxNumberLength()
                && DecimalNumber.isPlain(json.getTextCharacters(), json.getTextOffset(), json.getTextLength());
    }

    private boolean isDecimalText() throws IOException {
        return json.getTextLength() <= json.streamReadConstraints().getMaxNumberLength()
                && DecimalText.matches(json.getTextCharacters(), json.getTextOffset(), json.getTextLength());
    }

    private void requireNumber() throws ValueProblem {
        JsonToken token = json.currentToken();
        require(isNumber(token) || isText(token), "is not a number");
    }

    private void requireText() throws ValueProblem {
        require(isText(json.currentToken()), "is not a JSON string");
    }

    /** A map's key is text too. */
    private static boolean isText(JsonToken token) {
        return token == JsonToken.VALUE_STRING || token == JsonToken.FIELD_NAME;
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
