package io.headgate.schema;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.headgate.model.Refusal;
import io.headgate.model.RefusedException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Records decoded each for itself: what becomes rows, and what is told of the others. */
class RejectedRecordsTest {
    private static final List<Column> COLUMNS = List.of(
            new Column("id", ColumnType.STRING, false),
            new Column("n", ColumnType.INTEGER, true),
            new Column("tags", new ColumnType.Map(ColumnType.STRING, ColumnType.STRING, true), true));

    private final RowDecoder decoder = Decoding.decoder(COLUMNS);

    private DecodedRows decode(BodyForm form, ServerColumns server, String body) {
        byte[] bytes = bytes(body);
        return decoder.decodeEach(
                bytes, 0, bytes.length, form, more -> true, server, RequestValues.of(0, "me", "request"));
    }

    private static byte[] bytes(String body) {
        return body.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    }

    private static List<Object> ids(DecodedRows rows) {
        List<List<Object>> read = Rows.read(RowLayout.of(COLUMNS), rows.payload());
        assertEquals(rows.rowCount(), read.size());
        return read.stream().map(row -> row.get(0)).toList();
    }

    private static List<String> texts(RejectedRecords rejected, byte[] body, int from) {
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < rejected.count(); i++) {
            String text = new String(body, from + rejected.offset(i), rejected.length(i), StandardCharsets.UTF_8);
            texts.add(rejected.record(i) + " " + text.strip().replace('"', '\''));
        }
        return texts;
    }

    @Test
    void goodRecordsBecomeRowsAndTheTextOfTheOthersIsFound() {
        String body = "[ {'id':'a'}, {'id':'é€𝄞','n':'x'} ,{'id':'b'},7,'te\\u0078t', [1,{'id':'c'}],\n"
                + " { 'id' : 'd' , 'n' : 1.5 , 'tags':{'}':'{'} },null,{'id':'e','tags':{}}]";
        DecodedRows rows = decode(BodyForm.JSON, ServerColumns.NONE, body);
        assertEquals(List.of("a", "b", "e"), ids(rows));
        assertEquals(
                List.of(
                        "1 {'id':'é€𝄞','n':'x'}",
                        "3 7",
                        "4 'te\\u0078t'",
                        "5 [1,{'id':'c'}]",
                        "6 { 'id' : 'd' , 'n' : 1.5 , 'tags':{'}':'{'} }",
                        "7 null"),
                texts(rows.rejected(), bytes(body), 0));
        assertEquals("$.n", rows.rejected().problems(0).get(0).path());
        assertEquals(1, rows.rejected().problems(0).get(0).record());
        assertFalse(rows.rejected().hasUnknownField());
    }

    @Test
    void theTextIsFoundInThePartThatWasGiven() {
        byte[] body = bytes("]]]{'id':1}{{");
        DecodedRows rows =
                decoder.decodeEach(body, 3, 8, BodyForm.JSON, more -> true, ServerColumns.NONE, RequestValues.NONE);
        assertEquals(List.of("0 {'id':1}"), texts(rows.rejected(), body, 3));
    }

    @Test
    void linesAreRejectedOneByOne() {
        String body = "{'id':1}\r\n[1,\n2]\n7\n{'id':'a'} {'id':'b'}\n\n {'id':'c'} \n{'id':2}";
        DecodedRows rows = decode(BodyForm.NDJSON, ServerColumns.NONE, body);
        assertEquals(List.of("a", "c"), ids(rows));
        assertEquals(
                List.of("0 {'id':1}", "1 [1,\n2]", "2 7", "4 {'id':'b'}", "6 {'id':2}"),
                texts(rows.rejected(), bytes(body), 0));
    }

    @Test
    void whatIsKeptIsBoundedAndWhatIsCountedIsNot() {
        String bad = "{'id':1,'n':'x','tags':{" + "'a':1,".repeat(9) + "'a':2},'tags':0}";
        DecodedRows rows = decode(
                BodyForm.JSON, ServerColumns.NONE, "[" + (bad + ",{'id':'a'},").repeat(149) + bad + ",{'id':'b'}]");
        assertEquals(150, rows.rowCount());
        RejectedRecords rejected = rows.rejected();
        assertEquals(150, rejected.count());
        assertEquals(13, rejected.problemCount(0));
        assertEquals(150 * 13, rejected.problemCount());
        for (int i = 0; i < 150; i++) {
            assertEquals(2 * i, rejected.record(i));
            assertEquals(13, rejected.problemCount(i));
            assertEquals(i < 100 ? 10 : 0, rejected.problems(i).size());
        }
        assertThrows(IndexOutOfBoundsException.class, () -> rejected.record(150));
        assertThrows(IndexOutOfBoundsException.class, () -> rejected.problems(-1));
    }

    @Test
    void aFieldThatIsUnknownIsToldOf() {
        assertTrue(decode(BodyForm.JSON, ServerColumns.NONE, "[{'id':'a','x':1},{'id':'b'}]")
                .rejected()
                .hasUnknownField());
    }

    @Test
    void columnsOfTheGatewayAndPinnedOnesRejectOneRecord() {
        ServerColumns pinned = ServerColumns.NONE.pinnedTo(Decoding.schema(COLUMNS), Set.of("id"));
        DecodedRows rows = decode(BodyForm.JSON, pinned, "[{'id':'you'},{'n':1},{'id':'me'}]");
        assertEquals(List.of("me", "me"), ids(rows));
        assertEquals(1, rows.rejected().count());
        ServerColumns set =
                ServerColumns.of(Decoding.schema(COLUMNS), Map.of("id", new SetColumn(ServerValue.REQUEST_ID, false)));
        assertEquals(List.of("request"), ids(decode(BodyForm.JSON, set, "[{'id':'mine'},{'n':1,'tags':{'a':null}}]")));
    }

    @Test
    void whatIsNoJsonRefusesAll() {
        RefusedException refused = assertThrows(
                RefusedException.class,
                () -> decode(BodyForm.JSON, ServerColumns.NONE, "[{'id':'a'},{'id':1},{'id':'b'}"));
        assertEquals(Refusal.Code.INVALID_PARAMETER, refused.refusal().code());
        assertEquals(2, refused.refusal().details().size());
        String many = "[" + "{'id':1,'n':'x'},".repeat(120) + "}";
        RefusedException cut =
                assertThrows(RefusedException.class, () -> decode(BodyForm.JSON, ServerColumns.NONE, many));
        assertEquals(100, cut.refusal().details().size());
        assertEquals("$", cut.refusal().details().get(99).path());
        assertThrows(RefusedException.class, () -> decode(BodyForm.JSON, ServerColumns.NONE, "7"));
        assertThrows(
                RefusedException.class,
                () -> decode(BodyForm.NDJSON, ServerColumns.NONE, "{'id':'a'}\n{'id':\n'b'}\n"));
    }

    @Test
    void placesAreReservedBeforeTheyAreKept() {
        byte[] body = bytes("[" + String.join(",", Collections.nCopies(50_000, "0")) + "]");
        int[] reserved = {0};
        DecodedRows rows = decoder.decodeEach(
                body,
                0,
                body.length,
                BodyForm.JSON,
                more -> (reserved[0] += more) > 0,
                ServerColumns.NONE,
                RequestValues.NONE);
        assertEquals(50_000, rows.rejected().count());
        assertTrue(reserved[0] >= 16 * 50_000 && reserved[0] < 3 * 16 * 50_000, () -> "reserved " + reserved[0]);
        int[] left = {10_000};
        RefusedException refused = assertThrows(
                RefusedException.class,
                () -> decoder.decodeEach(
                        body,
                        0,
                        body.length,
                        BodyForm.JSON,
                        more -> (left[0] -= more) > 0,
                        ServerColumns.NONE,
                        RequestValues.NONE));
        assertEquals(Refusal.Code.UNAVAILABLE, refused.refusal().code());
    }

    @Test
    void withoutAskingNoneAreRejectedAlone() {
        byte[] body = bytes("[{'id':'a'}]");
        assertEquals(
                0, decoder.decode(body, 0, body.length, more -> true).rejected().count());
    }
}
