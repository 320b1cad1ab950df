package io.headgate.gateway.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.headgate.gateway.http.RawClient.Answer;
import io.headgate.model.Eventually;
import io.headgate.model.TableName;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the access log is told of a request. */
class AccessLogTest {
    private Edge edge;

    @BeforeEach
    void start(@TempDir Path directory) throws IOException {
        edge = new Edge(directory);
    }

    @AfterEach
    void stop() throws InterruptedException {
        edge.stop();
    }

    /** The one request there was. */
    private Access only() {
        Eventually.holds("it is recorded", Edge.WITHIN, () -> edge.accesses.size() == 1);
        return edge.accesses.element();
    }

    @Test
    void anAckedInsert() throws IOException {
        String body = "[{\"device_id\":\"a\"},{\"device_id\":\"b\"}]";
        try (RawClient client = edge.client()) {
            Answer answer = client.send(edge.head(Edge.INSERT + "?token=hidden")
                            + "User-Agent: pump/1.4\r\nContent-Length: " + body.length() + "\r\n\r\n" + body)
                    .answer();
            Access access = only();
            assertEquals(200, answer.status());
            assertEquals(answer.header("x-request-id"), access.requestId());
            assertTrue(access.remote().startsWith("127.0.0.1:"), access::remote);
            assertEquals("POST", access.method());
            assertEquals(Edge.INSERT, access.path());
            assertEquals(200, access.status());
            assertNull(access.errorCode());
            assertEquals(2, access.records());
            assertEquals(body.length(), access.bodyBytes());
            assertTrue(access.durationNanos() > 0);
            assertEquals("pump-17", access.subject());
            assertEquals(TestCatalog.TELEMETRY, access.table());
            assertEquals("pump/1.4", access.userAgent());
        }
    }

    @Test
    void aCallerWhoIsNotLetIn() throws IOException {
        try (RawClient client = edge.client()) {
            client.send("POST " + Edge.INSERT + " HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n")
                    .answer();
            Access access = only();
            assertEquals(401, access.status());
            assertEquals("UNAUTHENTICATED", access.errorCode());
            assertNull(access.subject());
            assertNull(access.table());
        }
    }

    @Test
    void aCallerWithoutTheGrant() throws IOException {
        try (RawClient client = edge.client()) {
            client.send(edge.insert("/zerobus/v1/tables/main.fleet.others/insert", "[]"))
                    .answer();
            Access access = only();
            assertEquals(403, access.status());
            assertEquals("PERMISSION_DENIED", access.errorCode());
            assertEquals("pump-17", access.subject());
            assertEquals(TableName.parse("main.fleet.others"), access.table());
        }
    }

    @Test
    void recordsThatDoNotFit() throws IOException {
        try (RawClient client = edge.client()) {
            String body = "[{\"device_id\":17.5e}]";
            client.send(edge.insert(body)).answer();
            Access access = only();
            assertEquals(400, access.status());
            assertEquals("INVALID_PARAMETER_VALUE", access.errorCode());
            assertEquals(body.length(), access.bodyBytes());
            assertEquals(0, access.records());
        }
    }

    @Test
    void aClientThatLeaves() throws IOException {
        try (RawClient client = edge.client()) {
            client.send(edge.head() + "Content-Length: 100\r\n\r\n[{");
            Eventually.holds("the body is held", Edge.WITHIN, () -> edge.inFlight.usedBytes() > 0);
        }
        Access access = only();
        assertEquals(Access.CLIENT_LEFT, access.status());
        assertEquals(2, access.bodyBytes());
        assertEquals("pump-17", access.subject());
    }

    @Test
    void aHeadThatCannotBeRead() throws IOException {
        try (RawClient client = edge.client()) {
            client.send("POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: many\r\n\r\n")
                    .answer();
            assertEquals(400, only().status());
        }
    }
}
