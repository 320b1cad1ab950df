package io.headgate.schema;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.headgate.model.RecordProblem;
import io.headgate.model.Refusal;
import io.headgate.model.RefusedException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Bodies that are made to hurt: each ends in a refusal, within bounds of memory and stack. */
class HostileBodiesTest {
    private static final int BODY_BYTES_MAX = 16 << 20;
    private static final int STACK_BYTES = 512 << 10;
    private static final List<Column> COLUMNS = List.of(
            new Column("s", ColumnType.STRING, true),
            new Column("n", ColumnType.LONG, true),
            new Column("d", new ColumnType.Decimal(38, 10), true),
            new Column("b", ColumnType.BINARY, true),
            new Column("l", new ColumnType.Array(ColumnType.DOUBLE, true), true),
            new Column("m", new ColumnType.Map(ColumnType.STRING, ColumnType.LONG, true), true),
            new Column("o", new ColumnType.Struct(List.of(new Column("x", ColumnType.LONG, true))), true));

    private static RefusedException refused(RowDecoder decoder, String json) {
        byte[] body = json.getBytes(StandardCharsets.UTF_8);
        int[] reserved = {0};
        RefusedException refused = assertThrows(
                RefusedException.class,
                () -> decoder.decode(body, 0, body.length, more -> (reserved[0] += more) > 0),
                () -> json.substring(0, Math.min(80, json.length())));
        assertTrue(reserved[0] < 1 << 20, () -> "reserved " + reserved[0]);
        assertTrue(refused.refusal().message().length() < 1_000, refused.refusal()::message);
        for (RecordProblem problem : refused.refusal().details()) {
            assertTrue(problem.line() > 0 && problem.column() > 0, problem::toString);
        }
        return refused;
    }

    private static RowDecoder decoder(int maxNesting) {
        return new RowDecoder(
                Decoding.schema(COLUMNS), DecodeLimits.of(BODY_BYTES_MAX, 1 << 20, maxNesting, 1_000_000, 1_000_000));
    }

    @Test
    void whatIsNestedTenThousandDeepIsRefused() throws InterruptedException {
        int depth = 10_000;
        for (int limit : new int[] {100, 2 * depth}) {
            RowDecoder decoder = decoder(limit);
            onSmallStack(() -> {
                for (Column column : COLUMNS) {
                    for (String name : List.of(column.name(), column.name() + "?")) {
                        refused(decoder, "{\"" + name + "\":" + "[".repeat(depth) + "]".repeat(depth) + "}");
                        String objects = "{\"x\":".repeat(depth) + "1" + "}".repeat(depth);
                        refused(decoder, "[{\"" + name + "\":" + objects + "}]");
                        refused(decoder, "{\"" + name + "\":[{\"x\":" + "[{\"a\":".repeat(depth));
                    }
                }
                refused(decoder, "[".repeat(depth) + "]".repeat(depth));
            });
        }
    }

    @Test
    void aTableAsDeepAsAnyFitsAStack() throws InterruptedException {
        ColumnType type = ColumnType.LONG;
        StringBuilder open = new StringBuilder();
        StringBuilder close = new StringBuilder();
        for (int i = 0; i < ColumnType.NESTING_MAX; i++) {
            boolean array = i % 2 == 0;
            type = array
                    ? new ColumnType.Array(type, true)
                    : new ColumnType.Struct(List.of(new Column("x", type, true)));
            open.insert(0, array ? "[" : "{\"x\":");
            close.append(array ? "]" : "}");
        }
        List<Column> columns = List.of(new Column("v", type, true));
        RowDecoder decoder =
                new RowDecoder(Decoding.schema(columns), DecodeLimits.of(1 << 20, 1 << 20, 200, 1_000, 1_000));
        String json = "{\"v\":" + open + "7" + close + "}";
        onSmallStack(() -> {
            byte[] body = json.getBytes(StandardCharsets.UTF_8);
            assertEquals(1, decoder.decode(body, 0, body.length, more -> true).rowCount());
            refused(decoder, json.replace("7", "\"seven\""));
            refused(decoder, json.replace("7", "[".repeat(100) + "]".repeat(100)));
        });
    }

    /** Runs on a thread whose stack is small, so that what recurses with the body shows. */
    private static void onSmallStack(Runnable work) throws InterruptedException {
        AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
        Thread thread = new Thread(null, work, "small stack", STACK_BYTES);
        thread.setUncaughtExceptionHandler((on, e) -> failure.set(e));
        thread.start();
        thread.join();
        assertNull(failure.get(), () -> String.valueOf(failure.get()));
    }

    @Test
    void textOfTenMegabytesIsRefused() {
        RowDecoder decoder = decoder(100);
        String text = '"' + "x".repeat(10 << 20) + '"';
        for (String name : List.of("n", "d", "l", "m", "o", "?")) {
            assertEquals(
                    Refusal.Code.INVALID_PARAMETER,
                    refused(decoder, "{\"" + name + "\":" + text + "}")
                            .refusal()
                            .code());
        }
        assertEquals(
                Refusal.Code.TOO_LARGE,
                refused(decoder, "{\"s\":" + text + "}").refusal().code());
        assertEquals(
                Refusal.Code.TOO_LARGE,
                refused(decoder, "{\"b\":\"" + "AAAA".repeat(10 << 18) + "\"}")
                        .refusal()
                        .code());
        refused(decoder, "{\"m\":{" + text + ":1}}");
        refused(decoder, "{" + text + ":1}");
    }

    @Test
    void numbersOfTenThousandDigitsAreRefused() {
        RowDecoder decoder = decoder(100);
        String digits = "7".repeat(10_000);
        for (String number : List.of(digits, "-" + digits, "0." + digits, "1e" + digits, digits + "e-" + digits)) {
            for (Column column : COLUMNS) {
                refused(decoder, "{\"" + column.name() + "\":" + number + "}");
                refused(decoder, "{\"" + column.name() + "\":[" + number + "]}");
                refused(decoder, "{\"" + column.name() + "\":{\"x\":" + number + "}}");
            }
            refused(decoder, "{\"?\":" + number + "}");
            refused(decoder, "{\"d\":\"" + number + "\"}");
        }
    }

    @Test
    void aMillionProblemsAreCounted() {
        RefusedException refused = refused(decoder(100), "[" + "{\"n\":{}},".repeat(999_999) + "{\"l\":[[]]}]");
        assertEquals(100, refused.refusal().details().size());
        assertTrue(refused.refusal().message().contains(" 999999 more problems"), refused.refusal()::message);
        StringBuilder names = new StringBuilder("{\"n\":1");
        for (int i = 0; i < 200_000; i++) {
            names.append(",\"?").append(i).append("\":0");
        }
        assertTrue(refused(decoder(100), names.append('}').toString())
                .refusal()
                .message()
                .contains(" 199999 more problems"));
    }

    @Test
    void whatIsPaddedCountsAgainstTheLimit() {
        List<Column> padded = List.of(new Column("c", new ColumnType.Char(Integer.MAX_VALUE), true));
        assertEquals(
                Refusal.Code.TOO_LARGE,
                refused(Decoding.decoder(padded), "{\"c\":\"\"}").refusal().code());
    }

    @Test
    void notANumberIsTextWhereverItIs() {
        for (String json :
                List.of("{\"l\":[NaN]}", "{\"l\":[1,Infinity]}", "{\"m\":{\"a\":-Infinity}}", "{\"o\":{\"x\":nan}}")) {
            assertEquals(
                    "$", refused(decoder(100), json).refusal().details().get(0).path());
        }
    }

    @Test
    void halvesOfCharactersAreFoundWhereverTheyAre() {
        for (String json : List.of(
                "{\"s\":\"\\udc00\"}",
                "{\"m\":{\"\\ud800\":1}}",
                "{\"m\":{\"a\\udfff\":1}}",
                "{\"\\ud834\":1}",
                "{\"o\":{\"\\udd1e\\ud834\":1}}")) {
            RefusedException refused = refused(decoder(100), json);
            assertEquals(Refusal.Code.INVALID_PARAMETER, refused.refusal().code());
            assertTrue(refused.refusal().message().chars().allMatch(c -> c >= ' ' && c <= '~'));
        }
    }
}
