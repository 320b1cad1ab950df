package io.headgate.gateway.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.headgate.gateway.http.RawClient.Answer;
import io.headgate.model.Eventually;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The token endpoint and the published keys, over real sockets. */
class TokenTest {
    private static final String GRANT = "grant_type=client_credentials";
    private static final String RECORD = "{\"device_id\":\"pump-17\",\"temp\":21.5}";
    private static final ObjectMapper JSON = new ObjectMapper();

    private static Edge edge;

    @BeforeAll
    static void start(@TempDir Path directory) throws IOException {
        edge = new Edge(directory, Edge.requests(2_000), Edge.connections(30_000, 60_000));
    }

    @AfterAll
    static void stop() throws InterruptedException {
        edge.stop();
    }

    private static String basic() {
        String pair = Edge.CLIENT_ID + ":" + Edge.CLIENT_SECRET.replace(" ", "+");
        return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    }

    private static String head(String more) {
        return "POST /oidc/v1/token HTTP/1.1\r\nHost: x\r\n" + more;
    }

    private static String form(String headers, String form) {
        return head(headers + "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: " + form.length()
                + "\r\n\r\n" + form);
    }

    private static String form(String form) {
        return form("Authorization: " + basic() + "\r\n", form);
    }

    private static Answer ask(String request) throws IOException {
        try (RawClient client = edge.client()) {
            return client.send(request).answer();
        }
    }

    private static void assertRefused(int status, String error, Answer answer) throws IOException {
        assertEquals(status, answer.status(), answer.body());
        JsonNode body = JSON.readTree(answer.body());
        assertEquals(error, body.path("error").asText(), answer.body());
        assertFalse(body.path("error_description").asText().isBlank());
        assertTrue(body.path("error_description").asText().matches("[ !#-\\[\\]-~]*"), answer.body());
        assertEquals(answer.header("x-request-id"), body.path("request_id").asText());
        assertEquals("application/json", answer.header("content-type"));
        assertEquals("no-store", answer.header("cache-control"));
        assertEquals(
                status == 401 ? "Basic realm=\"headgate\", charset=\"UTF-8\"" : "", answer.header("www-authenticate"));
    }

    private static String tokenOf(String body) throws IOException {
        return JSON.readTree(body).path("access_token").asText();
    }

    private static String allTables() {
        return IntStream.range(0, Edge.CLIENT_TABLES)
                .mapToObj(i -> i == 0 ? "telemetry" : "t_" + i)
                .map(name -> """
                        {"type":"unity_catalog_privileges","privileges":["SELECT","MODIFY"],"object_type":"TABLE",\
                        "object_full_path":"main.fleet.%s","operations":["zerobuswrite"]}""".formatted(name))
                .collect(Collectors.joining(",", "[", "]"));
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    @Test
    void aTokenFromHereWritesRows() throws IOException {
        int before = edge.log.entries().size();
        Answer answer = ask(form(GRANT + "&scope=all-apis&resource=a&resource=b&unheard=of&empty="));
        assertEquals(200, answer.status(), answer.body());
        assertEquals("application/json", answer.header("content-type"));
        assertEquals("no-store", answer.header("cache-control"));
        assertFalse(answer.header("x-request-id").isEmpty());
        JsonNode body = JSON.readTree(answer.body());
        assertEquals("Bearer", body.path("token_type").asText());
        assertTrue(body.path("expires_in").isInt() && body.path("expires_in").asInt() == 3_600, answer.body());
        assertEquals(200, insert(tokenOf(answer.body())).status());
        assertEquals(before + 1, edge.log.entries().size());
    }

    private static Answer insert(String token) throws IOException {
        return ask("POST " + Edge.INSERT + " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + token
                + "\r\nContent-Length: " + RECORD.length() + "\r\n\r\n" + RECORD);
    }

    @Test
    void aTokenOfManyTablesWorksOverHttp1AndHttp2() throws IOException, InterruptedException {
        String details = GRANT + "&authorization_details=" + encode(allTables());
        String token = tokenOf(ask(form(details)).body());
        assertTrue(token.length() > 4_200 && token.length() < 6_000, () -> "length " + token.length());
        assertEquals(200, insert(token).status());

        HttpClient http2 =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build();
        String url = "http://127.0.0.1:" + edge.port;
        HttpResponse<String> issued = http2.send(
                HttpRequest.newBuilder(URI.create(url + "/oidc/v1/token"))
                        .header("Authorization", basic())
                        .header("Content-Type", "application/x-www-form-urlencoded; charset=UTF-8")
                        .POST(HttpRequest.BodyPublishers.ofString(details))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertEquals(HttpClient.Version.HTTP_2, issued.version());
        assertEquals(200, issued.statusCode(), issued.body());
        // The connection speaks HTTP/2 by now, so the token travels in HPACK.
        HttpResponse<String> inserted = http2.send(
                HttpRequest.newBuilder(URI.create(url + Edge.INSERT))
                        .header("Authorization", "Bearer " + tokenOf(issued.body()))
                        .POST(HttpRequest.BodyPublishers.ofString(RECORD))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertEquals(200, inserted.statusCode(), inserted.body());
        assertEquals(HttpClient.Version.HTTP_2, inserted.version());
    }

    @Test
    void credentialsInTheForm() throws IOException {
        String credentials = "&client_id=" + Edge.CLIENT_ID + "&client_secret=" + encode(Edge.CLIENT_SECRET);
        assertEquals(200, ask(form("", GRANT + credentials)).status());
        assertRefused(400, "invalid_request", ask(form(GRANT + credentials)));
    }

    @Test
    void wrongCredentials() throws IOException {
        assertRefused(401, "invalid_client", ask(form("", GRANT)));
        assertRefused(401, "invalid_client", ask(form("", GRANT + "&client_id=fleet-a&client_secret=")));
        assertRefused(401, "invalid_client", ask(form("", GRANT + "&client_id=fleet-a&client_secret=x")));
        for (String header : new String[] {"Basic !!!", "Basic ZmxlZXQtYQ==", "Basic", "Bearer x", "Basic Og=="}) {
            assertRefused(401, "invalid_client", ask(form("Authorization: " + header + "\r\n", GRANT)));
        }
        String twice = "Authorization: " + basic() + "\r\nAuthorization: " + basic() + "\r\n";
        assertRefused(400, "invalid_request", ask(form(twice, GRANT)));
    }

    @ParameterizedTest
    @CsvSource({
        "grant_type=authorization_code, 400, unsupported_grant_type",
        "grant_type=client_credentials&scope=sql, 403, access_denied",
        "grant_type=client_credentials&authorization_details=x, 400, invalid_authorization_details",
        "grant_type=client_credentials&grant_type=client_credentials, 400, invalid_request",
        "grant_type=client_credentials&scope=&scope=all-apis, 400, invalid_request",
        "grant_type=, 400, invalid_request",
        "'', 400, invalid_request",
        "grant_type=client_credentials&x=%, 400, invalid_request",
        "grant_type=client_credentials&%zz=1, 400, invalid_request"
    })
    void refusedForms(String form, int status, String error) throws IOException {
        assertRefused(status, error, ask(form(form)));
    }

    /** Whether the table is another client's, or nobody's, or there is none of that name. */
    @ParameterizedTest
    @ValueSource(strings = {"main.fleet.foreign", "main.fleet.missing", "no.such.table"})
    void notAuthorizedSaysNothingAboutWhatExists(String table) throws IOException {
        String details = """
                [{"type":"unity_catalog_privileges","privileges":["MODIFY"],"object_type":"TABLE",\
                "object_full_path":"%s"}]""".formatted(table);
        Answer answer = ask(form(GRANT + "&authorization_details=" + encode(details)));
        assertRefused(401, "invalid_authorization_details", answer);
        assertTrue(answer.body().contains("\"User is not authorized to the requested authorizations"), answer.body());
        assertTrue(answer.body().contains(table), answer.body());
    }

    @Test
    void nestingAndNumbersAreBounded() throws IOException {
        String deep = GRANT + "&authorization_details=" + "[".repeat(30_000) + "]".repeat(30_000);
        assertRefused(400, "invalid_authorization_details", ask(form(deep)));
        String most = GRANT
                + IntStream.range(1, FormBody.PARAMETERS_MAX)
                        .mapToObj(i -> "&p" + i + "=1")
                        .collect(Collectors.joining());
        assertEquals(200, ask(form(most)).status());
        assertRefused(400, "invalid_request", ask(form(most + "&one=more")));
    }

    @Test
    void formsAreBounded() throws IOException {
        String most = GRANT + "&x=";
        most += "y".repeat(FormBody.BYTES_MAX - most.length());
        assertEquals(200, ask(form(most)).status());
        assertRefused(413, "invalid_request", ask(form(most + "y")));
        assertRefused(
                413,
                "invalid_request",
                ask(head("Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 99999999999\r\n\r\n")));
        try (RawClient client = edge.client()) {
            client.send(head("Transfer-Encoding: chunked\r\n\r\n"));
            String chunk = Integer.toHexString(40_000) + "\r\n" + "z".repeat(40_000) + "\r\n";
            assertRefused(413, "invalid_request", client.send(chunk + chunk).answer());
        }
    }

    @Test
    void chunkedFormsAndThoseThatAskFirstAreFine() throws IOException {
        String authorization = "Authorization: " + basic() + "\r\n";
        assertEquals(
                200,
                ask(head(authorization + "Transfer-Encoding: chunked\r\n\r\n1d\r\n" + GRANT + "\r\n0\r\n\r\n"))
                        .status());
        try (RawClient client = edge.client()) {
            client.send(head(authorization + "Expect: 100-continue\r\nContent-Length: 29\r\n\r\n"));
            assertEquals(100, client.answer().status());
            assertEquals(200, client.send(GRANT).answer().status());
            assertEquals(200, client.send(form(GRANT)).answer().status());
        }
    }

    @Test
    void whatIsNoFormIsRefused() throws IOException {
        String json = "{\"grant_type\":\"client_credentials\"}";
        for (String type : new String[] {
            "Content-Type: application/json",
            "Content-Type: multipart/form-data; boundary=x",
            "Content-Type: application/x-www-form-urlencoded; charset=utf-16",
            "Content-Type: application/x-www-form-urlencoded\r\nContent-Encoding: gzip"
        }) {
            Answer answer = ask(head(type + "\r\nContent-Length: " + json.length() + "\r\n\r\n" + json));
            assertRefused(415, "invalid_request", answer);
        }
    }

    @Test
    void allBelowThePathIsOauths() throws IOException {
        for (String method : new String[] {"GET", "PUT", "DELETE", "OPTIONS"}) {
            Answer answer = ask(method + " /oidc/v1/token HTTP/1.1\r\nHost: x\r\n\r\n");
            assertRefused(405, "invalid_request", answer);
            assertEquals("POST", answer.header("allow"));
        }
        assertRefused(404, "invalid_request", ask("POST /oidc/v1/tokens HTTP/1.1\r\nHost: x\r\n\r\n"));
        assertRefused(404, "invalid_request", ask("POST /oidc/ HTTP/1.1\r\nHost: x\r\n\r\n"));
        assertRefused(431, "invalid_request", ask(head("X: " + "y".repeat(Edge.MAX_HEADER_BYTES) + "\r\n\r\n")));
        assertEquals(404, ask("POST /oidcx HTTP/1.1\r\nHost: x\r\n\r\n").status());
    }

    @Test
    void aFormThatDoesNotComeTimesOut() throws IOException {
        try (RawClient client = edge.client()) {
            Answer answer =
                    client.send(head("Content-Length: 29\r\n\r\ngrant_type")).answer();
            assertRefused(408, "invalid_request", answer);
            assertTrue(client.ended());
        }
    }

    /** Together these forms are more than all loops may hold at once: if one were not let go, the last would be refused. */
    @Test
    void clientsThatLeaveWithinTheirFormsLeaveNothing() throws IOException {
        int connections = edge.server.connections();
        for (int i = 0; i < 250; i++) {
            int missed = edge.counts.unanswered.get();
            try (RawClient client = edge.client()) {
                client.send(head("Content-Length: 60000\r\n\r\n" + "x".repeat(50_000)));
            }
            Eventually.holds("it is missed", Edge.WITHIN, () -> edge.counts.unanswered.get() > missed);
        }
        try (RawClient client = edge.client()) {
            client.send(head("Expect: 100-continue\r\nContent-Length: 60000\r\n\r\n"));
            assertEquals(100, client.answer().status());
            client.reset();
        }
        Eventually.holds("their connections are closed", Edge.WITHIN, () -> edge.server.connections() <= connections);
        for (int i = 0; i < 4; i++) {
            assertEquals(200, ask(form(GRANT)).status());
        }
    }

    @Test
    void theKeysArePublished() throws IOException {
        Answer answer = ask("GET /.well-known/jwks.json HTTP/1.1\r\nHost: x\r\n\r\n");
        assertEquals(200, answer.status());
        assertEquals("application/json", answer.header("content-type"));
        assertEquals("public, max-age=300", answer.header("cache-control"));
        JsonNode key = JSON.readTree(answer.body()).path("keys").path(0);
        assertEquals("P-256", key.path("crv").asText());
        assertTrue(key.path("d").isMissingNode(), "the private half");
        String header = tokenOf(ask(form(GRANT)).body()).split("\\.", -1)[0];
        assertEquals(
                key.path("kid").asText(),
                JSON.readTree(Base64.getUrlDecoder().decode(header)).path("kid").asText());
        assertEquals(
                405,
                ask("POST /.well-known/jwks.json HTTP/1.1\r\nHost: x\r\n\r\n").status());
    }
}
