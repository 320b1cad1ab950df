package io.headgate.gateway.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.headgate.gateway.http.RawClient.Answer;
import io.headgate.model.Eventually;
import io.headgate.model.TableName;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an insert is given, and what its caller, and nobody else, learns with it. */
class ReceiptTest {
    private static final String RECORD = "{\"device_id\":\"pump-17\",\"temp\":21.5}";
    private static final String WAITING = Edge.INSERT + "?wait=table";
    private static final String RECEIPTS = "/zerobus/v1/receipts/";

    private static final TableName TWIN = TableName.parse("main.fleet.twin");

    private Edge edge;

    @BeforeEach
    void start(@TempDir Path directory) throws IOException {
        edge = Edge.committing(directory);
        edge.tables.hold();
    }

    @AfterEach
    void stop() throws InterruptedException {
        edge.tables.letGo();
        edge.inFlightIsBackToZero();
        edge.stop();
    }

    private String insert(RawClient client) throws IOException {
        Answer answer = client.send(edge.insert(RECORD)).answer();
        assertEquals("200 {}", answer.status() + " " + answer.body());
        return answer.header("headgate-receipt");
    }

    private Answer ask(RawClient client, String receipt, String token) throws IOException {
        return client.send("GET " + RECEIPTS + receipt + " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + token
                        + "\r\n\r\n")
                .answer();
    }

    private Answer ask(RawClient client, String receipt) throws IOException {
        return ask(client, receipt, edge.token());
    }

    private static String told(String receipt, String rest) {
        return "{\"receipt\":\"" + receipt + "\",\"table\":\"main.fleet.telemetry\",\"state\":" + rest + "}";
    }

    @Test
    void eachInsertThatStoresSomethingHasAReceiptOfItsOwn() throws IOException {
        try (RawClient client = edge.client()) {
            String first = insert(client);
            assertTrue(first.matches("[A-Za-z0-9_-]{22}\\.main\\.fleet\\.telemetry"), first);
            assertFalse(first.equals(insert(client)));
            assertEquals("", client.send(edge.insert("[]")).answer().header("headgate-receipt"));
            assertEquals("", client.send(edge.insert("{\"no\":1}")).answer().header("headgate-receipt"));
        }
    }

    @Test
    void itTellsOfTheLogFirstAndOfTheTablesVersionThen() throws IOException {
        try (RawClient client = edge.client()) {
            String receipt = insert(client);
            Answer before = ask(client, receipt);
            assertEquals("200 " + told(receipt, "\"durable\""), before.status() + " " + before.body());
            edge.tables.letGo();
            Eventually.holds(
                    "it is committed",
                    Edge.WITHIN,
                    () -> ask(client, receipt).body().equals(told(receipt, "\"committed\",\"table_version\":1")));
        }
    }

    @Test
    void onlyWhoeverSentTheRowsIsTold() throws IOException {
        try (RawClient client = edge.client()) {
            String receipt = insert(client);
            Answer other = ask(client, receipt, edge.tokenOf("pump-18", TestCatalog.TELEMETRY));
            assertEquals(404, other.status());
            char changed = receipt.charAt(0) == 'A' ? 'B' : 'A';
            Answer forged = ask(client, changed + receipt.substring(1));
            assertEquals(404, forged.status());
            assertEquals(other.body(), forged.body(), "all the same to whoever guesses");
            Answer elsewhere = ask(client, receipt.substring(0, 23) + TWIN, edge.tokenFor(TestCatalog.TELEMETRY, TWIN));
            assertEquals(404, elsewhere.status());
            assertEquals(
                    403,
                    ask(client, receipt, edge.tokenFor(new TableName("main", "fleet", "other")))
                            .status());
            assertEquals(401, ask(client, receipt, "nobody").status());
            assertEquals(400, ask(client, "main.fleet.telemetry").status());
            assertEquals(400, ask(client, receipt + "?wait=forever").status());
            assertEquals(404, ask(client, receipt + "/more").status());
            Answer posted = client.send(
                            "POST " + RECEIPTS + receipt + " HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n")
                    .answer();
            assertEquals("405 GET, HEAD", posted.status() + " " + posted.header("allow"));
        }
    }

    @Test
    void anInsertThatWaitsIsAnsweredAfterTheCommit() throws IOException {
        try (RawClient one = edge.client();
                RawClient other = edge.client()) {
            one.send(edge.insert(WAITING, RECORD));
            Eventually.holds("the rows are acked", Edge.WITHIN, () -> edge.counts.acked.get() == 1);
            String receipt = insert(other);
            other.send("GET " + RECEIPTS + receipt + "?wait=table HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer "
                    + edge.token() + "\r\n\r\n");
            edge.settle();
            assertEquals(1 + 4, edge.counts.answered.get(), "the two that wait are not answered");
            assertTrue(edge.inFlight.usedBytes() > 0, "what waits is in flight");
            edge.tables.letGo();
            for (RawClient client : new RawClient[] {one, other}) {
                Answer answer = client.answer();
                assertEquals(200, answer.status());
                assertTrue(answer.body().contains("\"state\":\"committed\",\"table_version\":"), answer.body());
            }
        }
    }

    @Test
    void rowsThatAreInTheTableAlreadyAreNotWaitedFor() throws IOException {
        edge.tables.letGo();
        try (RawClient client = edge.client()) {
            assertEquals(200, client.send(edge.insert(WAITING, RECORD)).answer().status());
            assertEquals(200, client.send(edge.insert(WAITING, "[]")).answer().status());
            String receipt = insert(client);
            for (int i = 0; i < 2; i++) {
                assertTrue(ask(client, receipt + "?wait=table").body().contains("committed"));
            }
        }
    }

    @Test
    void aWaitEndsWith202WhenItTakesTooLong() throws IOException {
        try (RawClient client = edge.client();
                RawClient asking = edge.client()) {
            client.send(edge.insert(WAITING, RECORD));
            Eventually.holds("the rows are acked", Edge.WITHIN, () -> edge.counts.acked.get() == 1);
            String receipt = insert(asking);
            asking.send("GET " + RECEIPTS + receipt + "?wait=table HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer "
                    + edge.token() + "\r\n\r\n");
            edge.settle();
            edge.advance(Duration.ofMillis(Edge.WAIT_MAX_MILLIS - 60_000));
            edge.settle();
            assertEquals(1 + 2 * 4, edge.counts.answered.get(), "nobody is answered early");
            edge.advance(Duration.ofMinutes(1));
            for (Answer answer : new Answer[] {client.answer(), asking.answer()}) {
                assertEquals(202, answer.status());
                assertTrue(answer.body().contains("\"state\":\"durable\""), answer.body());
            }
        }
    }

    @Test
    void aClientThatLeavesLeavesNothingBehind() throws IOException {
        try (RawClient client = edge.client()) {
            client.send(edge.insert(WAITING, RECORD));
            Eventually.holds("the rows are acked", Edge.WITHIN, () -> edge.counts.acked.get() == 1);
            client.reset();
        }
        edge.inFlightIsBackToZero();
        assertEquals(1, edge.log.entries().size());
    }

    @Test
    void aDrainKeepsNobodyWaiting() throws IOException {
        try (RawClient client = edge.client()) {
            client.send(edge.insert(WAITING, RECORD));
            Eventually.holds("the rows are acked", Edge.WITHIN, () -> edge.counts.acked.get() == 1);
            CompletableFuture<Void> drained = edge.server.drain(Duration.ofSeconds(20));
            Answer answer = client.answer();
            assertEquals(202, answer.status());
            assertEquals("close", answer.header("connection"));
            assertTrue(answer.body().contains("\"state\":\"durable\""), answer.body());
            assertTrue(client.ended());
            drained.join();
        }
    }

    /** Whatever the parameter is, nothing of the body is stored. */
    @Test
    void aWaitForSomethingElseIsRefused() throws IOException {
        try (RawClient client = edge.client()) {
            assertEquals(
                    400,
                    client.send(edge.insert(Edge.INSERT + "?wait=1", RECORD))
                            .answer()
                            .status());
            assertEquals(
                    200,
                    client.send(edge.insert(Edge.INSERT + "?other=1", RECORD))
                            .answer()
                            .status());
            assertEquals(1, edge.log.entries().size());
        }
    }
}
