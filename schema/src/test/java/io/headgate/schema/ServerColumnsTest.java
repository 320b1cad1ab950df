package io.headgate.schema;

import static io.headgate.schema.ColumnType.LONG;
import static io.headgate.schema.ColumnType.STRING;
import static io.headgate.schema.ColumnType.TIMESTAMP;
import static io.headgate.schema.ColumnType.TIMESTAMP_NTZ;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.headgate.model.RecordProblem;
import io.headgate.model.Refusal;
import io.headgate.model.RefusedException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the gateway writes into which columns, and what becomes of a value that a record has for one. */
class ServerColumnsTest {
    private static final long RECEIVED_MILLIS = 1_795_342_530_250L;
    private static final String SUBJECT = "pump-17 \u00e9\ud83d\ude80";
    private static final RequestValues VALUES = RequestValues.of(RECEIVED_MILLIS, SUBJECT, "1x9c-2f");

    /** A value with a type it fits, what it is there, and another value as a device would send it. */
    private record Fit(ServerValue value, ColumnType type, Object written, String sentJson, Object sent) {}

    private static final List<Fit> FITS = List.of(
            new Fit(ServerValue.RECEIVE_TIME, TIMESTAMP, RECEIVED_MILLIS * 1_000, "7", 7L),
            new Fit(
                    ServerValue.RECEIVE_TIME,
                    TIMESTAMP_NTZ,
                    RECEIVED_MILLIS * 1_000,
                    "\"1970-01-01T00:00:00.000007\"",
                    7L),
            new Fit(ServerValue.SUBJECT, STRING, SUBJECT, "\"other\"", "other"),
            new Fit(ServerValue.REQUEST_ID, STRING, "1x9c-2f", "\"\"", ""));

    private static List<Column> columns(ColumnType type, boolean nullable) {
        return List.of(new Column("n", LONG, true), new Column("x", type, nullable), new Column("m", LONG, true));
    }

    private static List<List<Object>> rows(List<Column> columns, ServerColumns server, String json) {
        byte[] body = json.getBytes(StandardCharsets.UTF_8);
        DecodedRows decoded =
                Decoding.decoder(columns).decode(body, 0, body.length, BodyForm.JSON, bytes -> true, server, VALUES);
        return Rows.read(RowLayout.of(columns), decoded.payload());
    }

    private static ServerColumns set(List<Column> columns, ServerValue value, boolean ifAbsent) {
        return ServerColumns.of(Decoding.schema(columns), Map.of("x", new SetColumn(value, ifAbsent)));
    }

    private static ServerColumns pinned(List<Column> columns, String... pins) {
        return ServerColumns.NONE.pinnedTo(Decoding.schema(columns), Set.of(pins));
    }

    private static Refusal refusal(List<Column> columns, ServerColumns server, String json) {
        return assertThrows(RefusedException.class, () -> rows(columns, server, json))
                .refusal();
    }

    @TestFactory
    Stream<DynamicTest> everyValueInEveryTypeItFits() {
        List<DynamicTest> tests = new ArrayList<>();
        for (Fit fit : FITS) {
            for (boolean nullable : new boolean[] {true, false}) {
                for (boolean ifAbsent : new boolean[] {true, false}) {
                    String name =
                            new SetColumn(fit.value, ifAbsent) + " into " + fit.type + (nullable ? "" : " NOT NULL");
                    tests.add(DynamicTest.dynamicTest(name, () -> check(fit, nullable, ifAbsent)));
                }
            }
        }
        return tests.stream();
    }

    private static void check(Fit fit, boolean nullable, boolean ifAbsent) {
        List<Column> columns = columns(fit.type, nullable);
        ServerColumns server = set(columns, fit.value, ifAbsent);
        List<Object> first = List.of(1L, fit.written, 2L);
        List<Object> second = List.of(Rows.NULL, fit.written, Rows.NULL);
        assertEquals(
                List.of(first, second, second),
                rows(columns, server, "[{\"n\":1,\"m\":2},{},{\"x\":null}]"),
                "what is absent or null is written");
        String sent = "[{},{\"x\":" + fit.sentJson + "}]";
        if (ifAbsent) {
            assertEquals(
                    List.of(second, List.of(Rows.NULL, fit.sent, Rows.NULL)), rows(columns, server, sent), "it stands");
            return;
        }
        Refusal refused = refusal(columns, server, sent);
        assertEquals(Refusal.Code.INVALID_PARAMETER, refused.code());
        RecordProblem problem = refused.details().get(0);
        assertEquals(1, problem.record());
        assertEquals("x", problem.field());
        assertEquals("is set by the gateway, as the table's set-columns say, and is not to be sent", problem.reason());
        assertEquals("nothing, since it gets the " + fit.value, problem.expected());
        assertEquals(10, problem.column());
    }

    @ParameterizedTest
    @FieldSource("io.headgate.schema.ColumnType#PLAIN")
    void aColumnOfAnotherTypeIsToldOf(ColumnType type) {
        for (ServerValue value : ServerValue.values()) {
            boolean fits = FITS.stream().anyMatch(fit -> fit.value == value && fit.type == type);
            List<Column> columns = columns(type, true);
            if (fits) {
                set(columns, value, true);
                continue;
            }
            Refusal refused = assertThrows(RefusedException.class, () -> set(columns, value, true))
                    .refusal();
            assertEquals(Refusal.Code.NOT_IMPLEMENTED, refused.code());
            assertEquals(
                    "Table main.fleet.t takes no rows: tables.main.fleet.t.set-columns says that the column 'x' is set to "
                            + value + "-if-absent, but the table has it as " + type.sqlName() + ", not as "
                            + value.types() + ". Have the operator correct the configuration or the table.",
                    refused.message());
        }
    }

    @Test
    void namesAreExact() {
        Refusal refused = assertThrows(
                        RefusedException.class,
                        () -> ServerColumns.of(
                                Decoding.schema(columns(STRING, true)),
                                Map.of("X", new SetColumn(ServerValue.SUBJECT, false))))
                .refusal();
        assertEquals(Refusal.Code.NOT_IMPLEMENTED, refused.code());
        assertTrue(
                refused.message().contains("'X' is set to subject, but the table has no column of that name"),
                refused::message);
    }

    @Test
    void aFieldOccursOnceAllTheSame() {
        List<Column> columns = columns(STRING, true);
        Refusal refused = refusal(
                columns, set(columns, ServerValue.SUBJECT, true), "{\"x\":null,\"n\":1,\"x\":\"" + SUBJECT + "\"}");
        assertEquals("occurs twice in the record", refused.details().get(0).reason());
    }

    @Test
    void whatIsNotSetIsRequiredAsEver() {
        List<Column> columns = List.of(new Column("a", STRING, false), new Column("x", STRING, false));
        ServerColumns server = set(columns, ServerValue.SUBJECT, false);
        assertEquals("a", refusal(columns, server, "{}").details().get(0).field());
        assertEquals(
                "a", refusal(columns, server, "{\"a\":null}").details().get(0).field());
        assertEquals(List.of(List.of("b", SUBJECT)), rows(columns, server, "{\"a\":\"b\"}"));
    }

    @Test
    void whatIsWrittenCountsAgainstTheLimits() {
        List<Column> columns = columns(STRING, true);
        byte[] body = ("[" + "{},".repeat(9) + "{}]").getBytes(StandardCharsets.UTF_8);
        int row = RowLayout.of(columns).fixedBytes() + SUBJECT.getBytes(StandardCharsets.UTF_8).length;
        ServerColumns server = set(columns, ServerValue.SUBJECT, false);
        for (int limit : new int[] {10 * row, 10 * row - 1}) {
            RowDecoder decoder = new RowDecoder(Decoding.schema(columns), DecodeLimits.of(1 << 20, limit));
            if (limit == 10 * row) {
                assertEquals(
                        10 * row,
                        decoder.decode(body, 0, body.length, BodyForm.JSON, bytes -> true, server, VALUES)
                                .payload()
                                .remaining());
            } else {
                RefusedException refused = assertThrows(
                        RefusedException.class,
                        () -> decoder.decode(body, 0, body.length, BodyForm.JSON, bytes -> true, server, VALUES));
                assertEquals(Refusal.Code.TOO_LARGE, refused.refusal().code());
            }
        }
    }

    @Test
    void aPinnedColumnGetsTheSubjectOrHasIt() {
        for (boolean nullable : new boolean[] {true, false}) {
            List<Column> columns = columns(STRING, nullable);
            List<Object> row = List.of(Rows.NULL, SUBJECT, Rows.NULL);
            assertEquals(
                    List.of(row, row, row, row),
                    rows(
                            columns,
                            pinned(columns, "x"),
                            "[{},{\"x\":null},{\"x\":\"" + SUBJECT
                                    + "\"},{\"x\":\"\\u0070ump-17 \\u00E9\\ud83d\\ude80\"}]"));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "pump-18",
                "pump-17",
                "PUMP-17 \u00e9\ud83d\ude80",
                "pump-17 \u00e9\ud83d\ude80 ",
                "pump-17 e\u0301\ud83d\ude80"
            })
    void anotherValueInAPinnedColumnIsDenied(String other) {
        List<Column> columns = columns(STRING, true);
        Refusal refused = refusal(columns, pinned(columns, "x"), "[{},{\"n\":1,\"x\":\"" + other + "\"}]");
        assertEquals(Refusal.Code.PERMISSION_DENIED, refused.code());
        RecordProblem problem = refused.details().get(0);
        assertEquals(1, problem.record());
        assertEquals("$.x", problem.path());
        assertEquals("is not the token's subject, to which its grant pins this column", problem.reason());
        assertEquals("\"pump-17 \\u00e9\\ud83d\\ude80\", or nothing", problem.expected());
        assertTrue(refused.message().endsWith(" No record of the request was accepted."), refused::message);
    }

    @Test
    void littleIsQuotedOfWhatWasSent() {
        List<Column> columns = columns(STRING, true);
        Refusal refused = refusal(columns, pinned(columns, "x"), "{\"x\":\"" + "s".repeat(5_000) + "\"}");
        assertEquals('"' + "s".repeat(40) + "...\"", refused.details().get(0).got());
        assertTrue(refused.message().length() < 300, refused::message);
    }

    @Test
    void anotherTypeInAPinnedColumnIsNoString() {
        List<Column> columns = columns(STRING, true);
        Refusal refused = refusal(columns, pinned(columns, "x"), "{\"x\":17}");
        assertEquals(Refusal.Code.INVALID_PARAMETER, refused.code());
        assertEquals("is not a JSON string", refused.details().get(0).reason());
    }

    @Test
    void aPinThatTheTableCannotHoldIsDenied() {
        for (ColumnType type : ColumnType.PLAIN) {
            if (type != STRING) {
                assertPinDenied("it is no STRING", columns(type, true), ServerColumns.NONE, "x");
            }
        }
        List<Column> columns = columns(STRING, true);
        assertPinDenied("there is no such column", columns, ServerColumns.NONE, "X");
        assertPinDenied("there is no such column", columns, ServerColumns.NONE, "x", "y");
        assertPinDenied("the gateway sets it to request-id", columns, set(columns, ServerValue.REQUEST_ID, true), "x");
    }

    private static void assertPinDenied(String why, List<Column> columns, ServerColumns set, String... pins) {
        Refusal refused = assertThrows(
                        RefusedException.class, () -> set.pinnedTo(Decoding.schema(columns), Set.of(pins)))
                .refusal();
        assertEquals(Refusal.Code.PERMISSION_DENIED, refused.code());
        assertTrue(refused.message().contains("to its subject, but " + why + ". "), refused::message);
    }

    @Test
    void aPinGoesBeforeWhatADeviceMaySend() {
        List<Column> columns = columns(STRING, true);
        ServerColumns kept = set(columns, ServerValue.SUBJECT, true).pinnedTo(Decoding.schema(columns), Set.of("x"));
        assertEquals(
                Refusal.Code.PERMISSION_DENIED,
                refusal(columns, kept, "{\"x\":\"other\"}").code());
        assertTrue(kept.isPinned(1));
        assertTrue(kept.setBy(1).isEmpty());
        ServerColumns never = set(columns, ServerValue.SUBJECT, false).pinnedTo(Decoding.schema(columns), Set.of("x"));
        assertEquals(
                Refusal.Code.INVALID_PARAMETER,
                refusal(columns, never, "{\"x\":\"" + SUBJECT + "\"}").code());
        assertFalse(never.isPinned(1));
        assertEquals("subject", never.setBy(1).orElseThrow().toString());
    }

    @Test
    void wordsAreReadAsTheyAreWritten() {
        assertEquals(
                List.of(
                        "receive-time",
                        "receive-time-if-absent",
                        "subject",
                        "subject-if-absent",
                        "request-id",
                        "request-id-if-absent"),
                SetColumn.words());
        SetColumn.words()
                .forEach(word -> assertEquals(word, SetColumn.parse(word).toString()));
        assertThrows(IllegalArgumentException.class, () -> SetColumn.parse("Subject"));
        assertThrows(IllegalArgumentException.class, () -> SetColumn.parse("-if-absent"));
    }

    @Test
    void aSubjectThatNoColumnCanHoldIsDenied() {
        RefusedException refused =
                assertThrows(RefusedException.class, () -> RequestValues.of(0, "x\ud83d", "request"));
        assertEquals(Refusal.Code.PERMISSION_DENIED, refused.refusal().code());
    }
}
