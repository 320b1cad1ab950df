package io.headgate.schema;

import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.io.NumberInput;
import java.nio.charset.StandardCharsets;
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
    /** Whole numbers of so many digits fit a long. */
    private static final int SAFE_LONG_DIGITS = 18;

    /** 20260131 as text is a date without its dashes, sooner than a day in the year 57,441. */
    private static final int BASIC_DATE_CHARS = 8;

    private static final int NOT_FINITE_CHARS_MAX = "-infinity".length();
    private static final Set<String> NOT_A_NUMBER = Set.of("nan", "+nan", "-nan");
    private static final Set<String> INFINITE = Set.of("infinity", "+infinity", "inf", "+inf");
    private static final Set<String> NEGATIVE_INFINITE = Set.of("-infinity", "-inf");

    private final RecordParser text;
    private final RowWriter row;
    private final PlausibleTimes plausible;
    /** For numbers in strings, too. */
    private final int maxNumberChars;

    /** Made for the first number that needs it, since most requests have none. */
    private @Nullable DecimalNumber number;

    ValueDecoder(RecordParser text, RowWriter row, PlausibleTimes plausible) {
        this.text = text;
        this.row = row;
        this.plausible = plausible;
        this.maxNumberChars = text.streamReadConstraints().getMaxNumberLength();
    }

    /**
     * Puts a value, which is not null.
     *
     * @param token what it is; if it has text, that is the parser's
     * @throws ValueProblem if the column does not take it
     */
    void put(int column, ColumnType type, JsonToken token) throws ValueProblem {
        switch (type.kind()) {
            case STRING -> putString(column, token);
            case BOOLEAN -> row.putBoolean(column, booleanValue(token));
            case BYTE -> row.putByte(column, (byte) whole(token, Byte.MIN_VALUE, Byte.MAX_VALUE));
            case SHORT -> row.putShort(column, (short) whole(token, Short.MIN_VALUE, Short.MAX_VALUE));
            case INTEGER -> row.putInt(column, (int) whole(token, Integer.MIN_VALUE, Integer.MAX_VALUE));
            case LONG -> row.putLong(column, whole(token));
            case FLOAT -> row.putFloat(column, floatValue(token));
            case DOUBLE -> row.putDouble(column, doubleValue(token));
            case DATE -> row.putInt(column, days(token));
            case TIMESTAMP -> row.putLong(column, micros(token, true));
            case TIMESTAMP_NTZ -> row.putLong(column, micros(token, false));
            case BINARY -> putBinary(column, token);
            case DECIMAL -> putDecimal(column, (ColumnType.Decimal) type, token);
            case CHAR -> putString(column, token, ((ColumnType.Char) type).length(), true);
            case VARCHAR -> putString(column, token, ((ColumnType.Varchar) type).length(), false);
            case ARRAY, MAP, STRUCT -> throw new IllegalArgumentException(type.sqlName() + " is nested");
        }
    }

    /**
     * Puts the parser's text as a map's key: as text of its type is put, true and false for BOOLEAN. Zero has
     * no sign, since keys -0.0 and 0.0 are the same.
     *
     * @throws ValueProblem if it is no key of the type
     */
    void putKey(ColumnType type) throws ValueProblem {
        JsonToken token = JsonToken.FIELD_NAME;
        switch (type.kind()) {
            case BOOLEAN -> row.putBoolean(0, booleanKey());
            case FLOAT -> row.putFloat(0, floatValue(token) + 0.0f);
            case DOUBLE -> row.putDouble(0, doubleValue(token) + 0.0);
            default -> put(0, type, token);
        }
    }

    private void putString(int column, JsonToken token) throws ValueProblem {
        requireString(token);
        row.putBytes(column, text.text(), text.textOffset(), text.textLength());
    }

    private void putString(int column, JsonToken token, int charactersMax, boolean padded) throws ValueProblem {
        requireString(token);
        byte[] bytes = text.text();
        int offset = text.textOffset();
        int length = text.textLength();
        int characters = Utf8.characters(bytes, offset, length);
        while (characters > charactersMax && bytes[offset + length - 1] == ' ') {
            length--;
            characters--;
        }
        require(characters <= charactersMax, "is too long");
        row.putPadded(column, bytes, offset, length, padded ? charactersMax - characters : 0);
    }

    private void putBinary(int column, JsonToken token) throws ValueProblem {
        requireString(token);
        int length = Base64Text.length(text.text(), text.textOffset(), text.textLength());
        int start = row.putBytes(column, length);
        Base64Text.decode(text.text(), text.textOffset(), text.textLength(), row.payloadBytes(), start);
    }

    private void putDecimal(int column, ColumnType.Decimal type, JsonToken token) throws ValueProblem {
        requireNumber(token);
        require(!isText(token) || isDecimalText(), "is not a number");
        DecimalNumber units = number();
        units.toUnits(type);
        row.putDecimal(column, units.high(), units.low());
    }

    private boolean booleanKey() throws ValueProblem {
        String name = ascii();
        require(name.equals("true") || name.equals("false"), "is not true or false");
        return name.equals("true");
    }

    private static boolean booleanValue(JsonToken token) throws ValueProblem {
        require(token == JsonToken.VALUE_TRUE || token == JsonToken.VALUE_FALSE, "is not true or false");
        return token == JsonToken.VALUE_TRUE;
    }

    private long whole(JsonToken token, long min, long max) throws ValueProblem {
        long value = whole(token);
        require(value >= min && value <= max, "is out of range");
        return value;
    }

    private long whole(JsonToken token) throws ValueProblem {
        if (token == JsonToken.VALUE_NUMBER_INT && text.digitCount() <= SAFE_LONG_DIGITS) {
            return text.digits();
        }
        require(isNumber(token) || (isText(token) && isPlainText()), "is not a whole number");
        return number().longValue();
    }

    /** The number that the text is. */
    private DecimalNumber number() {
        DecimalNumber made = number;
        if (made == null) {
            made = new DecimalNumber();
            number = made;
        }
        return made.read(text.text(), text.textOffset(), text.textLength());
    }

    private float floatValue(JsonToken token) throws ValueProblem {
        if (isNumber(token) && text.digitCount() <= ShortDecimal.FLOAT_DIGITS_MAX) {
            return ShortDecimal.toFloat(text.digits(), text.decimals());
        }
        requireNumber(token);
        if (isText(token) && !isDecimalText()) {
            return (float) notFinite();
        }
        float value = NumberInput.parseFloat(ascii(), true);
        require(Float.isFinite(value), "is out of range");
        return value;
    }

    private double doubleValue(JsonToken token) throws ValueProblem {
        if (isNumber(token) && text.digitCount() <= ShortDecimal.DOUBLE_DIGITS_MAX) {
            return ShortDecimal.toDouble(text.digits(), text.decimals());
        }
        requireNumber(token);
        if (isText(token) && !isDecimalText()) {
            return notFinite();
        }
        double value = NumberInput.parseDouble(ascii(), true);
        require(Double.isFinite(value), "is out of range");
        return value;
    }

    private double notFinite() throws ValueProblem {
        require(text.textLength() <= NOT_FINITE_CHARS_MAX, "is not a number");
        String word = ascii().toLowerCase(Locale.ROOT);
        if (NOT_A_NUMBER.contains(word)) {
            return Double.NaN;
        }
        require(INFINITE.contains(word) || NEGATIVE_INFINITE.contains(word), "is not a number");
        return INFINITE.contains(word) ? Double.POSITIVE_INFINITY : Double.NEGATIVE_INFINITY;
    }

    private int days(JsonToken token) throws ValueProblem {
        if (isText(token) && (text.textLength() == BASIC_DATE_CHARS || !isPlainText())) {
            return IsoTimes.days(text.text(), text.textOffset(), text.textLength());
        }
        return (int) whole(token, Integer.MIN_VALUE, Integer.MAX_VALUE);
    }

    private long micros(JsonToken token, boolean zoned) throws ValueProblem {
        boolean iso = isText(token) && !isPlainText();
        long micros = iso ? IsoTimes.micros(text.text(), text.textOffset(), text.textLength(), zoned) : whole(token);
        plausible.require(micros, zoned, !iso);
        return micros;
    }

    private boolean isPlainText() {
        return text.textLength() <= maxNumberChars
                && DecimalNumber.isPlain(text.text(), text.textOffset(), text.textLength());
    }

    private boolean isDecimalText() {
        return text.textLength() <= maxNumberChars
                && DecimalText.matches(text.text(), text.textOffset(), text.textLength());
    }

    /** The text; of another one than ASCII, no number and no word. */
    private String ascii() {
        return new String(text.text(), text.textOffset(), text.textLength(), StandardCharsets.US_ASCII);
    }

    private static void requireNumber(JsonToken token) throws ValueProblem {
        require(isNumber(token) || isText(token), "is not a number");
    }

    private static void requireString(JsonToken token) throws ValueProblem {
        require(isText(token), "is not a JSON string");
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
