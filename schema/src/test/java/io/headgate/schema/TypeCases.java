package io.headgate.schema;

import static io.headgate.schema.ColumnType.BINARY;
import static io.headgate.schema.ColumnType.BOOLEAN;
import static io.headgate.schema.ColumnType.BYTE;
import static io.headgate.schema.ColumnType.DATE;
import static io.headgate.schema.ColumnType.DOUBLE;
import static io.headgate.schema.ColumnType.FLOAT;
import static io.headgate.schema.ColumnType.INTEGER;
import static io.headgate.schema.ColumnType.LONG;
import static io.headgate.schema.ColumnType.SHORT;
import static io.headgate.schema.ColumnType.STRING;
import static io.headgate.schema.ColumnType.TIMESTAMP;
import static io.headgate.schema.ColumnType.TIMESTAMP_NTZ;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/**
 * What each type takes, as what, and what it does not take, and why: the one table of that for the tests of decoding, of the
 * whole path, and of what Spark reads.
 */
public final class TypeCases {
    private static final String WRONG_STRING = "is not a JSON string";
    private static final String WRONG_BOOLEAN = "is not true or false";
    private static final String NOT_WHOLE = "is not a whole number";
    private static final String NOT_NUMBER = "is not a number";
    private static final String RANGE = "is out of range";
    private static final String NOT_DATE = "is not a date of the form YYYY-MM-DD";
    private static final String NOT_TIME = "is not an ISO-8601 time";
    private static final String NO_DAY = "names a day that is not in the calendar";
    private static final String NO_CLOCK = "is no time of day";
    private static final String TOO_FINE = "has digits beyond microseconds";
    private static final String YEAR_0 = "has the year 0000";
    private static final String NO_ZONE = "has no zone";
    private static final String A_ZONE = "has a zone";
    private static final String NO_OFFSET = "has an offset that no zone has";
    private static final String SURROGATE = "holds half of a surrogate pair";

    private static final String TOO_LONG = "is too long";
    private static final String TOO_PRECISE = "has more digits behind its point than the ";
    private static final String NOT_BASE64 = "is not base64";
    private static final String MIXED = "mixes the two alphabets of base64";
    private static final String LEFT_OVER = "is base64 with bits left over at its end";

    /** Of names, and so of keys. */
    private static final int NAME_CHARS_MAX = 900;

    /**
     * One value.
     *
     * @param json as a record has it
     * @param expected what is stored, in the form of {@link Rows}; if it is not accepted, how the reason begins
     */
    public record Case(ColumnType type, String json, Object expected, boolean accepted) {
        /** Whether a map's key may be tried with it. Keys of BOOLEAN are no strings that a BOOLEAN's value may be. */
        public boolean isOfKey() {
            return json.startsWith("\"")
                    && json.length() < NAME_CHARS_MAX
                    && type != BOOLEAN
                    && !ColumnType.isNested(type);
        }

        /** Whether its JSON is none where a name is expected: one with half of a pair is no name to the parser. */
        public boolean breaksNames() {
            return !accepted && json.contains("\\ud");
        }

        /** What is stored as a key: zeros have no sign there. */
        public Object key() {
            return expected.equals(-0.0) ? (Object) 0.0 : expected.equals(-0.0f) ? (Object) 0.0f : expected;
        }

        @Override
        public String toString() {
            return type.sqlName() + " <- " + (json.length() > 60 ? json.substring(0, 60) : json);
        }
    }

    private final List<Case> cases = new ArrayList<>();

    private TypeCases() {}

    /** All of them, those of one type not necessarily together. */
    public static List<Case> all() {
        TypeCases table = new TypeCases();
        table.strings();
        table.booleans();
        table.wholeNumbers();
        table.floatingPoint();
        table.dates();
        table.timestamps();
        table.decimals();
        table.wideDecimals();
        table.charsAndVarchars();
        table.binaries();
        table.nested();
        return List.copyOf(table.cases);
    }

    private void strings() {
        accept(STRING, "\"\"", "");
        accept(STRING, "\"a\"", "a");
        accept(STRING, "\"null\"", "null");
        accept(STRING, "\" spaces \"", " spaces ");
        accept(STRING, "\"é€𝄞\"", "é€𝄞");
        accept(STRING, "\"\\u00e9\\u20AC\\ud834\\uDD1E\"", "é€𝄞");
        accept(STRING, "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u0000\"", "\"\\/\b\f\n\r\t\0");
        accept(STRING, "\"\\u0080\\u07ff\\u0800\\uffff\"", "\u0080\u07ff\u0800\uffff");
        accept(STRING, "\"\\udbff\\udfff\"", "\udbff\udfff");
        accept(STRING, "\"" + "x".repeat(100_000) + "\"", "x".repeat(100_000));
        accept(STRING, "\"" + "é".repeat(70_000) + "\"", "é".repeat(70_000));
        accept(STRING, "\"" + "\\u20ac".repeat(9_000) + "\"", "€".repeat(9_000));
        for (String json : List.of("1", "1.5", "true", "false", "{}", "[]", "{\"a\":1}", "[\"a\"]", "[[[]]]")) {
            refuse(STRING, json, WRONG_STRING);
        }
        for (String half :
                List.of("\\ud800", "\\udbff", "\\udc00", "\\udfff", "\\ud834x", "\\udd1e\\ud834", "x\\ud834")) {
            refuse(STRING, "\"" + half + "\"", SURROGATE);
        }
    }

    private void booleans() {
        accept(BOOLEAN, "true", true);
        accept(BOOLEAN, "false", false);
        for (String json : List.of("0", "1", "\"true\"", "\"false\"", "\"\"", "{}", "[true]", "1.0")) {
            refuse(BOOLEAN, json, WRONG_BOOLEAN);
        }
    }

    private void wholeNumbers() {
        range(BYTE, Byte.MIN_VALUE, Byte.MAX_VALUE);
        range(SHORT, Short.MIN_VALUE, Short.MAX_VALUE);
        range(INTEGER, Integer.MIN_VALUE, Integer.MAX_VALUE);
        range(LONG, Long.MIN_VALUE, Long.MAX_VALUE);
        range(DATE, Integer.MIN_VALUE, Integer.MAX_VALUE);
        range(TIMESTAMP, Long.MIN_VALUE, Long.MAX_VALUE);
        range(TIMESTAMP_NTZ, Long.MIN_VALUE, Long.MAX_VALUE);
        for (ColumnType type : List.of(BYTE, SHORT, INTEGER, LONG)) {
            for (String json : List.of(
                    "\"\"",
                    "\" 1\"",
                    "\"1 \"",
                    "\"1.0\"",
                    "\"1e1\"",
                    "\"-\"",
                    "\"+\"",
                    "\"--1\"",
                    "\"0x1\"",
                    "\"1_0\"",
                    "\"one\"",
                    "\"NaN\"",
                    "\"Infinity\"",
                    "\"١\"",
                    "\"" + "1".repeat(1001) + "\"",
                    "true",
                    "false",
                    "{}",
                    "[1]",
                    "0.5",
                    "-1.5",
                    "1e-1",
                    "1.0000000000000000000000000001",
                    "15e-1",
                    "1e-400",
                    "1e-999999999")) {
                refuse(type, json, NOT_WHOLE);
            }
        }
        accept(LONG, "9007199254740993.0", 9_007_199_254_740_993L);
        accept(LONG, "9.223372036854775807e18", Long.MAX_VALUE);
        accept(LONG, "-9.223372036854775808E+18", Long.MIN_VALUE);
        accept(LONG, "92233720368547758.07e2", Long.MAX_VALUE);
        accept(LONG, "9223372036854775807000e-3", Long.MAX_VALUE);
        accept(LONG, "1e18", 1_000_000_000_000_000_000L);
        accept(LONG, "0.000001e24", 1_000_000_000_000_000_000L);
        refuse(LONG, "9.223372036854775808e18", RANGE);
        refuse(LONG, "-9.223372036854775809e18", RANGE);
        refuse(LONG, "1e19", RANGE);
        refuse(LONG, "1e400", RANGE);
        refuse(LONG, "1e99999999999999999999", RANGE);
    }

    /** What all types have in common that take whole numbers. */
    private void range(ColumnType type, long min, long max) {
        BigInteger below = BigInteger.valueOf(min).subtract(BigInteger.ONE);
        BigInteger above = BigInteger.valueOf(max).add(BigInteger.ONE);
        for (long value : new long[] {min, min + 1, -1, 0, 1, 100, max - 1, max}) {
            for (String json : List.of("%d", "%d.0", "%d.000", "%de0", "%d.0E-0", "\"%d\"")) {
                accept(type, String.format(json, value), boxed(type, value));
            }
            accept(type, value == 0 ? "0e-1" : value + "0e-1", boxed(type, value));
        }
        for (String beyond :
                List.of(below.toString(), above.toString(), "99999999999999999999", "-1" + "0".repeat(900))) {
            for (String json : List.of("%s", "%s.0", "%s0e-1", "\"%s\"")) {
                refuse(type, String.format(json, beyond), RANGE);
            }
        }
        accept(type, "-0", boxed(type, 0));
        accept(type, "-0.0", boxed(type, 0));
        accept(type, "0e999999999", boxed(type, 0));
        accept(type, "0.000e-999999999999999", boxed(type, 0));
        accept(type, "1e2", boxed(type, 100));
        accept(type, "1.20E+2", boxed(type, 120));
        accept(type, "12000e-2", boxed(type, 120));
        accept(type, "\"+7\"", boxed(type, 7));
        accept(type, "\"007\"", boxed(type, 7));
        accept(type, "\"-" + "0".repeat(900) + "7\"", boxed(type, -7));
        refuse(type, "1e1000", RANGE);
        refuse(type, "1.5", NOT_WHOLE);
        refuse(type, "true", NOT_WHOLE);
        refuse(type, "{}", NOT_WHOLE);
        refuse(type, "[]", NOT_WHOLE);
    }

    private void floatingPoint() {
        for (String text : List.of(
                "0",
                "-0",
                "0.0",
                "-0.0",
                "1",
                "-1",
                "1.5",
                "3.14159265358979",
                "1e10",
                "1E-10",
                "-2.5e+3",
                "9007199254740993",
                "9223372036854775807",
                "123456789012345678901234567890",
                "0.1",
                "1e-400",
                "4.9e-324",
                "1.4e-45",
                "16777217",
                "0.3333333333333333333333333333333333333",
                "1.17549435E-38",
                "3.4028234e38",
                "1" + "0".repeat(30) + ".5")) {
            for (String json : List.of(text, "\"" + text + "\"")) {
                accept(DOUBLE, json, Double.parseDouble(text));
                accept(FLOAT, json, Float.parseFloat(text));
            }
        }
        for (ColumnType type : List.of(FLOAT, DOUBLE)) {
            for (String text : List.of("+1.5", ".5", "5.", "00.5", "-.5e1", "1.e2")) {
                accept(type, "\"" + text + "\"", floating(type, Double.parseDouble(text)));
            }
            for (String text : List.of("NaN", "nan", "-NaN")) {
                accept(type, "\"" + text + "\"", floating(type, Double.NaN));
            }
            for (String text : List.of("Infinity", "+Infinity", "inf", "INF")) {
                accept(type, "\"" + text + "\"", floating(type, Double.POSITIVE_INFINITY));
            }
            for (String text : List.of("-Infinity", "-inf")) {
                accept(type, "\"" + text + "\"", floating(type, Double.NEGATIVE_INFINITY));
            }
            for (String json : List.of(
                    "\"\"",
                    "\" 1\"",
                    "\"1 \"",
                    "\"1f\"",
                    "\"1d\"",
                    "\"0x1p3\"",
                    "\"1e\"",
                    "\"1e+\"",
                    "\".\"",
                    "\"+\"",
                    "\"e1\"",
                    "\"--1\"",
                    "\"1,5\"",
                    "\"72F\"",
                    "\"Infinit\"",
                    "\"infinity!\"",
                    "\"null\"",
                    "\"" + "1".repeat(1001) + "\"",
                    "true",
                    "false",
                    "{}",
                    "[1.5]")) {
                refuse(type, json, NOT_NUMBER);
            }
            for (String text : List.of("1e400", "-1e400", "1" + "0".repeat(400), "1e999999999999")) {
                refuse(type, text, RANGE);
                refuse(type, "\"" + text + "\"", RANGE);
            }
        }
        accept(DOUBLE, "1.7976931348623157e308", Double.MAX_VALUE);
        accept(DOUBLE, "-1.7976931348623157e308", -Double.MAX_VALUE);
        refuse(DOUBLE, "1.7976931348623159e308", RANGE);
        accept(FLOAT, "3.4028235e38", Float.MAX_VALUE);
        accept(FLOAT, "-3.4028235e38", -Float.MAX_VALUE);
        refuse(FLOAT, "3.4028236e38", RANGE);
        refuse(FLOAT, "-1e39", RANGE);
    }

    private void dates() {
        for (String day : List.of(
                "1970-01-01",
                "1969-12-31",
                "0001-01-01",
                "9999-12-31",
                "2024-02-29",
                "2000-02-29",
                "2023-02-28",
                "1582-10-10",
                "2026-11-22",
                "1900-02-28")) {
            accept(DATE, "\"" + day + "\"", (int) LocalDate.parse(day).toEpochDay());
        }
        for (String day : List.of(
                "2023-02-29",
                "1900-02-29",
                "2100-02-29",
                "2024-02-30",
                "2024-04-31",
                "2024-13-01",
                "2024-00-10",
                "2024-01-00",
                "2024-01-32")) {
            refuse(DATE, "\"" + day + "\"", NO_DAY);
        }
        for (String text : List.of(
                "",
                "20240101",
                "12345678",
                "2024-1-1",
                "2024-01-1",
                "24-01-01",
                "2024/01/01",
                "20240101x",
                "2024-01-01 ",
                " 2024-01-01",
                "2024-01-01T00:00:00Z",
                "+2024-01-01",
                "-024-01-01",
                "02024-01-1",
                "2024-01_01",
                "2024x01-01",
                "today",
                "２０２４-01-01")) {
            refuse(DATE, "\"" + text + "\"", NOT_DATE);
        }
        refuse(DATE, "\"0000-01-01\"", YEAR_0);
        accept(DATE, "12345678", 12_345_678);
        accept(DATE, "\"1234567\"", 1_234_567);
        accept(DATE, "\"123456789\"", 123_456_789);
    }

    private void timestamps() {
        for (String local : List.of(
                "1970-01-01T00:00:00",
                "1969-12-31T23:59:59.999999",
                "2024-02-29T12:34:56.789",
                "0001-01-01T00:00:00",
                "9999-12-31T23:59:59.999999",
                "2026-11-22T08:09:10.000001",
                "2026-11-22T08:09:10.1",
                "1582-10-10T00:00:00",
                "2026-11-22T08:09")) {
            long micros = micros(local);
            for (String separator : List.of("T", "t", " ")) {
                String text = local.replace("T", separator);
                accept(TIMESTAMP_NTZ, "\"" + text + "\"", micros);
                accept(TIMESTAMP, "\"" + text + "Z\"", micros);
                accept(TIMESTAMP, "\"" + text + "z\"", micros);
                accept(TIMESTAMP, "\"" + text + "+00:00\"", micros);
                accept(TIMESTAMP, "\"" + text + "-00:00\"", micros);
                refuse(TIMESTAMP, "\"" + text + "\"", NO_ZONE);
                refuse(TIMESTAMP_NTZ, "\"" + text + "Z\"", A_ZONE);
                refuse(TIMESTAMP_NTZ, "\"" + text + "+02:00\"", A_ZONE);
            }
        }
        long noon = micros("2024-06-01T12:00:00");
        long minute = 60_000_000L;
        accept(TIMESTAMP, "\"2024-06-01T12:00:00+02:00\"", noon - 120 * minute);
        accept(TIMESTAMP, "\"2024-06-01T12:00:00-02:00\"", noon + 120 * minute);
        accept(TIMESTAMP, "\"2024-06-01T12:00:00+05:45\"", noon - 345 * minute);
        accept(TIMESTAMP, "\"2024-06-01T12:00:00-0930\"", noon + 570 * minute);
        accept(TIMESTAMP, "\"2024-06-01T12:00:00+02\"", noon - 120 * minute);
        accept(TIMESTAMP, "\"2024-06-01T12:00-02\"", noon + 120 * minute);
        accept(TIMESTAMP, "\"2024-06-01T12:00:00.5+18:00\"", noon + 500_000 - 1080 * minute);
        accept(TIMESTAMP, "\"2024-06-01T12:00:00-18:00\"", noon + 1080 * minute);
        accept(TIMESTAMP, "\"2024-06-01T12:00:00.000000000Z\"", noon);
        accept(TIMESTAMP, "\"2024-06-01T12:00:00." + "0".repeat(200) + "Z\"", noon);
        accept(TIMESTAMP_NTZ, "\"2024-06-01T12:00:00.123456000\"", noon + 123_456);
        for (String offset : List.of("+18:01", "-18:01", "+19:00", "+99:99", "+02:60", "-1801")) {
            refuse(TIMESTAMP, "\"2024-06-01T12:00:00" + offset + "\"", NO_OFFSET);
        }
        zonedOrNot("2024-06-01T12:00:00.1234567", TOO_FINE);
        zonedOrNot("2024-06-01T12:00:00.0000001", TOO_FINE);
        zonedOrNot("2024-06-01T12:00:00.123456000001", TOO_FINE);
        zonedOrNot("2024-06-01T24:00:00", NO_CLOCK);
        zonedOrNot("2024-06-01T12:60:00", NO_CLOCK);
        zonedOrNot("2016-12-31T23:59:60", NO_CLOCK);
        zonedOrNot("2024-06-01T99:00", NO_CLOCK);
        zonedOrNot("2023-02-29T12:00:00", NO_DAY);
        zonedOrNot("2024-06-31T12:00:00", NO_DAY);
        zonedOrNot("2024-00-01T12:00:00", NO_DAY);
        zonedOrNot("0000-06-01T12:00:00", YEAR_0);
        for (String text : List.of(
                "",
                "2024-06-01",
                "2024-06-01T12",
                "2024-06-01T12:",
                "2024-06-01T1:00:00",
                "2024-06-01T12:0:00",
                "2024-06-01T12:00:0",
                "2024-06-01T12:00:",
                "2024-06-01T12:00:00.",
                "2024-06-01T12:00:00,5",
                "2024-06-01_12:00:00",
                "2024-06-01  12:00:00",
                "20240601T120000",
                "2024-06-01T12.00:00",
                "2024-06-1T12:00:00",
                "24-06-01T12:00:00",
                "Sat, 01 Jun 2024 12:00:00 GMT",
                "2024-153T12:00:00x",
                "-2024-06-01T12:00:00",
                "now",
                "1717243200.5",
                "2024-06-01T12:00.5")) {
            zonedOrNot(text, NOT_TIME);
        }
        for (String zone : List.of(
                "ZZ",
                "Z ",
                "+",
                "+2",
                "+2:00",
                "+020",
                "+02:0",
                "+02:00:00",
                "+02:000",
                " UTC",
                "UTC",
                "[Europe/Berlin]",
                " Z",
                "Europe/Berlin",
                "+02:")) {
            refuse(TIMESTAMP, "\"2024-06-01T12:00:00" + zone + "\"", NOT_TIME);
        }
    }

    /** Wrong with and without a zone alike. */
    private void zonedOrNot(String local, String reason) {
        refuse(TIMESTAMP_NTZ, "\"" + local + "\"", reason);
        refuse(TIMESTAMP, "\"" + local + (local.contains(":") ? "Z" : "") + "\"", reason);
    }

    private void decimals() {
        ColumnType.Decimal type = new ColumnType.Decimal(5, 2);
        for (String text : List.of(
                "0",
                "-0",
                "0.00",
                "1",
                "-1",
                "1.5",
                "1.50",
                "1.500000000000000000000000000000000000000000000",
                "123.45",
                "999.99",
                "-999.99",
                "1e2",
                "1E+2",
                "12345e-2",
                "0.12300e1",
                "1e-2",
                "100000e-3",
                "0.0000001e9")) {
            acceptDecimal(type, text);
        }
        for (String zero : List.of("0e999999999", "0.000e-99999999999", "-0e1")) {
            accept(type, zero, new BigDecimal("0.00"));
        }
        for (String text : List.of("+1.5", ".5", "5.", "00.5", "-.5e1", "1.e2")) {
            accept(type, '"' + text + '"', new BigDecimal(text).setScale(2));
        }
        for (String text :
                List.of("1000", "-1000", "1e3", "100000", "1e999999999", "1e99999999999", "1" + "0".repeat(900))) {
            refuseDecimal(type, text, RANGE);
        }
        for (String text : List.of("0.001", "1.005", "-123.456", "1e-3", "1e-999999999", "1e-99999999999", "999.999")) {
            refuseDecimal(type, text, TOO_PRECISE);
        }
        for (String json : List.of(
                "\"\"",
                "\" 1\"",
                "\"1 \"",
                "\"1,5\"",
                "\"0x1\"",
                "\"NaN\"",
                "\"Infinity\"",
                "\"1f\"",
                "\"1e\"",
                "\"one\"",
                "\"" + "1".repeat(1001) + "\"",
                "true",
                "false",
                "{}",
                "[1]")) {
            refuse(type, json, NOT_NUMBER);
        }
    }

    /** Around what fits 64 bits, and up to all digits that there can be. */
    private void wideDecimals() {
        for (int precision = 1; precision <= ColumnType.Decimal.PRECISION_MAX; precision++) {
            String nines = "9".repeat(precision);
            for (String sign : List.of("", "-")) {
                acceptDecimal(new ColumnType.Decimal(precision, 0), sign + nines);
                acceptDecimal(new ColumnType.Decimal(precision, precision), sign + "0." + nines);
                refuseDecimal(new ColumnType.Decimal(precision, 0), sign + "1" + "0".repeat(precision), RANGE);
                refuseDecimal(new ColumnType.Decimal(precision, precision), sign + "1", RANGE);
                refuseDecimal(new ColumnType.Decimal(precision, precision), sign + "0." + nines + "9", TOO_PRECISE);
            }
        }
        ColumnType.Decimal widest = new ColumnType.Decimal(38, 0);
        BigInteger two = BigInteger.TWO;
        for (int bits : new int[] {31, 32, 33, 62, 63, 64, 65, 96, 97, 126}) {
            for (int near = -1; near <= 1; near++) {
                BigInteger value = two.pow(bits).add(BigInteger.valueOf(near));
                acceptDecimal(widest, value.toString());
                acceptDecimal(widest, value.negate().toString());
            }
        }
        ColumnType.Decimal halfway = new ColumnType.Decimal(38, 10);
        for (String sign : List.of("", "-")) {
            acceptDecimal(halfway, sign + "1234567890123456789012345678.0123456789");
            acceptDecimal(halfway, sign + "9".repeat(28) + "." + "9".repeat(10));
            acceptDecimal(halfway, sign + "0.0000000001");
            refuseDecimal(halfway, sign + "1" + "0".repeat(28), RANGE);
            refuseDecimal(halfway, sign + "0.00000000001", TOO_PRECISE);
        }
    }

    private void acceptDecimal(ColumnType.Decimal type, String text) {
        for (String json : List.of(text, '"' + text + '"')) {
            accept(type, json, new BigDecimal(text).setScale(type.scale()));
        }
    }

    private void refuseDecimal(ColumnType.Decimal type, String text, String reason) {
        refuse(type, text, reason);
        refuse(type, '"' + text + '"', reason);
    }

    private void charsAndVarchars() {
        ColumnType three = new ColumnType.Char(3);
        accept(three, "\"\"", "   ");
        accept(three, "\"a\"", "a  ");
        accept(three, "\" a\"", " a ");
        accept(three, "\"abc\"", "abc");
        accept(three, "\"abc  \"", "abc");
        accept(three, "\"    \"", "   ");
        accept(three, "\"é€𝄞\"", "é€𝄞");
        accept(three, "\"a\\ud834\\udd1e\"", "a𝄞 ");
        accept(new ColumnType.Char(0), "\"  \"", "");
        accept(new ColumnType.Char(5_000), "\"\"", " ".repeat(5_000));
        ColumnType upTo = new ColumnType.Varchar(3);
        accept(upTo, "\"\"", "");
        accept(upTo, "\"a\"", "a");
        accept(upTo, "\"a \"", "a ");
        accept(upTo, "\"abc\"", "abc");
        accept(upTo, "\"abc   \"", "abc");
        accept(upTo, "\"ab   \"", "ab ");
        accept(upTo, "\"𝄞𝄞𝄞\"", "𝄞𝄞𝄞");
        accept(new ColumnType.Varchar(70_000), "\"" + "é".repeat(70_000) + "\"", "é".repeat(70_000));
        accept(new ColumnType.Varchar(70_000), "\"a\"", "a");
        accept(new ColumnType.Varchar(0), "\"\"", "");
        accept(new ColumnType.Varchar(0), "\"  \"", "");
        for (ColumnType type : List.of(three, upTo)) {
            for (String text : List.of("abcd", "ab d", "𝄞𝄞𝄞𝄞", "abc\\n", "   a", "x".repeat(800))) {
                refuse(type, "\"" + text + "\"", TOO_LONG);
            }
            refuse(type, "\"a\\ud834\"", SURROGATE);
            refuse(type, "\"abc\\ud834\"", SURROGATE);
            for (String json : List.of("1", "true", "{}", "[\"a\"]")) {
                refuse(type, json, WRONG_STRING);
            }
        }
        refuse(new ColumnType.Varchar(0), "\"a\"", TOO_LONG);
        refuse(new ColumnType.Char(0), "\"a\"", TOO_LONG);
    }

    private void binaries() {
        for (int length = 0; length < 20; length++) {
            byte[] bytes = new byte[length];
            for (int i = 0; i < length; i++) {
                bytes[i] = (byte) (0xFB - 37 * i);
            }
            for (Base64.Encoder encoder : List.of(Base64.getEncoder(), Base64.getUrlEncoder())) {
                accept(BINARY, '"' + encoder.encodeToString(bytes) + '"', ByteBuffer.wrap(bytes));
                String bare = encoder.withoutPadding().encodeToString(bytes);
                accept(BINARY, '"' + bare + '"', ByteBuffer.wrap(bytes));
            }
        }
        accept(BINARY, "\"" + "AAAA".repeat(30_000) + "\"", ByteBuffer.allocate(90_000));
        for (String text : List.of(
                "A",
                "AAAAA",
                "A===",
                "AA=",
                "AAA==",
                "AAAA=",
                "AAAA====",
                "=",
                "==",
                "====",
                "AA==AA",
                "=AAA",
                " AAAA",
                "AAAA ",
                "AA AA",
                "AA\\nAA",
                "AAAA\\r\\n",
                "AA==\\n",
                "AAA.",
                "é€AA")) {
            refuse(BINARY, "\"" + text + "\"", NOT_BASE64);
        }
        for (String text : List.of("+_AA", "-/AA", "AAA+AAA-", "__//")) {
            refuse(BINARY, "\"" + text + "\"", MIXED);
        }
        for (String text : List.of("AB", "AB==", "AAB", "AAB=", "AAAAA_", "//8AAAB")) {
            refuse(BINARY, "\"" + text + "\"", LEFT_OVER);
        }
        for (String json : List.of("1", "true", "{}", "[1,2]")) {
            refuse(BINARY, json, WRONG_STRING);
        }
    }

    private void nested() {
        ColumnType point = new ColumnType.Struct(List.of(new Column("x", DOUBLE, true), new Column("y", BYTE, true)));
        accept(point, "{}", List.of(Rows.NULL, Rows.NULL));
        accept(point, "{\"y\":1,\"x\":null}", List.of(Rows.NULL, (byte) 1));
        accept(point, "{\"\\u0078\":\"NaN\"}", List.of(Double.NaN, Rows.NULL));
        ColumnType list = new ColumnType.Array(DOUBLE, true);
        accept(list, "[]", List.of());
        accept(list, " [ ] ", List.of());
        accept(list, "[1,null,\"-Infinity\",\"NaN\"]", List.of(1.0, Rows.NULL, Double.NEGATIVE_INFINITY, Double.NaN));
        accept(
                new ColumnType.Array(list, true),
                "[[],null,[null,2]]",
                List.of(List.of(), Rows.NULL, List.of(Rows.NULL, 2.0)));
        ColumnType map = new ColumnType.Map(INTEGER, STRING, true);
        accept(map, "{}", List.of());
        accept(map, "{\"2\":\"b\",\"-1\":null}", List.of(Map.entry(2, "b"), Map.entry(-1, Rows.NULL)));
        accept(
                new ColumnType.Map(BOOLEAN, map, true),
                "{\"true\":{},\"false\":null}",
                List.of(Map.entry(true, List.of()), Map.entry(false, Rows.NULL)));
        for (String json : List.of("1", "\"a\"", "true", "[]", "[{}]")) {
            refuse(point, json, "is not a JSON object");
            refuse(map, json, "is not a JSON object");
        }
        for (String json : List.of("1", "\"a\"", "true", "{}", "{\"a\":[1]}")) {
            refuse(list, json, "is not a JSON array");
        }
    }

    private void accept(ColumnType type, String json, Object expected) {
        cases.add(new Case(type, json, expected, true));
    }

    private void refuse(ColumnType type, String json, String reason) {
        cases.add(new Case(type, json, reason, false));
    }

    private static Object boxed(ColumnType type, long value) {
        return switch (type.kind()) {
            case BYTE -> (Object) (byte) value;
            case SHORT -> (short) value;
            case INTEGER, DATE -> (int) value;
            default -> value;
        };
    }

    private static Object floating(ColumnType type, double value) {
        return type == FLOAT ? (Object) (float) value : (Object) value;
    }

    private static long micros(String local) {
        Instant instant = Instant.parse((local.length() == 16 ? local + ":00" : local) + "Z");
        return instant.getEpochSecond() * 1_000_000 + instant.getNano() / 1_000;
    }
}
