package io.headgate.schema;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.headgate.model.RecordProblem;
import io.headgate.model.Refusal;
import io.headgate.model.RefusedException;
import io.headgate.model.Seed;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One record on each line. */
class NdjsonTest {
    private static final List<Column> COLUMNS =
            List.of(new Column("id", ColumnType.STRING, false), new Column("n", ColumnType.INTEGER, true));
    private static final String CUT = "is not complete by the end of its line";

    private final RowDecoder decoder = Decoding.decoder(COLUMNS);

    private List<List<Object>> rows(String body) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        DecodedRows decoded = decode(decoder, bytes);
        List<List<Object>> rows = Rows.read(RowLayout.of(COLUMNS), decoded.payload());
        assertEquals(rows.size(), decoded.rowCount());
        return rows;
    }

    private static DecodedRows decode(RowDecoder decoder, byte[] bytes) {
        return decoder.decode(
                bytes, 0, bytes.length, BodyForm.NDJSON, more -> true, ServerColumns.NONE, RequestValues.NONE);
    }

    private RecordProblem problem(String body) {
        Refusal refusal = assertThrows(RefusedException.class, () -> rows(body)).refusal();
        assertEquals(Refusal.Code.INVALID_PARAMETER, refusal.code());
        return refusal.details().get(0);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'id':'a'}~{'id':'b','n':1}",
                "{'id':'a'}~{'id':'b','n':1}~",
                "{'id':'a'}^~{'id':'b','n':1}^~",
                "~~ {'id':'a'} ~^~\t~ { 'id' : 'b' , 'n' : 1 } ~~ ~",
                "{'id':'a'}~  {'n':1,'id':'b'}  ",
                "{'id':'a'}^{'id':'b','n':1}",
            })
    void eachLineIsARecordAndBlankOnesAreNone(String body) {
        assertEquals(List.of(List.of("a", Rows.NULL), List.of("b", 1)), rows(text(body)));
    }

    private static String text(String body) {
        return body.replace('\'', '"').replace('~', '\n').replace('^', '\r');
    }

    @Test
    void oneObjectIsWhatItIsInJson() {
        assertEquals(List.of(List.of("a", 7)), rows("{\"id\":\"a\",\"n\":7}"));
    }

    /** The line is the one that the record began on, whatever the parser made of the next ones. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'id':'a'}~{'id':7} | 1 | 2 | 7 | is not a JSON string",
                "~^~{'id':'a'}~~{'id':'b','m':1} | 1 | 5 | 11 | is not a column of the table",
                "{'id':'a'}~{'n':1}~{'id':'c'} | 1 | 2 | 7 | is missing by the end of the record",
                "{'id':'a'}~7~ | 1 | 2 | 1 | is not a JSON object",
                "{'id':'a'}~'text' | 1 | 2 | 1 | is not a JSON object",
                "{'id':'a'}~null | 1 | 2 | 1 | is not a JSON object",
                "{'id':'a'} {'id':'b'} | 1 | 1 | 12 | begins on the line of the one before it",
                "{'id':'a'}{'id':'b'} | 1 | 1 | 11 | begins on the line of the one before it",
                "{'id':'a'}~[{'id':'b'}] | 1 | 2 | 1 | is an array",
                "[{'id':'a'},{'id':'b'}] | 0 | 1 | 1 | is an array",
                "{'id':'a'}~{'id':~'b'}~{'id':'c'} | 1 | 2 | 1 | CUT",
                "{'id':'a'}~  {'id':'b'~}~{'id':'c'} | 1 | 2 | 3 | CUT",
                "{'id':'a'}~{'id':'b'~{'id':'c'} | 1 | 2 | 1 | CUT",
                "{'id':'a'}~{'id':'b',~'x':1} | 1 | 2 | 1 | CUT",
                "{'id':'a'}~{'id':'b','n':~[1]} | 1 | 2 | 1 | CUT",
                "{'id':'a'}~{'id':'b','n':^'x'} | 1 | 2 | 1 | CUT",
                "{'id':'a'}~{'id'~ | 1 | 2 | 1 | CUT",
                "{'id':'a'}~{'id':'b' | 1 | 2 | 10 | ends in the middle of a record",
            })
    void whatIsWrongIsSaidWithTheRecordsLine(String body, int record, int line, int column, String reason) {
        RecordProblem problem = problem(text(body));
        assertTrue(problem.reason().startsWith(reason.equals("CUT") ? CUT : reason), problem::toString);
        assertEquals(record, problem.record());
        assertEquals(line, problem.line(), problem::toString);
        assertEquals(column, problem.column(), problem::toString);
    }

    @Test
    void whatIsNotJsonIsSaidWithItsLine() {
        for (String broken :
                List.of("{'id':'b'},", "{'id':'b',}", "{'id':nul}", "{id:1}", "{'id':'b", "}", "]", "nope")) {
            RecordProblem problem = problem(text("{'id':'a'}~~" + broken + "~{'id':'c'}"));
            assertEquals(3, problem.line(), () -> broken + ": " + problem);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "~", " ^~ ~"})
    void noRecordIsNotABody(String body) {
        assertEquals("is empty", problem(text(body)).reason());
    }

    @Test
    void aByteOrderMarkIsRefusedAsInJson() {
        assertEquals(
                "begins with a byte order mark", problem("\ufeff{\"id\":\"a\"}").reason());
    }

    @Test
    void recordsAreCountedAsInJson() {
        RowDecoder two = new RowDecoder(Decoding.schema(COLUMNS), DecodeLimits.of(1 << 20, 1 << 20, 10, 2, 2));
        byte[] fits = text("{'id':'a'}~{'id':'b'}~").getBytes(StandardCharsets.UTF_8);
        assertEquals(2, decode(two, fits).rowCount());
        byte[] more = text("{'id':'a'}~{'id':'b'}~{'id':'c'}").getBytes(StandardCharsets.UTF_8);
        RefusedException refused = assertThrows(RefusedException.class, () -> decode(two, more));
        assertEquals(Refusal.Code.TOO_LARGE, refused.refusal().code());
    }

    @Test
    void theSameRecordsAreTheSameRowsInEitherForm() {
        Random random = Seed.forTest("NdjsonTest").random();
        for (int i = 0; i < 300; i++) {
            StringBuilder array = new StringBuilder("[");
            StringBuilder lines = new StringBuilder();
            int records = 1 + random.nextInt(20);
            for (int r = 0; r < records; r++) {
                String record = "{\"id\":\"" + random.nextInt() + "\",\"n\":" + random.nextInt() + "}";
                array.append(r > 0 ? ",\n" : "").append(record);
                lines.append("\n".repeat(random.nextInt(3)))
                        .append(record)
                        .append(random.nextBoolean() ? "\r\n" : "\n");
            }
            assertEquals(Decoding.rows(COLUMNS, array.append(']').toString()), rows(lines.toString()));
        }
    }

    @Test
    void linesSentAsJsonAreToldSo() {
        byte[] body = text("{'id':'a'}~{'id':'b'}").getBytes(StandardCharsets.UTF_8);
        RefusedException refused =
                assertThrows(RefusedException.class, () -> decoder.decode(body, 0, body.length, more -> true));
        String reason = refused.refusal().details().get(0).reason();
        assertEquals("goes on after its end (records line by line are to be sent as application/x-ndjson)", reason);
    }
}
