package io.headgate.gateway.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.headgate.batching.LogEntry;
import io.headgate.gateway.http.RawClient.Answer;
import io.headgate.schema.Column;
import io.headgate.schema.ColumnType;
import io.headgate.schema.RowLayout;
import io.headgate.schema.RowReader;
import io.headgate.schema.ServerValue;
import io.headgate.schema.SetColumn;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Columns that the gateway writes: those that a table's configuration sets, and those that a grant pins. */
class ServerColumnsTest {
    private static final String SCHEMA = "/zerobus/v1/tables/main.fleet.telemetry/schema";
    private static final List<Column> COLUMNS = List.of(
            new Column("device_id", ColumnType.STRING, false),
            new Column("temp", ColumnType.DOUBLE, true),
            new Column("received_at", ColumnType.TIMESTAMP, false),
            new Column("req", ColumnType.STRING, true),
            new Column("who", ColumnType.STRING, true));

    private final RowReader rows = new RowReader(RowLayout.of(COLUMNS));
    private Edge edge;

    @BeforeEach
    void start(@TempDir Path directory) throws IOException {
        edge = new Edge(
                directory,
                Map.of(
                        "received_at", new SetColumn(ServerValue.RECEIVE_TIME, false),
                        "req", new SetColumn(ServerValue.REQUEST_ID, false),
                        "who", new SetColumn(ServerValue.SUBJECT, true)));
        COLUMNS.subList(2, 5).forEach(edge.catalog::addColumn);
    }

    @AfterEach
    void stop() throws InterruptedException {
        edge.inFlightIsBackToZero();
        edge.stop();
    }

    private Answer insert(String token, String body) throws IOException {
        return ask("POST", Edge.INSERT, token, body);
    }

    private static Answer ask(Edge whom, String request) throws IOException {
        try (RawClient client = whom.client()) {
            return client.send(request).answer();
        }
    }

    private Answer ask(String method, String path, String token, String body) throws IOException {
        return ask(
                edge,
                method + " " + path + " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + token + "\r\nContent-Length: "
                        + body.length() + "\r\n\r\n" + body);
    }

    private String text(int column) {
        return StandardCharsets.UTF_8.decode(rows.stringAt(column)).toString();
    }

    private void assertSet(Answer answer, LogEntry entry) {
        assertEquals(200, answer.status(), answer.body());
        rows.wrap(entry.payload());
        for (int i = 0; i < entry.rowCount(); i++) {
            assertTrue(rows.next());
            assertEquals(entry.receiveTimeMillis() * 1_000, rows.longAt(2), "the time of the log's entry");
            assertEquals(answer.header("x-request-id"), text(3));
            assertEquals("pump-17", text(4));
        }
    }

    @Test
    void aTablesColumnsAreSet() throws IOException {
        Answer first = insert(edge.token(), "[{\"device_id\":\"a\"},{\"device_id\":\"b\",\"req\":null}]");
        Answer large = insert(edge.token(), Edge.records(70_000));
        assertSet(first, edge.log.entries().get(0));
        assertSet(large, edge.log.entries().get(1));
    }

    @Test
    void whatADeviceSendsForOneIsRefusedOrStands() throws IOException {
        Answer refused = insert(edge.token(), "{\"device_id\":\"a\",\"received_at\":0}");
        assertEquals(400, refused.status());
        assertTrue(
                refused.body().contains("\"field\":\"received_at\"")
                        && refused.body().contains("is set by the gateway"),
                refused.body());
        assertEquals(
                200,
                insert(edge.token(), "{\"device_id\":\"a\",\"who\":\"me\"}").status());
        assertTrue(rows.wrap(edge.log.entries().get(0).payload()).next());
        assertEquals("me", text(4));
    }

    @Test
    void aPinnedColumnHoldsTheSubject() throws IOException {
        String token = edge.tokenPinning("device_id");
        for (String body : List.of("{}", "{\"device_id\":null}", "{\"device_id\":\"pump-17\"}")) {
            assertEquals(200, insert(token, body).status(), body);
        }
        for (LogEntry entry : edge.log.entries()) {
            assertTrue(rows.wrap(entry.payload()).next());
            assertEquals("pump-17", text(0));
        }
        Answer denied = insert(token, "[{},{\"device_id\":\"pump-18\"}]");
        assertEquals(403, denied.status());
        assertTrue(denied.body().startsWith("{\"error_code\":\"PERMISSION_DENIED\""), denied.body());
        assertTrue(denied.body().contains("\"record\":1,\"path\":\"$.device_id\""), denied.body());
        assertEquals(
                403,
                insert(token, "[" + Edge.records(70_000).substring(1).replace("pump-17", "pump-18"))
                        .status());
        assertEquals(3, edge.log.entries().size());
        assertEquals(400, insert(edge.token(), "{}").status(), "nobody else's column is filled");
    }

    @Test
    void aPinThatTheTableCannotHoldLetsNothingIn() throws IOException {
        for (String pin : List.of("Device_id", "temp", "received_at", "req")) {
            Answer denied = insert(edge.tokenPinning("device_id", pin), "[]");
            assertEquals(403, denied.status(), pin);
            assertTrue(denied.body().contains("The token pins the column '" + pin + "'"), denied.body());
            assertEquals(403, ask("GET", SCHEMA, edge.tokenPinning(pin), "").status());
        }
    }

    @Test
    void theSchemaSaysWhatIsWritten() throws IOException {
        Answer plain = ask("GET", SCHEMA, edge.token(), "");
        String set = ",{\"name\":\"temp\",\"type\":\"DOUBLE\",\"nullable\":true},"
                + "{\"name\":\"received_at\",\"type\":\"TIMESTAMP\",\"nullable\":false,\"set_by\":\"receive-time\"},"
                + "{\"name\":\"req\",\"type\":\"STRING\",\"nullable\":true,\"set_by\":\"request-id\"},"
                + "{\"name\":\"who\",\"type\":\"STRING\",\"nullable\":true,\"set_by\":\"subject-if-absent\"}]}";
        assertTrue(
                plain.body().endsWith("{\"name\":\"device_id\",\"type\":\"STRING\",\"nullable\":false}" + set),
                plain::body);
        Answer pinned = ask("GET", SCHEMA, edge.tokenPinning("device_id"), "");
        assertTrue(
                pinned.body()
                        .endsWith("{\"name\":\"device_id\",\"type\":\"STRING\",\"nullable\":false,\"pinned\":true}"
                                + set),
                pinned::body);
        assertNotEquals(plain.header("etag"), pinned.header("etag"));
    }

    @Test
    void aTableThatDoesNotFitTakesNothingUntilItDoes(@TempDir Path directory) throws Exception {
        Edge unfit = new Edge(directory, Map.of("late", new SetColumn(ServerValue.RECEIVE_TIME, false)));
        try {
            for (String request : List.of(
                    unfit.insert("{\"device_id\":\"a\"}"),
                    unfit.insert(Edge.INSERT + "?validate_only=true", "[]"),
                    unfit.head(SCHEMA).replace("POST", "GET") + "\r\n")) {
                Answer refused = ask(unfit, request);
                assertEquals(501, refused.status());
                assertTrue(
                        refused.body().contains("tables.main.fleet.telemetry.set-columns says that the column 'late'"),
                        refused.body());
            }
            String other = "/zerobus/v1/tables/" + TestCatalog.SLOW + "/insert";
            unfit.catalog.letSlowGo();
            assertEquals(
                    200,
                    ask(unfit, unfit.insert(other, "{\"device_id\":\"a\"}")).status());
            unfit.catalog.addColumn(new Column("late", ColumnType.TIMESTAMP_NTZ, false));
            unfit.advance(Duration.ofMinutes(10));
            assertEquals(200, ask(unfit, unfit.insert("{\"device_id\":\"a\"}")).status());
        } finally {
            unfit.stop();
        }
    }
}
