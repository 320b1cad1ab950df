package io.headgate.gateway.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.headgate.gateway.coding.Coded;
import io.headgate.gateway.http.RawClient.Answer;
import io.headgate.model.Eventually;
import io.headgate.schema.Column;
import io.headgate.schema.ColumnType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A field without a column has the table looked at again, seldom, before it is refused. */
class UnknownFieldTest {
    private static final String RECORD = "{\"device_id\":\"pump-17\",\"fw\":\"1.2\"}";
    private static final Duration RECHECK = Duration.ofSeconds(1);

    private Edge edge;

    @BeforeEach
    void start(@TempDir Path directory) throws IOException {
        edge = new Edge(directory);
        edge.warmUp();
    }

    @AfterEach
    void stop() throws InterruptedException {
        edge.inFlightIsBackToZero();
        edge.stop();
    }

    private Answer ask(String body) throws IOException {
        try (RawClient client = edge.client()) {
            return client.send(edge.insert(body)).answer();
        }
    }

    private static String large() {
        return "[" + (RECORD + ",").repeat((70 << 10) / RECORD.length()) + RECORD + "]";
    }

    @Test
    void aColumnThatWasJustAddedIsFound() throws IOException {
        edge.advance(RECHECK);
        edge.catalog.addColumn("fw");
        assertEquals(200, ask(RECORD).status());
        assertEquals(2, edge.catalog.telemetryLoads());
        assertEquals(1, edge.log.entries().size());
    }

    @Test
    void soItIsForABodyThatIsDecodedElsewhere() throws IOException {
        edge.advance(RECHECK);
        edge.catalog.addColumn("fw");
        assertEquals(200, ask(large()).status());
        assertEquals(2, edge.catalog.telemetryLoads());
    }

    @Test
    void soItIsForABodyThatWasExpanded() throws IOException {
        for (int records : new int[] {1, 4_000}) {
            String column = "fw" + records;
            edge.advance(RECHECK);
            edge.catalog.addColumn(new Column(column, ColumnType.DOUBLE, true));
            String body = Edge.readingsArray(records).replace("temp", column);
            try (RawClient client = edge.client()) {
                client.send(
                        edge.insert("Content-Encoding: zstd\r\n", Coded.zstd(body.getBytes(StandardCharsets.UTF_8))));
                assertEquals(200, client.answer().status());
            }
            edge.inFlightIsBackToZero();
        }
        assertEquals(3, edge.catalog.telemetryLoads());
        assertEquals(2, edge.log.entries().size());
    }

    @Test
    void anotherFieldThatNobodyKnowsIsRefusedAfterOneLook() throws IOException {
        edge.advance(RECHECK);
        edge.catalog.addColumn("fw");
        Answer answer = ask("[" + RECORD + ",{\"device_id\":\"x\",\"nobody\":1}]");
        assertEquals(400, answer.status());
        assertTrue(answer.body().contains("\"record\":1,\"path\":\"$.nobody\""), answer.body());
        assertEquals(2, edge.catalog.telemetryLoads());
        assertEquals(0, edge.log.entries().size());
    }

    @Test
    void aFloodOfBadRecordsLoadsTheTableOnceASecond() throws IOException {
        long start = System.nanoTime();
        for (int second = 1; second <= 3; second++) {
            edge.advance(RECHECK);
            try (RawClient client = edge.client();
                    RawClient other = edge.client()) {
                for (int i = 0; i < 100; i++) {
                    assertEquals(400, client.send(edge.insert(RECORD)).answer().status());
                    assertEquals(400, other.send(edge.insert(RECORD)).answer().status());
                }
            }
        }
        long passed = Duration.ofNanos(System.nanoTime() - start).toSeconds();
        int loads = edge.catalog.telemetryLoads();
        assertTrue(loads >= 4 && loads <= 4 + passed + 1, () -> loads + " loads, after " + passed + " s of real time");
    }

    @Test
    void allInFlightWaitForTheSameLookAndNobodyElseDoes() throws IOException {
        edge.advance(RECHECK);
        edge.catalog.hold();
        List<RawClient> waiting = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            waiting.add(edge.client().send(edge.insert(i == 0 ? large() : RECORD)));
        }
        Eventually.holds("the table is looked at", Edge.WITHIN, () -> edge.catalog.telemetryLoads() == 2);
        edge.settle();
        assertEquals(200, ask("{\"device_id\":\"y\"}").status());
        assertTrue(edge.inFlight.usedBytes() >= large().length(), "bodies are held");
        assertTrue(edge.inFlight.usedBytes() < 2L * large().length(), "rows are not");
        edge.catalog.addColumn("fw");
        edge.catalog.letGo();
        for (RawClient client : waiting) {
            assertEquals(200, client.answer().status());
            client.close();
        }
        assertEquals(2, edge.catalog.telemetryLoads());
        assertEquals(6, edge.log.entries().size());
    }

    @Test
    void aCatalogThatHangsHoldsNobodyForLongerThanABody() throws IOException {
        edge.advance(RECHECK);
        edge.catalog.hold();
        try (RawClient client = edge.client().send(edge.insert(RECORD))) {
            Eventually.holds("the table is looked at", Edge.WITHIN, () -> edge.catalog.telemetryLoads() == 2);
            edge.settle();
            edge.advance(Duration.ofSeconds(30));
            assertEquals(400, client.answer().status());
        }
        edge.inFlightIsBackToZero();
    }
}
