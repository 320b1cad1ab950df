package io.headgate.gateway.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.headgate.gateway.http.RawClient.Answer;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An insert that only checks says what an insert would, and leaves nothing behind. */
class ValidateOnlyTest {
    private static final String RECORD = "{\"device_id\":\"pump-17\",\"temp\":21.5}";

    private Edge edge;

    @BeforeEach
    void start(@TempDir Path directory) throws IOException {
        edge = new Edge(directory);
    }

    @AfterEach
    void stop() throws InterruptedException {
        edge.inFlightIsBackToZero();
        edge.stop();
    }

    private Answer ask(String query, String body) throws IOException {
        try (RawClient client = edge.client()) {
            return client.send(edge.insert(Edge.INSERT + query, body)).answer();
        }
    }

    private void assertValidated(int records, Answer answer) {
        assertEquals(200, answer.status(), answer.body());
        assertEquals("{}", answer.body());
        assertEquals(String.valueOf(records), answer.header("headgate-validated"));
        assertEquals(0, edge.log.entries().size());
        assertEquals(0, edge.counts.acked.get());
    }

    @Test
    void recordsAreCheckedAndNotStored() throws IOException {
        assertValidated(1, ask("?validate_only=true", RECORD));
        assertValidated(2, ask("?a=b&validate_only=true", "[" + RECORD + "," + RECORD + "]"));
        assertValidated(0, ask("?validate%5Fonly=true", "[]"));
        int large = Edge.records(70_000).split("},", -1).length;
        assertValidated(large, ask("?validate_only=true", Edge.records(70_000)));
    }

    @Test
    void thatTheLogIsFullDoesNotMatter() throws IOException {
        edge.log.full(true);
        assertEquals(503, ask("", RECORD).status());
        assertValidated(1, ask("?validate_only=true", RECORD));
    }

    @Test
    void aWrongRecordIsToldOf() throws IOException {
        Answer answer = ask("?validate_only=true", "[" + RECORD + ",{\"device_id\":7}]");
        assertEquals(400, answer.status());
        assertTrue(answer.body().contains("\"record\":1,\"path\":\"$.device_id\""), answer.body());
    }

    @Test
    void falseIsAnInsert() throws IOException {
        for (String query : new String[] {"", "?", "?validate_only=false", "?validate=true"}) {
            Answer answer = ask(query, RECORD);
            assertEquals(200, answer.status());
            assertEquals("", answer.header("headgate-validated"));
        }
        assertEquals(4, edge.log.entries().size());
    }

    /** A client that wants a rehearsal is not to find its rows in the table because of how it asked. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "?validate_only",
                "?validate_only=",
                "?validate_only=1",
                "?validate_only=True",
                "?validate_only=%74rue%20",
                "?validate_only=true&validate_only=true",
                "?validate_only=false&validate_only=true",
                "?validate_only=%zz",
            })
    void anythingElseIsInvalid(String query) throws IOException {
        Answer answer = ask(query, RECORD);
        assertEquals(400, answer.status());
        assertTrue(answer.body().contains("INVALID_PARAMETER_VALUE"), answer.body());
        assertEquals(0, edge.log.entries().size());
    }
}
