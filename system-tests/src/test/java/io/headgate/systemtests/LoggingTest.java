package io.headgate.systemtests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.headgate.model.Eventually;
import io.restassured.path.json.JsonPath;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** What the packaged program writes to stderr. */
class LoggingTest {
    private static final String TABLE = "main.fleet.telemetry";
    private static final String SECRET = "s3cr3tPassphrase";
    private static final Duration WITHIN = Duration.ofSeconds(20);

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path directory;

    @Test
    void everyLineIsJsonAndEveryRequestHasOneByItsId() throws Exception {
        try (HeadgateProgram program = new HeadgateProgram(
                directory, Jdks.current(), "logging: { access: all }\ncommit: { interval: 200ms }\n")) {
            program.createTable(TABLE, "device_id STRING NOT NULL");
            String token = program.token("device-1", TABLE);
            Path stderr = program.startWithStderr();
            HttpResponse<String> acked = program.post(TABLE, token, "[{\"device_id\":\"a\"},{\"device_id\":\"b\"}]");
            HttpResponse<String> refused = program.post(TABLE, token, "[{\"device\":1}]");
            assertEquals(200, acked.statusCode());
            assertEquals(400, refused.statusCode());
            assertEquals(0, program.terminate());

            List<JsonPath> lines =
                    Files.readAllLines(stderr).stream().map(JsonPath::new).toList();
            for (JsonPath line : lines) {
                assertTrue(line.getString("ts").matches("\\d{4}-\\d\\d-\\d\\dT[0-9:.]{12}Z"), line::prettify);
                assertTrue(List.of("info", "warn", "error").contains(line.getString("level")), line::prettify);
                assertFalse(line.getString("logger").isEmpty(), line::prettify);
                assertFalse(line.getString("msg").isEmpty(), line::prettify);
            }
            JsonPath ack = lineOf(acked, lines);
            assertEquals(200, ack.getInt("status"));
            assertEquals(2, ack.getInt("records"));
            assertEquals("device-1", ack.getString("subject"));
            assertEquals(TABLE, ack.getString("table"));
            assertEquals("/zerobus/v1/tables/" + TABLE + "/insert", ack.getString("path"));
            assertEquals("INVALID_PARAMETER_VALUE", lineOf(refused, lines).getString("error_code"));
            String last = lines.get(lines.size() - 1).getString("msg");
            assertTrue(last.startsWith("Stopped"), "flushed to the end, but the last line is: " + last);
        }
    }

    private static JsonPath lineOf(HttpResponse<String> response, List<JsonPath> lines) {
        String id = response.headers().firstValue("x-request-id").orElseThrow();
        List<JsonPath> of = lines.stream()
                .filter(line -> id.equals(line.getString("request_id")))
                .toList();
        assertEquals(1, of.size(), () -> of.size() + " lines for " + id);
        return of.get(0);
    }

    @Test
    void noSecretAndNothingOfARowIsEverWritten() throws Exception {
        try (HeadgateProgram program =
                new HeadgateProgram(directory, Jdks.current(), "logging: { access: all, level: debug }\n")) {
            program.createTable(TABLE, "device_id STRING NOT NULL, temp DOUBLE");
            String token = program.token("device-1", TABLE);
            Path stderr = program.startWithStderr();
            String insert = "/zerobus/v1/tables/" + TABLE + "/insert";
            String bearer = "Authorization: Bearer " + token + "\r\n";
            String basic = Base64.getEncoder().encodeToString(("client:" + SECRET).getBytes(StandardCharsets.UTF_8));
            int sent = 0;
            for (String request : List.of(
                    request("POST " + insert, bearer, "[{\"device_id\":\"" + SECRET + "\"}]"),
                    request(
                            "POST " + insert,
                            bearer,
                            "[{\"device_id\":\"" + SECRET + "\",\"temp\":\"" + SECRET + "\"}]"),
                    request("POST " + insert, bearer, "[{\"" + SECRET + "\":1}]"),
                    request("POST " + insert, bearer, "[{\"device_id\":" + SECRET + "}]"),
                    request("POST " + insert, bearer + "Content-Type: " + SECRET + "\r\n", "[]"),
                    request("POST " + insert, bearer + "Content-Encoding: " + SECRET + "\r\n", "[]"),
                    request("POST " + insert + "?access_token=" + SECRET, bearer, "[]"),
                    request("POST " + insert, "Authorization: Bearer " + token + SECRET + "\r\n", "[]"),
                    request("POST " + insert, "Authorization: Bearer " + SECRET + "\r\n", "[]"),
                    request("POST " + insert, "Authorization: Bearer a." + SECRET + ".b\r\n", "[]"),
                    request("POST " + insert, "Authorization: Basic " + basic + "\r\n", "[]"),
                    request("POST " + insert, "Authorization: " + SECRET + "\r\n", "[]"),
                    request("POST " + insert, "Cookie: session=" + SECRET + "\r\nX-Api-Key: " + SECRET + "\r\n", "[]"),
                    request("POST /oidc/v1/token", "Authorization: Basic " + basic + "\r\n", "grant_type=" + SECRET),
                    request(
                            "POST /oidc/v1/token",
                            "Content-Type: application/x-www-form-urlencoded\r\n",
                            "grant_type=client_credentials&client_id=x&client_secret=" + SECRET),
                    request("GET /nothing?secret=" + SECRET, "", ""),
                    request("POST http://user:" + SECRET + "@127.0.0.1" + insert, bearer, "[]"),
                    "POST " + insert + " HTTP/1.1\r\nHost: x\r\n" + SECRET + "\r\n\r\n",
                    "POST " + insert + " HTTP/1.1\r\nHost: x\r\nContent-Length: " + SECRET + "\r\n\r\n")) {
                send(program.port(), request);
                sent++;
            }
            int all = sent;
            Eventually.holds(
                    "there are lines to look at", WITHIN, () -> count(stderr, "\"logger\":\"access\"") >= all - 2);
            assertEquals(0, program.terminate());
            String written = Files.readString(stderr) + Files.readString(program.log());
            assertTrue(written.contains("\"status\":401") && written.contains("\"status\":400"), written);
            for (String secret : List.of(SECRET, basic, token, token.substring(token.lastIndexOf('.') + 1))) {
                assertFalse(written.contains(secret), () -> "'" + secret + "' is in\n" + written);
            }
        }
    }

    private static long count(Path file, String text) throws IOException {
        return Files.readString(file)
                .lines()
                .filter(line -> line.contains(text))
                .count();
    }

    private static String request(String line, String headers, String body) {
        return line + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" + headers + "Content-Length: " + body.length()
                + "\r\n\r\n" + body;
    }

    /** Sends and waits for the end of the answer, or of the connection. */
    private static void send(int port, String request) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
            socket.getOutputStream().flush();
            InputStream in = socket.getInputStream();
            byte[] buffer = new byte[4_096];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                // Until the gateway closes it.
            }
        }
    }

    @Test
    void textIsForThoseWhoAskForIt() throws Exception {
        try (HeadgateProgram program =
                new HeadgateProgram(directory, Jdks.current(), "logging: { format: text, level: warn }\n")) {
            Path stderr = program.startWithStderr();
            send(program.port(), request("GET /nothing", "", ""));
            assertEquals(0, program.terminate());
            List<String> ours = Files.readAllLines(stderr).stream()
                    .filter(line -> !line.startsWith("{"))
                    .toList();
            assertEquals(1, ours.size(), ours::toString);
            assertTrue(ours.get(0).contains(" INFO  access - GET /nothing 404 request_id="), ours.get(0));
        }
    }
}
