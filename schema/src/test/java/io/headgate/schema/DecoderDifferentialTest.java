package io.headgate.schema;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.headgate.model.Refusal;
import io.headgate.model.RefusedException;
import io.headgate.model.Seed;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The decoder against {@link ReferenceDecoder}, over random tables of nested types, records, and damage done to their
 * bytes: the rows, where every problem is, and what is left when only the records with problems are rejected.
 */
class DecoderDifferentialTest {
    private static final List<String> ODD_VALUES = List.of(
            "null",
            "true",
            "false",
            "0",
            "-0",
            "1",
            "-1",
            "127",
            "128",
            "-129",
            "32768",
            "2147483647",
            "2147483648",
            "9223372036854775807",
            "9223372036854775808",
            "-9223372036854775808",
            "1.0",
            "1e3",
            "1.5",
            "25e-1",
            "250e-1",
            "1e30",
            "1e39",
            "1e309",
            "1e-320",
            "123456789.125",
            "\"\"",
            "\"1\"",
            "\"-7\"",
            "\"1.5\"",
            "\"1.50e1\"",
            "\"QUI=\"",
            "\"QUI\"",
            "\"Q_-A\"",
            "\"Q/-A\"",
            "\"a    \"",
            "\" 1\"",
            "\"NaN\"",
            "\"Infinity\"",
            "\"-inf\"",
            "\"2024-02-29\"",
            "\"2023-02-29\"",
            "\"20240229\"",
            "\"2024-02-29T23:59:59Z\"",
            "\"2024-02-29T23:59:59\"",
            "\"2024-02-29 23:59:59.123456+05:30\"",
            "\"2024-02-29T23:59:59.1234567Z\"",
            "\"2024-02-29T24:00:00\"",
            "\"2024-02-29T10:00-0930\"",
            "\"\\ud834\\udd1e\"",
            "\"\\ud834\"",
            "\"é€\"",
            "{}",
            "[]",
            "{\"a\":[1,{\"b\":null}]}",
            "[[1],[2]]");

    /** How many records to decode at least, not counting those in damaged bodies. */
    private static final int RECORDS = 20_000;

    private static final int RECORDS_IN_CI = 200_000;

    private static final int BODIES_PER_TABLE = 5;
    private static final int MUTATIONS_PER_BODY = 3;
    private static final int DEPTH_MAX = 3;

    private final Random random;
    private int records;
    private int accepted;
    private int rejected;
    private int broken;

    DecoderDifferentialTest() {
        random = Seed.forTest("DecoderDifferentialTest").random();
    }

    @Test
    void theDecoderAgreesWithTheReference() {
        agree(RECORDS);
    }

    @Test
    @Tag("slow")
    void theDecoderAgreesWithTheReferenceForLong() {
        agree(RECORDS_IN_CI);
    }

    private void agree(int atLeast) {
        while (records < atLeast) {
            List<Column> columns = columns(1 + random.nextInt(8), 0);
            RowDecoder decoder = Decoding.decoder(columns);
            for (int n = 0; n < BODIES_PER_TABLE; n++) {
                byte[] json = body(columns).getBytes(StandardCharsets.UTF_8);
                records += compare(decoder, columns, json);
                for (int i = 0; i < MUTATIONS_PER_BODY; i++) {
                    compare(decoder, columns, mutated(json));
                }
            }
        }
        System.out.println("DecoderDifferentialTest: " + records + " records; with the damaged ones " + accepted
                + " accepted, " + rejected + " rejected; " + broken + " bodies that are no JSON");
        assertTrue(accepted > atLeast / 4 && rejected > atLeast / 20 && broken > atLeast / 20, "all of it happens");
    }

    /** @return how many records there were to compare */
    private int compare(RowDecoder decoder, List<Column> columns, byte[] json) {
        String text = new String(json, StandardCharsets.UTF_8);
        ReferenceDecoder.Outcome expected;
        try {
            expected = new ReferenceDecoder(columns).decode(json);
        } catch (NumberFormatException e) {
            return 0; // It cannot say.
        }
        List<@Nullable List<Object>> outcomes = expected.records();
        if (outcomes == null) {
            broken++;
            RefusedException refused = assertThrows(
                    RefusedException.class, () -> Decoding.rows(decoder, columns, json), () -> "broken: " + text);
            assertEquals(Refusal.Code.INVALID_PARAMETER, refused.refusal().code(), text);
            return 0;
        }
        List<Object> good = new ArrayList<>();
        List<Integer> bad = new ArrayList<>();
        for (int i = 0; i < outcomes.size(); i++) {
            List<Object> row = outcomes.get(i);
            if (row == null) {
                bad.add(i);
            } else {
                good.add(unsigned(row));
            }
        }
        accepted += good.size();
        rejected += bad.size();
        all(decoder, columns, json, good, expected.problems());
        each(decoder, columns, json, good, bad, expected);
        return outcomes.size();
    }

    private static void all(
            RowDecoder decoder, List<Column> columns, byte[] json, List<Object> good, List<String> problems) {
        String text = new String(json, StandardCharsets.UTF_8);
        if (problems.isEmpty()) {
            assertEquals(good, unsigned(Decoding.rows(decoder, columns, json)), text);
            return;
        }
        Refusal refusal = assertThrows(RefusedException.class, () -> Decoding.rows(decoder, columns, json), text)
                .refusal();
        assertEquals(Refusal.Code.INVALID_PARAMETER, refusal.code(), text);
        List<String> told = refusal.details().stream()
                .map(problem -> problem.record() + " " + problem.path())
                .toList();
        assertEquals(Math.min(problems.size(), Problems.KEPT_MAX), told.size(), text);
        if (problems.size() <= Problems.KEPT_MAX) {
            assertEquals(
                    problems.stream().sorted().toList(), told.stream().sorted().toList(), text);
        }
    }

    private static void each(
            RowDecoder decoder,
            List<Column> columns,
            byte[] json,
            List<Object> good,
            List<Integer> bad,
            ReferenceDecoder.Outcome expected) {
        String text = new String(json, StandardCharsets.UTF_8);
        DecodedRows rows = decoder.decodeEach(
                json, 0, json.length, BodyForm.JSON, bytes -> true, ServerColumns.NONE, RequestValues.NONE);
        assertEquals(good, unsigned(Rows.read(RowLayout.of(columns), rows.payload())), text);
        assertEquals(good.size(), rows.rowCount(), text);
        RejectedRecords rejected = rows.rejected();
        assertEquals(bad.size(), rejected.count(), text);
        assertEquals(expected.problems().size(), rejected.problemCount(), text);
        for (int i = 0; i < bad.size(); i++) {
            assertEquals(bad.get(i), rejected.record(i), text);
            String original = new String(json, rejected.offset(i), rejected.length(i), StandardCharsets.UTF_8);
            assertEquals(expected.nodes().get(bad.get(i)), ReferenceDecoder.tree(original), text);
        }
    }

    /** Values with 0.0 for -0.0, which a BigDecimal cannot tell apart. */
    private static Object unsigned(Object value) {
        if (value instanceof List<?> values) {
            return values.stream().map(DecoderDifferentialTest::unsigned).toList();
        }
        if (value instanceof Map.Entry<?, ?> entry) {
            return Map.entry(unsigned(entry.getKey()), unsigned(entry.getValue()));
        }
        return Double.valueOf(-0.0).equals(value)
                ? (Object) 0.0
                : Float.valueOf(-0.0f).equals(value) ? 0.0f : value;
    }

    private List<Column> columns(int count, int depth) {
        List<Column> columns = new ArrayList<>();
        for (int n = 0; n < count; n++) {
            String name = random.nextInt(10) == 0 ? "é " + n : (random.nextBoolean() ? "c" : "column_name_") + n;
            columns.add(new Column(name, type(depth), random.nextInt(3) > 0));
        }
        return columns;
    }

    private ColumnType type(int depth) {
        return switch (depth < DEPTH_MAX ? random.nextInt(10) : 9) {
            case 0 -> new ColumnType.Struct(columns(1 + random.nextInt(4), depth + 1));
            case 1 -> new ColumnType.Array(type(depth + 1), random.nextBoolean());
            case 2 -> new ColumnType.Map(scalar(), type(depth + 1), random.nextBoolean());
            default -> scalar();
        };
    }

    private ColumnType scalar() {
        return RandomRows.scalar(random, 15);
    }

    private String body(List<Column> columns) {
        if (random.nextInt(4) == 0) {
            return space() + record(columns) + space();
        }
        StringBuilder array = new StringBuilder("[");
        int count = random.nextInt(20);
        for (int i = 0; i < count; i++) {
            array.append(i > 0 ? "," : "")
                    .append(space())
                    .append(record(columns))
                    .append(space());
        }
        return array.append(space()).append(']').toString();
    }

    /** A record, or a struct. */
    private String record(List<Column> columns) {
        List<Column> order = new ArrayList<>(columns);
        if (random.nextInt(3) == 0) {
            Collections.shuffle(order, random);
        }
        StringBuilder record = new StringBuilder("{");
        for (Column column : order) {
            if (random.nextInt(12) > 0 || (!column.nullable() && random.nextInt(20) > 0)) {
                String name = random.nextInt(600) == 0 ? column.name() + "x" : column.name();
                record.append(record.length() > 1 ? "," : "")
                        .append(space())
                        .append(name(name))
                        .append(space())
                        .append(':')
                        .append(space())
                        .append(value(column.type(), column.nullable()))
                        .append(space());
            }
        }
        return record.append('}').toString();
    }

    private String array(ColumnType.Array type) {
        StringBuilder array = new StringBuilder("[");
        for (int n = random.nextInt(random.nextInt(8) == 0 ? 30 : 4); n > 0; n--) {
            array.append(array.length() > 1 ? "," : "")
                    .append(space())
                    .append(value(type.element(), type.containsNull()));
        }
        return array.append(space()).append(']').toString();
    }

    /** Of different names, some of which may be the same key all the same. */
    private String map(ColumnType.Map type) {
        StringBuilder map = new StringBuilder("{");
        Set<String> names = new HashSet<>();
        for (int n = random.nextInt(4); n > 0; n--) {
            String key = value(type.key(), false);
            String name =
                    key.startsWith("\"") ? key : key.startsWith("{") || key.startsWith("[") ? "\"\"" : '"' + key + '"';
            if (names.add(ReferenceDecoder.tree(name).textValue())) {
                map.append(map.length() > 1 ? "," : "")
                        .append(space())
                        .append(name)
                        .append(':');
                map.append(value(type.value(), type.valueContainsNull()));
            }
        }
        return map.append('}').toString();
    }

    /** A name as a JSON string, some of them escaped where they need not be. */
    private String name(String name) {
        StringBuilder quoted = new StringBuilder("\"");
        boolean escape = random.nextInt(20) == 0;
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            quoted.append(escape && random.nextInt(3) == 0 ? String.format("\\u%04X", (int) c) : String.valueOf(c));
        }
        return quoted.append('"').toString();
    }

    private String value(ColumnType type, boolean nullable) {
        int choice = random.nextInt(200);
        if (choice < 2) {
            return ODD_VALUES.get(random.nextInt(ODD_VALUES.size()));
        }
        if (choice < 20 && nullable) {
            return "null";
        }
        return switch (type.kind()) {
            case STRING -> text();
            case BOOLEAN -> String.valueOf(random.nextBoolean());
            case BYTE -> whole((byte) random.nextInt());
            case SHORT -> whole((short) random.nextInt());
            case INTEGER -> whole(random.nextInt());
            case LONG -> whole(random.nextLong() >> random.nextInt(64));
            case FLOAT -> floating(Float.toString((float) random.nextGaussian()));
            case DOUBLE -> floating(anyDouble());
            case DATE -> random.nextBoolean() ? whole(random.nextInt(40_000)) : '"' + date() + '"';
            case TIMESTAMP -> random.nextBoolean() ? whole(random.nextLong() >> 10) : '"' + time() + zone() + '"';
            case TIMESTAMP_NTZ -> random.nextBoolean() ? whole(random.nextLong() >> 10) : '"' + time() + '"';
            case BINARY -> '"' + base64() + '"';
            case DECIMAL -> decimal((ColumnType.Decimal) type);
            case CHAR -> fitting(((ColumnType.Char) type).length());
            case VARCHAR -> fitting(((ColumnType.Varchar) type).length());
            case ARRAY -> array((ColumnType.Array) type);
            case MAP -> map((ColumnType.Map) type);
            case STRUCT -> record(((ColumnType.Struct) type).fields());
        };
    }

    private String base64() {
        byte[] bytes = new byte[random.nextInt(9)];
        random.nextBytes(bytes);
        Base64.Encoder encoder = random.nextBoolean() ? Base64.getEncoder() : Base64.getUrlEncoder();
        return (random.nextBoolean() ? encoder : encoder.withoutPadding()).encodeToString(bytes);
    }

    private String decimal(ColumnType.Decimal type) {
        int digits = random.nextInt(type.precision() + 1);
        BigDecimal value = new BigDecimal(
                new BigInteger(digits * 3, random).negate(),
                random.nextInt(20) == 0 ? random.nextInt(40) : Math.min(type.scale(), digits));
        String text = random.nextInt(5) == 0 ? value.toString() : value.toPlainString();
        return switch (random.nextInt(4)) {
            case 0 -> '"' + text + '"';
            case 1 -> value.abs().toPlainString() + (value.scale() > 0 ? "0" : ".0") + "e0";
            default -> text;
        };
    }

    private String fitting(int length) {
        StringBuilder text = new StringBuilder("\"");
        for (int n = random.nextInt(length + 1); n > 0; n--) {
            text.appendCodePoint(random.nextInt(4) == 0 ? 0x10348 : 'a' + random.nextInt(26));
        }
        return text.append(random.nextInt(10) == 0 ? "    \"" : "\"").toString();
    }

    private String whole(long value) {
        return switch (random.nextInt(12)) {
            case 0 -> value + ".0";
            case 1 -> value + ".000e0";
            case 2 -> "\"" + value + "\"";
            case 3 -> value == 0 ? "0" : value + "00E-2";
            default -> String.valueOf(value);
        };
    }

    private String floating(String value) {
        return switch (random.nextInt(12)) {
            case 0 -> "\"" + value + "\"";
            case 1 -> "\"NaN\"";
            case 2 -> String.valueOf(random.nextInt());
            default -> value;
        };
    }

    private String anyDouble() {
        double value = random.nextBoolean() ? random.nextGaussian() : Double.longBitsToDouble(random.nextLong());
        return Double.isFinite(value) ? Double.toString(value) : "0.25";
    }

    private String text() {
        StringBuilder text = new StringBuilder("\"");
        for (int n = random.nextInt(12); n > 0; n--) {
            switch (random.nextInt(12)) {
                case 0 -> text.append("\\n");
                case 1 -> text.append("\\\"");
                case 2 -> text.append(String.format("\\u%04x", random.nextInt(0xD800)));
                case 3 -> text.appendCodePoint(0x10000 + random.nextInt(0x100000));
                case 4 -> text.append((char) (0x80 + random.nextInt(0x780)));
                case 5 -> text.append((char) (0x800 + random.nextInt(0x3000)));
                default -> text.append((char) ('a' + random.nextInt(26)));
            }
        }
        return text.append('"').toString();
    }

    private String date() {
        int dayMax = random.nextInt(8) == 0 ? 31 : 28;
        return String.format(
                "%04d-%02d-%02d", 1 + random.nextInt(9999), 1 + random.nextInt(12), 1 + random.nextInt(dayMax));
    }

    private String time() {
        String clock = String.format("%02d:%02d", random.nextInt(24), random.nextInt(60));
        if (random.nextInt(5) > 0) {
            clock += String.format(":%02d", random.nextInt(random.nextInt(20) == 0 ? 62 : 60));
            clock += random.nextBoolean() ? "." + random.nextInt(2_000_000) + "000".substring(random.nextInt(4)) : "";
        }
        return date() + "Tt ".charAt(random.nextInt(3)) + clock;
    }

    private String zone() {
        return switch (random.nextInt(6)) {
            case 0 -> "z";
            case 1 -> String.format("+%02d:%02d", random.nextInt(18), random.nextInt(60));
            case 2 -> String.format("-%02d%02d", random.nextInt(19), random.nextInt(60));
            case 3 -> String.format("%s%02d", random.nextBoolean() ? "+" : "-", random.nextInt(19));
            default -> "Z";
        };
    }

    private String space() {
        return random.nextInt(10) == 0 ? List.of(" ", "\n", "\t", "\r\n  ").get(random.nextInt(4)) : "";
    }

    private byte[] mutated(byte[] json) {
        byte[] bytes = json.clone();
        for (int n = 1 + random.nextInt(3); n > 0 && bytes.length > 0; n--) {
            int at = random.nextInt(bytes.length);
            int to = at + random.nextInt(bytes.length - at + 1);
            switch (random.nextInt(7)) {
                case 0 -> bytes = Arrays.copyOf(bytes, at);
                case 1 -> bytes[at] = (byte) random.nextInt();
                case 2 -> bytes[at] = (byte) "[]{},:\"\\0e-. ntf".charAt(random.nextInt(16));
                case 3 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                case 4, 5 -> bytes = spliced(bytes, to, at); // a piece twice
                default -> bytes = spliced(bytes, at, to); // a piece left out
            }
        }
        return bytes;
    }

    /** What is before {@code head}, and what is from {@code tail} on. */
    private static byte[] spliced(byte[] bytes, int head, int tail) {
        byte[] out = Arrays.copyOf(bytes, head + bytes.length - tail);
        System.arraycopy(bytes, tail, out, head, bytes.length - tail);
        return out;
    }
}
