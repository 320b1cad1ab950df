package io.headgate.schema;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.headgate.model.RecordProblem;
import io.headgate.model.Refusal;
import io.headgate.model.RefusedException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** All problems of a request at once, wherever they are. */
class ProblemsTest {
    private static final ColumnType READING = new ColumnType.Struct(List.of(
            new Column("temp", ColumnType.DOUBLE, false),
            new Column("tags", new ColumnType.Map(ColumnType.INTEGER, ColumnType.DATE, false), true)));
    private static final List<Column> COLUMNS = List.of(
            new Column("id", ColumnType.STRING, false),
            new Column("n", ColumnType.INTEGER, true),
            new Column("readings", new ColumnType.Array(READING, false), true));

    private final RowDecoder decoder = Decoding.decoder(COLUMNS);

    private RefusedException refused(String body) {
        return refused(decoder, ServerColumns.NONE, BodyForm.JSON, body);
    }

    private static RefusedException refused(RowDecoder decoder, ServerColumns server, BodyForm form, String body) {
        byte[] bytes = body.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
        RequestValues values = RequestValues.of(0, "me", "request");
        return assertThrows(
                RefusedException.class,
                () -> decoder.decode(bytes, 0, bytes.length, form, more -> true, server, values));
    }

    private static List<String> told(RefusedException refused) {
        return refused.refusal().details().stream()
                .map(problem -> problem.record() + " " + problem.path() + " " + problem.reason())
                .toList();
    }

    @Test
    void everyProblemOfEveryRecordIsTold() {
        RefusedException refused = refused("""
                [
                {'id':'a','n':'x','readings':[{'temp':1},{'temp':'warm','tags':{'1':'2024-01-01','01':3,'x':4,'2':null}},7]},
                {'Id':'b','readings':[{},null]},
                5,
                {'id':'fine'},
                {'id':'c','n':1.5,'n':2,'id':null}
                ]""");
        assertEquals(
                List.of(
                        "0 $.n is not a whole number",
                        "0 $.readings[1].temp is not a number",
                        "0 $.readings[1].tags['01'] occurs twice in the map",
                        "0 $.readings[1].tags['x'] is a key that is not a whole number",
                        "0 $.readings[1].tags['2'] is null, which its map does not take",
                        "0 $.readings[2] is not a JSON object",
                        "1 $.Id is not a column of the table",
                        "1 $.readings[0].temp is missing by the end of the struct",
                        "1 $.readings[1] is null, which its array does not take",
                        "1 $.id is missing by the end of the record",
                        "2 $ is not a JSON object",
                        "4 $.n is not a whole number",
                        "4 $.n occurs twice in the record",
                        "4 $.id occurs twice in the record"),
                told(refused));
        assertEquals(
                "Record 0: $.n is not a whole number (line 2, column 15): expected INT (-2147483648 to 2147483647), got"
                        + " \"x\". There are 13 more problems. No record of the request was accepted.",
                refused.refusal().message());
        assertEquals(
                new RecordProblem(
                        1,
                        "$.readings[0].temp",
                        "temp",
                        3,
                        24,
                        "is missing by the end of the struct",
                        "DOUBLE (a number up to 1.7976931348623157e308, or \"NaN\", \"Infinity\", \"-Infinity\"), NOT NULL",
                        null),
                refused.refusal().details().get(7));
    }

    @Test
    void oneMoreIsOneMore() {
        assertEquals(
                "Record 0: $.n is not a whole number (line 1, column 15): expected INT (-2147483648 to 2147483647), got"
                        + " true. There is one more problem. No record of the request was accepted.",
                refused("{'id':'a','n':true,'readings':1}").refusal().message());
    }

    @Test
    void aHundredAreToldAndTheOthersCounted() {
        RefusedException refused = refused("[" + "{'id':'a','n':'x'},".repeat(149) + "{'id':'a','n':{}}]");
        assertEquals(100, refused.refusal().details().size());
        assertTrue(
                refused.refusal().message().contains(" There are 149 more problems, and details of 100 in all. No "),
                refused.refusal()::message);
        assertFalse(refused instanceof UnknownFieldException);
    }

    @Test
    void aFieldThatIsUnknownMakesTheRequestOneToLookAtAgain() {
        RefusedException deep = refused("{'id':7,'readings':[{'temp':1,'temperature':2}]}");
        assertTrue(deep instanceof UnknownFieldException);
        RecordProblem problem = deep.refusal().details().get(1);
        assertEquals("$.readings[0].temperature", problem.path());
        assertEquals("temperature", problem.field());
        assertEquals("is not a field of its struct", problem.reason());
        assertEquals("a name of one of the struct's fields", problem.expected());
        assertEquals(
                "\"temp\", since names are case-sensitive",
                refused("{'id':'a','readings':[{'TEMP':1,'temp':2}]}")
                        .refusal()
                        .details()
                        .get(0)
                        .expected());
        RefusedException late = refused("[" + "{'id':1},".repeat(200) + "{'id':'a','x':{'y':[1,2]}}]");
        assertTrue(late instanceof UnknownFieldException, "beyond those that are told");
    }

    @Test
    void whatIsNoJsonEndsTheSearchAndIsToldLast() {
        RefusedException refused = refused("[{'id':1},{'id':'b'},{'n':2},{'id'");
        assertEquals(
                List.of(
                        "0 $.id is not a JSON string",
                        "2 $.id is missing by the end of the record",
                        "3 $ ends in the middle of a record"),
                told(refused));
        assertTrue(refused.refusal().message().startsWith("Record 0: $.id is not"), refused.refusal()::message);
        RefusedException after = refused("[{'id':1}] x");
        assertEquals(2, after.refusal().details().size());
        RefusedException many = refused("[" + "{'id':1},".repeat(150) + "}");
        assertEquals(100, many.refusal().details().size());
        assertEquals("$", many.refusal().details().get(99).path());
        assertTrue(many.refusal().message().contains("150 more problems, and details of 100"), many.refusal()::message);
    }

    @Test
    void anotherSubjectIsDeniedWhateverElseIsWrong() {
        ServerColumns pinned = ServerColumns.NONE.pinnedTo(Decoding.schema(COLUMNS), Set.of("id"));
        for (int others : new int[] {0, 1, 99, 100, 250}) {
            String body = "[" + "{'n':'x'},".repeat(others) + "{'id':'you'},{'id':'me'},{'n':{}}]";
            RefusedException refused = refused(decoder, pinned, BodyForm.JSON, body);
            assertEquals(Refusal.Code.PERMISSION_DENIED, refused.refusal().code());
            String denied = "Record " + others + ": $.id is not the token's subject";
            assertTrue(refused.refusal().message().startsWith(denied), refused.refusal()::message);
            assertEquals(Math.min(100, others + 2), refused.refusal().details().size());
            assertTrue(refused.refusal().details().stream().anyMatch(problem -> problem.record() == others));
        }
    }

    @Test
    void nothingIsKeptOfRowsThatAreOfNoUse() {
        RowDecoder small = new RowDecoder(Decoding.schema(COLUMNS), DecodeLimits.of(1 << 20, 200));
        String good = "{'id':'" + "x".repeat(50) + "'}";
        assertEquals(
                Refusal.Code.TOO_LARGE,
                refused(small, ServerColumns.NONE, BodyForm.JSON, "[" + (good + ",").repeat(99) + good + "]")
                        .refusal()
                        .code());
        RefusedException refused =
                refused(small, ServerColumns.NONE, BodyForm.JSON, "[{'id':1}," + (good + ",").repeat(99) + "{'id':2}]");
        assertEquals(Refusal.Code.INVALID_PARAMETER, refused.refusal().code());
        assertEquals(List.of("0 $.id is not a JSON string", "100 $.id is not a JSON string"), told(refused));
    }

    @Test
    void linesAreLookedAtOneByOne() {
        RefusedException refused = refused(
                decoder,
                ServerColumns.NONE,
                BodyForm.NDJSON,
                "{'id':1}\n[1,{'id':2}]\n7\n'text'\n{'id':'a'} {'id':'b'}\n\n{'id':2}\n");
        assertEquals(
                List.of(
                        "0 $.id is not a JSON string",
                        "1 $ is an array, which is to be sent alone and as application/json",
                        "2 $ is not a JSON object",
                        "3 $ is not a JSON object",
                        "5 $ begins on the line of the one before it",
                        "6 $.id is not a JSON string"),
                told(refused));
        RefusedException cut = refused(
                decoder, ServerColumns.NONE, BodyForm.NDJSON, "{'id':1}\n{'id':2,'nope':3,\n'n':'x'}\n{'id':4}\n");
        assertEquals(List.of("0 $.id is not a JSON string", "1 $ is not complete by the end of its line"), told(cut));
        assertFalse(cut instanceof UnknownFieldException, "of the record that is cut nothing counts");
    }

    @Test
    void keysAndNamesAreQuotedShortAndEscaped() {
        RecordProblem key = refused("{'id':'a','readings':[{'temp':1,'tags':{'" + "k".repeat(500) + "':1}}]}")
                .refusal()
                .details()
                .get(0);
        assertEquals("$.readings[0].tags['" + "k".repeat(40) + "...']", key.path());
        assertEquals("tags", key.field());
        assertEquals('"' + "k".repeat(40) + "...\"", key.got());
        RefusedException control =
                refused("{'id':'a','readings':[{'temp':1,'tags':{'\\u001b\\u00e9':1},'\\u0007':0}]}");
        assertTrue(control.refusal().message().chars().allMatch(c -> c >= ' ' && c <= '~'), control::getMessage);
        assertEquals(
                "$.readings[0].tags['\\u001b\\u00e9']",
                control.refusal().details().get(0).path());
        assertEquals(
                "$.readings[0]['\\u0007']", control.refusal().details().get(1).path());
    }

    @Test
    void namesOfTypesAreShort() {
        List<Column> wide = List.of(new Column(
                "v",
                new ColumnType.Struct(IntStream.range(0, 500)
                        .mapToObj(i -> new Column("field_" + i, ColumnType.LONG, true))
                        .toList()),
                true));
        RefusedException refused = assertThrows(RefusedException.class, () -> Decoding.rows(wide, "{\"v\":1}"));
        assertTrue(refused.refusal().message().length() < 400, refused.refusal()::message);
    }
}
