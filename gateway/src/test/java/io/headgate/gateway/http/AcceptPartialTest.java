package io.headgate.gateway.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.headgate.batching.LogEntry;
import io.headgate.gateway.http.RawClient.Answer;
import io.headgate.model.Eventually;
import io.headgate.model.TableName;
import io.headgate.schema.Column;
import io.headgate.schema.ColumnType;
import io.headgate.schema.RowLayout;
import io.headgate.schema.RowReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/** Records with problems, rejected one by one when the client asks for that, and kept where the operator does. */
class AcceptPartialTest {
    private static final String QUARANTINE = "quarantine";
    private static final String LARGE = "large";
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String PARTIAL = "?accept_partial=true";
    private static final String GOOD = "{\"device_id\":\"pump-17\",\"temp\":21.5}";
    private static final String BAD = "{\"device_id\":\"pump-17\",\"temp\":\"warm\"}";
    private static final String WORSE = "{\"temp\":[1]}";

    private Edge edge;

    @BeforeEach
    void start(@TempDir Path directory, TestInfo test) throws IOException {
        edge = test.getTags().contains(QUARANTINE)
                ? Edge.quarantining(directory)
                : test.getTags().contains(LARGE) ? Edge.large(directory) : new Edge(directory);
    }

    @AfterEach
    void stop() throws InterruptedException {
        edge.inFlightIsBackToZero();
        edge.stop();
    }

    private Answer ask(String query, String headers, String body) throws IOException {
        try (RawClient client = edge.client()) {
            return client.send(edge.head(Edge.INSERT + query) + headers + "Content-Length: " + body.length()
                            + "\r\n\r\n" + body)
                    .answer();
        }
    }

    private Answer ask(String body) throws IOException {
        return ask(PARTIAL, "", body);
    }

    private static JsonNode ok(Answer answer) throws IOException {
        assertEquals(200, answer.status(), answer::body);
        return JSON.readTree(answer.body());
    }

    private List<LogEntry> entries(TableName table) {
        return edge.log.entries().stream()
                .filter(entry -> entry.schema().table().name().equals(table))
                .toList();
    }

    private int stored() {
        return entries(TestCatalog.TELEMETRY).stream()
                .mapToInt(LogEntry::rowCount)
                .sum();
    }

    /** What {@link TestCatalog#REJECTED} was given, as column: value lines. */
    private List<String> quarantined() {
        List<Column> columns = edge.catalog.rejectedColumns();
        List<String> rows = new ArrayList<>();
        for (LogEntry entry : entries(TestCatalog.REJECTED)) {
            RowReader reader = new RowReader(RowLayout.of(columns));
            reader.wrap(entry.payload());
            while (reader.next()) {
                StringBuilder row = new StringBuilder();
                for (int i = 0; i < columns.size(); i++) {
                    if (columns.get(i).type() == ColumnType.STRING && !reader.isNull(i)) {
                        row.append(columns.get(i).name())
                                .append(": ")
                                .append(StandardCharsets.UTF_8.decode(reader.stringAt(i)))
                                .append('\n');
                    }
                }
                rows.add(row.toString());
            }
        }
        return rows;
    }

    @Test
    void goodRecordsAreStoredAndTheOthersToldOf() throws IOException {
        Answer answer = ask("[" + GOOD + "," + BAD + "," + GOOD + "," + WORSE + "]");
        JsonNode told = ok(answer);
        assertEquals(2, told.get("accepted").asInt());
        assertEquals(2, told.get("rejected").asInt());
        assertEquals("[1,3]", told.get("rejected_indexes").toString());
        assertEquals(3, told.get("problems").asInt());
        assertEquals(3, told.get("details").size());
        assertEquals(1, told.get("details").get(0).get("record").asInt());
        assertEquals("$.temp", told.get("details").get(0).get("path").asText());
        assertFalse(told.has("quarantine"));
        assertFalse(answer.header("headgate-receipt").isEmpty());
        assertEquals(2, stored());
    }

    @Test
    @Tag(QUARANTINE)
    void withoutAProblemTheAnswerIsTheUsualOne() throws IOException {
        assertEquals("{}", ask("[" + GOOD + "]").body());
        assertEquals("{}", ask("[]").body());
        assertEquals(1, stored());
        assertEquals(List.of(), quarantined());
    }

    @Test
    void thatAllAreRejectedIsNoRefusal() throws IOException {
        Answer answer = ask(BAD);
        assertEquals(0, ok(answer).get("accepted").asInt());
        assertEquals("", answer.header("headgate-receipt"));
        assertEquals(0, stored());
    }

    @Test
    @Tag(QUARANTINE)
    void whatIsNotJsonIsARefusal() throws IOException {
        assertEquals(400, ask("[" + GOOD + "," + BAD).status());
        assertEquals(400, ask("7").status());
        assertEquals(0, edge.log.entries().size());
    }

    @Test
    @Tag(QUARANTINE)
    void onlyWhoAsksGetsThat() throws IOException {
        assertEquals(400, ask("", "", "[" + GOOD + "," + BAD + "]").status());
        assertEquals(
                400,
                ask("?accept_partial=false", "", "[" + GOOD + "," + BAD + "]").status());
        assertEquals(400, ask("?accept_partial=yes", "", GOOD).status());
        assertEquals(400, ask(PARTIAL + "&wait=table", "", GOOD).status());
        assertEquals(0, edge.log.entries().size());
    }

    @Test
    @Tag(QUARANTINE)
    void aRehearsalTellsAndStoresNothing() throws IOException {
        Answer answer = ask(PARTIAL + "&validate_only=true", "", "[" + GOOD + "," + BAD + "]");
        assertEquals(1, ok(answer).get("rejected").asInt());
        assertFalse(ok(answer).has("quarantine"));
        assertEquals("1", answer.header("headgate-validated"));
        assertEquals(0, edge.log.entries().size());
    }

    @Test
    @Tag(QUARANTINE)
    void rejectedRecordsAreQuarantined() throws IOException {
        String spaced = "{ \"temp\" : \"w\\u00e4rm\",\"device_id\":\"x\" }";
        JsonNode told = ok(ask("[" + GOOD + ", " + spaced + " ," + WORSE + ",7]"));
        assertEquals(TestCatalog.REJECTED.toString(), told.get("quarantine").asText());
        assertEquals(1, stored());
        List<String> rows = quarantined();
        assertEquals(3, rows.size());
        assertTrue(rows.get(0).contains("record: " + spaced + "\n"), rows::toString);
        assertTrue(rows.get(0).contains("subject: pump-17\nsource_table: main.fleet.telemetry\n"), rows::toString);
        assertTrue(rows.get(0).contains("reason: $.temp "), rows::toString);
        assertTrue(
                rows.get(1)
                        .matches(
                                "(?s)reason: [$]\\.temp .*; [$]\\.?d?e?v?i?c?e?_?i?d? .*record: \\{\"temp\":\\[1]}\n.*"),
                rows::toString);
        assertTrue(rows.get(2).contains("record: 7\n"), rows::toString);
    }

    @Test
    @Tag(QUARANTINE)
    void theAnswerWaitsForBoth() throws IOException {
        edge.warmUp();
        edge.log.hold();
        try (RawClient client = edge.client()) {
            client.send(edge.insert(Edge.INSERT + PARTIAL, "[" + GOOD + "," + BAD + "]"));
            Eventually.holds("both wait", Edge.WITHIN, () -> edge.log.waiting() == 2);
            edge.settle();
            assertEquals(0, edge.counts.acked.get());
            edge.log.letGo();
            assertEquals(1, ok(client.answer()).get("accepted").asInt());
        }
    }

    @Test
    @Tag(QUARANTINE)
    void aRetryAddsNeitherRowsNorRejectedOnes() throws IOException {
        String key = "Idempotency-Key: k-1\r\n";
        String body = "[" + GOOD + "," + BAD + "]";
        Answer first = ask(PARTIAL, key, body);
        Answer retry = ask(PARTIAL, key, body);
        assertEquals("true", retry.header("idempotency-replayed"));
        assertEquals(first.body(), retry.body());
        assertEquals(first.header("headgate-receipt"), retry.header("headgate-receipt"));
        assertEquals(1, stored());
        assertEquals(1, quarantined().size());
        assertEquals(422, ask(PARTIAL, key, BAD).status());
        // Nothing of these is stored, and what is quarantined is so once.
        ask(PARTIAL, "Idempotency-Key: k-2\r\n", BAD);
        ask(PARTIAL, "Idempotency-Key: k-2\r\n", BAD);
        assertEquals(2, quarantined().size());
    }

    @Test
    @Tag(QUARANTINE)
    void manyRejectedOnesAreAllQuarantinedWithTheirReason() throws IOException {
        int count = 300;
        JsonNode told = ok(ask("[" + (BAD + ",").repeat(count - 1) + "7]"));
        assertEquals(count, told.get("rejected").asInt());
        assertEquals(count, told.get("rejected_indexes").size());
        assertEquals(100, told.get("details").size());
        List<String> rows = quarantined();
        assertEquals(count, rows.size());
        assertEquals(rows.get(0), rows.get(count - 2));
        assertTrue(rows.get(count - 1).contains("record: 7\n"));
        assertFalse(rows.get(count - 1).contains("reason: \n"));
    }

    @Test
    @Tag(QUARANTINE)
    void aLargeBodyIsTakenApartOffTheEventLoop() throws IOException {
        int goods = 3_000;
        JsonNode told = ok(ask("[" + (GOOD + ",").repeat(goods) + BAD + "]"));
        assertEquals(goods, told.get("accepted").asInt());
        assertEquals("[3000]", told.get("rejected_indexes").toString());
        assertEquals(goods, stored());
        assertEquals(1, quarantined().size());
    }

    @Test
    @Tag(LARGE)
    void anAnswerNamesSoManyRecordsAndNoMore() throws IOException {
        for (int count : new int[] {RejectedBody.INDEXES_MAX, RejectedBody.INDEXES_MAX + 1}) {
            JsonNode told = ok(ask(PARTIAL + "&validate_only=true", "", "[" + "7,".repeat(count - 1) + "7]"));
            assertEquals(count, told.get("rejected").asInt());
            assertEquals(RejectedBody.INDEXES_MAX, told.get("rejected_indexes").size());
            assertEquals(100, told.get("details").size());
        }
    }

    @Test
    void aColumnThatTheTableGotMeanwhileIsLookedFor() throws IOException {
        edge.warmUp();
        edge.catalog.addColumn("hum");
        edge.advance(Duration.ofSeconds(30));
        JsonNode told = JSON.readTree(
                ask("[{\"device_id\":\"a\",\"hum\":\"x\"}," + GOOD + "]").body());
        assertTrue(told.isEmpty(), told::toString);
        assertEquals(2, stored());
        JsonNode unknown = ok(ask("[{\"device_id\":\"a\",\"wind\":\"x\"}," + GOOD + "]"));
        assertEquals("[0]", unknown.get("rejected_indexes").toString());
        assertEquals(3, stored());
    }

    @Test
    void aTableThatIsNotLookedAtInTimeStoresNothingThenNorLater() throws IOException {
        edge.warmUp();
        edge.advance(Duration.ofSeconds(1));
        edge.catalog.hold();
        try (RawClient client = edge.client()) {
            client.send(edge.insert(Edge.INSERT + PARTIAL, "[{\"device_id\":\"a\",\"wind\":\"x\"}," + GOOD + "]"));
            Eventually.holds("the table is looked at", Edge.WITHIN, () -> edge.catalog.telemetryLoads() == 2);
            edge.settle();
            edge.advance(Duration.ofSeconds(30));
            Answer answer = client.answer();
            assertEquals(503, answer.status(), answer::body);
            assertTrue(answer.body().contains("main.fleet.telemetry was not looked at in time"), answer::body);
        }
        edge.catalog.letGo();
        edge.settle();
        assertEquals(0, stored());
    }

    @Test
    @Tag(QUARANTINE)
    void aTableThatCannotHoldThemStoresNothing() throws IOException {
        edge.catalog.rejectedColumns(List.of(new Column("record", ColumnType.STRING, true)));
        Answer answer = ask("[" + GOOD + "," + BAD + "]");
        assertEquals(501, answer.status());
        assertTrue(answer.body().contains("quarantine.table"), answer::body);
        assertTrue(answer.body().contains("source_table"), answer::body);
        assertEquals(0, edge.log.entries().size());
        assertEquals("{}", ask("[" + GOOD + "]").body(), "what is right needs no quarantine");
    }
}
