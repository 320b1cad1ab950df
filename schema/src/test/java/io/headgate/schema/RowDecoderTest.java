package io.headgate.schema;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.headgate.model.RecordProblem;
import io.headgate.model.Refusal;
import io.headgate.model.RefusedException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RowDecoderTest {
    private static final List<Column> COLUMNS = List.of(
            new Column("id", ColumnType.STRING, false),
            new Column("temp", ColumnType.DOUBLE, true),
            new Column("rssi", ColumnType.INTEGER, true));

    private final RowDecoder decoder = Decoding.decoder(COLUMNS);

    @Test
    void anArrayAndASingleObjectAreTaken() {
        List<Object> a = List.of("a", 1.5, -70);
        assertEquals(List.of(a), rows("{\"id\":\"a\",\"temp\":1.5,\"rssi\":-70}"));
        assertEquals(List.of(a), rows("[{\"id\":\"a\",\"temp\":1.5,\"rssi\":-70}]"));
        assertEquals(List.of(a), rows(" \r\n\t{ \"id\" : \"a\" , \"temp\" : 1.5 , \"rssi\" : -70 } \n"));
        assertEquals(List.of(), rows("[]"));
        assertEquals(List.of(), rows(" [ ] "));
    }

    @Test
    void whatIsLeftOutOrNullIsNull() {
        List<List<Object>> expected = List.of(List.of("a", Rows.NULL, Rows.NULL), List.of("b", Rows.NULL, 1));
        assertEquals(expected, rows("[{\"id\":\"a\"},{\"rssi\":1,\"temp\":null,\"id\":\"b\"}]"));
        assertEquals(List.of(List.of(Rows.NULL)), Decoding.rows(List.of(new Column("x", ColumnType.LONG, true)), "{}"));
    }

    @Test
    void numbersAreOfAtMost1000DigitsHoweverTheyAreRead() {
        List<Column> columns =
                List.of(new Column("x", ColumnType.DOUBLE, false), new Column("y", ColumnType.BOOLEAN, true));
        for (String format : List.of("{\"x\":0.%s,\"y\":true}", "{\"x\" : 0.%s\n,\"y\":true}")) {
            String longest = "5" + "0".repeat(998);
            assertEquals(List.of(List.of(0.5, true)), Decoding.rows(columns, String.format(format, longest)));
            String longer = String.format(format, longest + "0");
            RefusedException refused = assertThrows(RefusedException.class, () -> Decoding.rows(columns, longer));
            assertTrue(
                    refused.refusal().message().contains("1000"),
                    refused.refusal().message());
        }
    }

    @Test
    void anyOrderOfFieldsDoes() {
        Random random = new Random(7);
        StringBuilder json = new StringBuilder("[");
        List<List<Object>> expected = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            List<String> fields = new ArrayList<>(List.of("\"id\":\"" + i + "\"", "\"temp\":" + i, "\"rssi\":" + i));
            Collections.shuffle(fields, random);
            json.append(i > 0 ? "," : "")
                    .append('{')
                    .append(String.join(",", fields))
                    .append('}');
            expected.add(List.of(String.valueOf(i), (double) i, i));
        }
        assertEquals(expected, rows(json.append(']').toString()));
    }

    @Test
    void namesMayBeEscapedAsJsonAllows() {
        assertEquals(List.of(List.of("a", 2.0, Rows.NULL)), rows("{\"\\u0069d\":\"a\",\"t\\u0065mp\":2}"));
        List<Column> odd = List.of(
                new Column("𝄞 é\"\\/", ColumnType.BYTE, true),
                new Column("", ColumnType.BYTE, true),
                new Column("x".repeat(255), ColumnType.BYTE, true));
        assertEquals(
                List.of(List.of((byte) 1, (byte) 2, (byte) 3)),
                Decoding.rows(odd, "{\"𝄞 é\\\"\\\\/\":1,\"\":2,\"" + "x".repeat(255) + "\":3}"));
        assertEquals(
                List.of(List.of((byte) 1, Rows.NULL, Rows.NULL)),
                Decoding.rows(odd, "{\"\\uD834\\uDD1E \\u00e9\\u0022\\u005C\\/\":1}"));
    }

    @Test
    void onlyTheGivenBytesAreRead() {
        byte[] body = "}}}{\"id\":\"a\"}garbage".getBytes(StandardCharsets.UTF_8);
        assertEquals(1, decoder.decode(body, 3, 10, bytes -> true).rowCount());
        RefusedException cut = assertThrows(RefusedException.class, () -> decoder.decode(body, 3, 9, bytes -> true));
        assertEquals("ends in the middle of a record", problem(cut).reason());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'id':'a','id':'b'} | 0 | id | 1 | 11 | occurs twice in the record",
                "{'id':'a','temp':null,'temp':1} | 0 | temp | 1 | 23 | occurs twice in the record",
                "{'id':'a','te\\u006dp':1,'temp':1} | 0 | temp | 1 | 25 | occurs twice in the record",
                "{'id':'a','hum':1} | 0 | hum | 1 | 11 | is not a column of the table",
                "{'id':'a','Temp':1} | 0 | Temp | 1 | 11 | is not a column of the table",
                "{'id':'a','temp ':1} | 0 | temp  | 1 | 11 | is not a column of the table",
                "[{'id':'a'},{}] | 1 | id | 1 | 14 | is missing by the end of the record",
                "[{'id':'a'},{'temp':1}] | 1 | id | 1 | 22 | is missing by the end of the record",
                "[{'id':null}] | 0 | id | 1 | 8 | is null, which its column does not take",
                "[{'id':'a'},{'id':7}] | 1 | id | 1 | 19 | is not a JSON string",
                "[{'id':'a'},{'id':'b','rssi':{'x':1}}] | 1 | rssi | 1 | 30 | is not a whole number",
                "[{'id':'a'},5] | 1 | | 1 | 13 | is not a JSON object",
                "[null] | 0 | | 1 | 2 | is not a JSON object",
                "[[{'id':'a'}]] | 0 | | 1 | 2 | is not a JSON object",
            })
    void whatIsWrongWithARecordIsSaidWithItsPlace(
            String json, int record, String field, int line, int column, String reason) {
        RecordProblem problem = problem(json.replace('\'', '"'));
        assertEquals(record, problem.record());
        assertEquals(
                field == null ? null : field,
                problem.field() == null ? null : problem.field().strip());
        assertEquals(line, problem.line());
        assertEquals(column, problem.column());
        assertEquals(reason, problem.reason());
        assertNotNull(problem.expected());
    }

    @Test
    void linesAreCounted() {
        RecordProblem problem = problem("[\n  {\"id\": \"a\"},\r\n  {\"id\": \"b\",\n   \"temp\": \"72F\"}\n]");
        assertEquals(
                new RecordProblem(
                        1,
                        "$.temp",
                        "temp",
                        4,
                        12,
                        "is not a number",
                        "DOUBLE (a number up to 1.7976931348623157e308, or \"NaN\", \"Infinity\", \"-Infinity\")",
                        "\"72F\""),
                problem);
    }

    @Test
    void messagesTellTheProblemTheRemedyAndThatNothingHappened() {
        assertEquals(
                "Record 1: $.rssi is out of range (line 1, column 30): expected INT (-2147483648 to 2147483647), got"
                        + " 3000000000. No record of the request was accepted.",
                refusal("[{\"id\":\"a\"},{\"id\":\"b\",\"rssi\":3000000000}]").message());
        assertEquals(
                "Record 0: $.Temp is not a column of the table (line 1, column 11): expected \"temp\", since names are"
                        + " case-sensitive. No record of the request was accepted.",
                refusal("{\"id\":\"a\",\"Temp\":1}").message());
        assertEquals(
                "The body ends in the middle of a record (line 1, column 11): expected a JSON object, or an array of"
                        + " JSON objects, in UTF-8. No record of the request was accepted.",
                refusal("{\"id\":\"a\",").message());
    }

    @Test
    void bareNotANumberIsToldHowToBecomeOne() {
        assertEquals(
                "holds NaN or Infinity outside quotes: send \"NaN\", \"Infinity\" or \"-Infinity\"",
                problem("{\"id\":\"a\",\"temp\":NaN}").reason());
    }

    @Test
    void littleIsQuotedAndThatEscaped() {
        RecordProblem problem = problem("{\"id\":\"a\",\"temp\":\"\\u001b[31mé" + "x".repeat(90_000) + "\"}");
        assertEquals("\"\\u001b[31m\\u00e9" + "x".repeat(34) + "...\"", problem.got());
        RecordProblem unknown = problem("{\"" + "n".repeat(900) + "\":1}");
        assertEquals("n".repeat(40) + "...", unknown.field());
        assertEquals("$['" + "n".repeat(40) + "...']", unknown.path());
        RecordProblem odd = problem("{\"a'\\u0000b\":1}");
        assertEquals("$['a'\\u0000b']", odd.path());
        assertTrue(refusal("\u0000\u001b[31m".repeat(3)).message().chars().allMatch(c -> c >= ' ' && c <= '~'));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "\n\n",
                "null",
                "true",
                "1",
                "\"text\"",
                "NaN",
                "{",
                "[",
                "]",
                "}",
                "[{",
                "[{\"id\":\"a\"}",
                "{\"id\"",
                "{\"id\":",
                "{\"id\":\"a",
                "{\"id\":\"a\"",
                "{\"id\":\"a\",}",
                "[{\"id\":\"a\"},]",
                "[,]",
                "[{\"id\":\"a\"}{\"id\":\"b\"}]",
                "{\"id\" \"a\"}",
                "{id:\"a\"}",
                "{'id':'a'}",
                "{\"id\":a}",
                "{\"id\":\"\\x\"}",
                "{\"id\":\"\\u12\"}",
                "{\"id\":\"a\nb\"}",
                "{\"id\":\"\u0001\"}",
                "{\"id\":\"a\"} {\"id\":\"b\"}",
                "{\"id\":\"a\"},",
                "[] []",
                "[{\"id\":\"a\"}] x",
                "{\"id\":\"a\"}]",
                "// c\n[]",
                "/* c */[]",
                "[] # c",
                "{\"id\":\"a\",\"temp\":NaN}",
                "{\"id\":\"a\",\"temp\":Infinity}",
                "{\"id\":\"a\",\"temp\":-Infinity}",
                "{\"id\":\"a\",\"temp\":+1}",
                "{\"id\":\"a\",\"temp\":01}",
                "{\"id\":\"a\",\"temp\":.5}",
                "{\"id\":\"a\",\"temp\":5.}",
                "{\"id\":\"a\",\"temp\":1e}",
                "{\"id\":\"a\",\"temp\":-}",
                "{\"id\":\"a\",\"temp\":0x1}",
                "{\"id\":\"a\",\"temp\":tru}",
                "{\"id\":\"a\",\"temp\":nulll}",
                "{\"id\":\"a\" \"temp\":1}",
                "\ufeff{\"id\":\"a\"}",
                "\u0000{\"id\":\"a\"}",
                "{\"id\":\"a\"}\u0000"
            })
    void whatIsNoJsonOfRecordsIsRefusedAsAWhole(String body) {
        Refusal refusal = refusal(body);
        assertEquals(1, refusal.details().size());
        RecordProblem problem = refusal.details().get(0);
        assertEquals("$", problem.path());
        assertTrue(problem.line() >= 1 && problem.column() >= 1, problem.toString());
        assertTrue(refusal.message().startsWith("The body "), refusal.message());
        assertFalse(refusal.message().contains("Feature"), refusal.message());
    }

    @ParameterizedTest
    @CsvSource({
        "80, 7",
        "bf, 7",
        "c0 80, 7",
        "c1 bf, 7",
        "c3, 7",
        "c3 28, 7",
        "e0 80 80, 7",
        "e0 9f bf, 7",
        "e2 82, 7",
        "e2 28 a1, 7",
        "ed a0 80, 7",
        "ed bf bf, 7",
        "f0 80 80 80, 7",
        "f0 8f bf bf, 7",
        "f4 90 80 80, 7",
        "f5 80 80 80, 7",
        "f8 88 80 80, 7",
        "fe, 7",
        "ff, 7",
        "f0 9f 92, 7",
        "61 62 c3 a9 e2 82 ac f0 9f 92 a9 ff, 18"
    })
    void invalidUtf8IsRefusedWhereItIs(String hex, int column) {
        byte[] damage = HexFormat.ofDelimiter(" ").parseHex(hex);
        byte[] body = "\n\n{\"id\":\"????????????\"}".getBytes(StandardCharsets.UTF_8);
        System.arraycopy(damage, 0, body, 9, damage.length);
        RefusedException refused =
                assertThrows(RefusedException.class, () -> decoder.decode(body, 0, body.length, bytes -> true));
        assertEquals("is not UTF-8", problem(refused).reason());
        assertEquals(3, problem(refused).line());
        assertEquals(column + 1, problem(refused).column());
    }

    @Test
    void otherEncodingsAreRefused() {
        for (String charset : List.of("UTF-16", "UTF-16LE", "UTF-16BE", "UTF-32", "UTF-32LE", "UTF-32BE")) {
            byte[] body = "{\"id\":\"a\"}".getBytes(Charset.forName(charset));
            RefusedException refused =
                    assertThrows(RefusedException.class, () -> decoder.decode(body, 0, body.length, bytes -> true));
            assertEquals(Refusal.Code.INVALID_PARAMETER, refused.refusal().code());
            assertEquals(
                    "is in UTF-16 or UTF-32, not in UTF-8", problem(refused).reason());
        }
        assertEquals("begins with a byte order mark", problem("\ufeff[]").reason());
    }

    @Test
    void sizesAreLimitedBeforeTheyHurt() {
        for (String body : List.of(
                "[".repeat(100_000),
                "{\"id\":".repeat(100_000),
                "[{\"id\":" + "[".repeat(100_000),
                "{\"id\":\"a\",\"temp\":" + "9".repeat(1_001) + "}",
                "{\"id\":\"a\",\"temp\":-" + "9".repeat(10_000) + "}",
                "{\"id\":\"a\",\"temp\":0." + "3".repeat(10_000) + "}",
                "{\"id\":\"a\",\"temp\":1e" + "9".repeat(10_000) + "}",
                "{\"" + "n".repeat(200_000) + "\":1}",
                "{\"id\":\"" + "x".repeat((1 << 20) + 1) + "\"}")) {
            assertEquals(Refusal.Code.INVALID_PARAMETER, refusal(body).code());
        }
        assertEquals(
                "is not JSON that can be read: Number value length (10000) exceeds the maximum allowed (1000)",
                problem("{\"id\":\"a\",\"temp\":" + "9".repeat(10_000) + "}").reason());
        assertEquals(1, rows("{\"id\":\"" + "x".repeat(1 << 20) + "\"}").size());
        assertEquals(
                1, rows("{\"id\":\"a\",\"temp\":0." + "3".repeat(998) + "}").size());
    }

    @Test
    void rowsMayReachTheirLimitButNotPassIt() {
        // One row is 4 + 1 + 8 + 8 + 4 bytes and its string.
        byte[] body = "[{\"id\":\"12345\"},{\"id\":\"12345\"}]".getBytes(StandardCharsets.UTF_8);
        assertEquals(
                2, limitedTo(60).decode(body, 0, body.length, bytes -> true).rowCount());
        for (int limit : new int[] {59, 30, 29, 25, 1}) {
            RefusedException refused = assertThrows(
                    RefusedException.class, () -> limitedTo(limit).decode(body, 0, body.length, bytes -> true));
            assertEquals(Refusal.Code.TOO_LARGE, refused.refusal().code());
        }
    }

    @Test
    void memoryIsReservedBeforeItIsTaken() {
        byte[] body =
                ("[" + "{\"id\":\"0123456789\"},".repeat(1_000) + "{\"id\":\"\"}]").getBytes(StandardCharsets.UTF_8);
        int[] reserved = {0};
        DecodedRows rows = decoder.decode(body, 0, body.length, bytes -> (reserved[0] += bytes) > 0);
        assertEquals(35 * 1_000 + 25, rows.payload().remaining());
        assertTrue(reserved[0] >= rows.payload().remaining()
                && reserved[0] < 3 * rows.payload().remaining());
        int all = reserved[0];
        for (int budget : new int[] {0, 100, all / 2, all - 1}) {
            reserved[0] = 0;
            RefusedException refused = assertThrows(
                    RefusedException.class,
                    () -> decoder.decode(body, 0, body.length, bytes -> {
                        boolean granted = reserved[0] + bytes <= budget;
                        reserved[0] += granted ? bytes : 0;
                        return granted;
                    }));
            assertEquals(Refusal.Code.UNAVAILABLE, refused.refusal().code());
            assertEquals(1, refused.refusal().retryAfterSeconds());
            assertTrue(reserved[0] <= budget);
        }
    }

    @Test
    void oneDecoderServesManyThreadsWithOrdersOfTheirOwn() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Future<Boolean>> done = new ArrayList<>();
            List<String> orders = List.of(
                    "{\"id\":\"a\",\"temp\":1,\"rssi\":2}", "{\"rssi\":2,\"temp\":1,\"id\":\"a\"}",
                    "{\"temp\":1,\"id\":\"a\",\"rssi\":2}", "{\"rssi\":2,\"id\":\"a\",\"temp\":1}");
            for (String order : orders) {
                Callable<Boolean> loop = () -> {
                    for (int i = 0; i < 5_000; i++) {
                        assertEquals(List.of(List.of("a", 1.0, 2)), rows(order));
                    }
                    return true;
                };
                done.add(threads.submit(loop));
            }
            for (Future<Boolean> each : done) {
                assertTrue(each.get());
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void madeUpNamesDoNotFailOthersRequests() {
        for (int i = 0; i < 8_000; i++) {
            String body = "{\"name-" + i + "\":1}";
            assertEquals("is not a column of the table", problem(body).reason());
        }
        assertEquals(List.of(List.of("a", 1.0, 2)), rows("{\"rssi\":2,\"temp\":1,\"id\":\"a\"}"));
    }

    @Test
    void manyColumnsDo() {
        List<Column> columns = new ArrayList<>();
        List<Object> expected = new ArrayList<>();
        StringBuilder json = new StringBuilder("{");
        for (int i = 0; i < 2_000; i++) {
            columns.add(new Column("column_" + i, ColumnType.INTEGER, i % 2 == 0));
            expected.add(i);
            json.append(i > 0 ? ",\"column_" : "\"column_")
                    .append(i)
                    .append("\":")
                    .append(i);
        }
        assertEquals(List.of(expected), Decoding.rows(columns, json.append('}').toString()));
    }

    private static RowDecoder limitedTo(int maxPayloadBytes) {
        return new RowDecoder(Decoding.schema(COLUMNS), DecodeLimits.of(1 << 20, maxPayloadBytes));
    }

    private List<List<Object>> rows(String json) {
        return Decoding.rows(decoder, COLUMNS, json.getBytes(StandardCharsets.UTF_8));
    }

    private Refusal refusal(String json) {
        Refusal refusal = assertThrows(RefusedException.class, () -> rows(json)).refusal();
        assertEquals(Refusal.Code.INVALID_PARAMETER, refusal.code());
        return refusal;
    }

    private RecordProblem problem(String json) {
        return refusal(json).details().get(0);
    }

    private static RecordProblem problem(RefusedException refused) {
        return refused.refusal().details().get(0);
    }
}
