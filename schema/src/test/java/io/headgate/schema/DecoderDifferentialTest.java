package io.headgate.schema;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.headgate.model.Excerpt;
import io.headgate.model.RecordProblem;
import io.headgate.model.Refusal;
import io.headgate.model.RefusedException;
import io.headgate.model.Seed;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The decoder against {@link ReferenceDecoder}, over random tables, records, and damage done to their bytes. */
class DecoderDifferentialTest {
    private static final List<ColumnType> TYPES = Supported.TYPES;
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

    /** Some 20,000 bodies; more with {@code -Dheadgate.rounds}. */
    private static final int ROUNDS = Integer.getInteger("headgate.rounds", 1_000);

    private static final int MUTATIONS_PER_ROUND = 6;

    private final Random random;
    private int accepted;
    private int refused;

    DecoderDifferentialTest() {
        random = Seed.forTest("DecoderDifferentialTest").random();
    }

    @Test
    void theDecoderAgreesWithTheReference() {
        for (int round = 0; round < ROUNDS; round++) {
            List<Column> columns = columns();
            RowDecoder decoder = Decoding.decoder(columns);
            for (int body = 0; body < 3; body++) {
                byte[] json = body(columns).getBytes(StandardCharsets.UTF_8);
                compare(decoder, columns, json, true);
                for (int i = 0; i < MUTATIONS_PER_ROUND; i++) {
                    compare(decoder, columns, mutated(json), false);
                }
            }
        }
        System.out.println("DecoderDifferentialTest: accepted " + accepted + ", refused " + refused);
        assertTrue(accepted > ROUNDS && refused > ROUNDS, "both happen");
    }

    private void compare(RowDecoder decoder, List<Column> columns, byte[] json, boolean wellFormed) {
        String text = new String(json, StandardCharsets.UTF_8);
        ReferenceDecoder.Outcome expected = reference(columns, json);
        try {
            var rows = zeroed(Decoding.rows(decoder, columns, json));
            accepted++;
            if (expected != null) {
                assertEquals(zeroed(expected.rows()), rows, text);
            }
        } catch (RefusedException e) {
            refused++;
            Refusal refusal = e.refusal();
            assertEquals(Refusal.Code.INVALID_PARAMETER, refusal.code(), text);
            if (expected == null) {
                return;
            }
            assertNull(expected.rows(), refusal.message() + " <- " + text);
            RecordProblem problem = refusal.details().get(0);
            if (wellFormed) {
                assertEquals(excerpt(expected.field()), excerpt(problem.field()), refusal.message() + " <- " + text);
                assertEquals(expected.record(), problem.record(), refusal.message() + " <- " + text);
            }
        }
    }

    private static ReferenceDecoder.@Nullable Outcome reference(List<Column> columns, byte[] json) {
        try {
            return new ReferenceDecoder(columns).decode(json);
        } catch (NumberFormatException e) {
            return null;
        }
    }

    private static @Nullable String excerpt(@Nullable String name) {
        return name == null ? null : Excerpt.of(name);
    }

    /** Rows with 0.0 for -0.0, which a BigDecimal cannot tell apart. */
    private static @Nullable List<List<Object>> zeroed(@Nullable List<List<Object>> rows) {
        if (rows == null) {
            return null;
        }
        rows.forEach(row -> row.replaceAll(value -> Double.valueOf(-0.0).equals(value)
                ? (Object) 0.0
                : Float.valueOf(-0.0f).equals(value) ? (Object) 0.0f : value));
        return rows;
    }

    private List<Column> columns() {
        List<Column> columns = new ArrayList<>();
        for (int n = 1 + random.nextInt(12); n > 0; n--) {
            String name = random.nextInt(10) == 0 ? "é " + n : (random.nextBoolean() ? "c" : "column_name_") + n;
            columns.add(new Column(name, TYPES.get(random.nextInt(TYPES.size())), random.nextInt(3) > 0));
        }
        return columns;
    }

    private String body(List<Column> columns) {
        if (random.nextInt(4) == 0) {
            return space() + record(columns) + space();
        }
        StringBuilder array = new StringBuilder("[");
        int records = random.nextInt(5);
        for (int i = 0; i < records; i++) {
            array.append(i > 0 ? "," : "")
                    .append(space())
                    .append(record(columns))
                    .append(space());
        }
        return array.append(space()).append(']').toString();
    }

    private String record(List<Column> columns) {
        List<Column> order = new ArrayList<>(columns);
        if (random.nextInt(3) == 0) {
            Collections.shuffle(order, random);
        }
        StringBuilder record = new StringBuilder("{");
        String separator = "";
        for (Column column : order) {
            if (random.nextInt(12) > 0 || (!column.nullable() && random.nextInt(20) > 0)) {
                String name = random.nextInt(300) == 0 ? column.name() + "x" : column.name();
                record.append(separator)
                        .append(space())
                        .append(name(name))
                        .append(space())
                        .append(':');
                record.append(space()).append(value(column)).append(space());
                separator = ",";
            }
        }
        return record.append('}').toString();
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

    private String value(Column column) {
        int choice = random.nextInt(100);
        if (choice < 2) {
            return ODD_VALUES.get(random.nextInt(ODD_VALUES.size()));
        }
        if (choice < 10 && column.nullable()) {
            return "null";
        }
        return switch (column.type().kind()) {
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
            case BINARY, DECIMAL, CHAR, VARCHAR, ARRAY, MAP, STRUCT -> throw Supported.unreachable(column.type());
        };
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
