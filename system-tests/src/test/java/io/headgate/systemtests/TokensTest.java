package io.headgate.systemtests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.headgate.model.Eventually;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** How a program comes to a token, and what becomes of tokens when keys are rotated. */
class TokensTest {
    private static final String TABLE = "main.fleet.telemetry";
    private static final ObjectMapper JSON = new ObjectMapper();

    // The keys are looked at twice a second; a machine that is busy takes longer.
    private static final Duration TAKEN_OVER = Duration.ofSeconds(20);

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path directory;

    @Test
    void fromTheSecretOfTheQuickstartToARow() throws Exception {
        try (HeadgateProgram program = new HeadgateProgram(directory)) {
            Path data = quickstart(program);
            String kept = Files.readString(data.resolve("client.json"));
            assertEquals(
                    "rw-------",
                    PosixFilePermissions.toString(Files.getPosixFilePermissions(data.resolve("client.json"))));
            String secret = JSON.readTree(kept).path("client_secret").asText();
            Eventually.holds(
                    "the secret is printed",
                    Duration.ofSeconds(10),
                    () -> Files.readString(program.log()).contains("client_secret: " + secret));
            String token = token(program, data);
            assertEquals(200, insert(program, token));
            assertEquals(0, program.terminate());
            assertEquals(1, new DeltaFiles(data.resolve("tables/main/fleet/telemetry")).count());

            quickstart(program);
            assertEquals(kept, Files.readString(data.resolve("client.json")));
            assertEquals(200, insert(program, token(program, data)));
            assertEquals(200, insert(program, token));
            assertEquals(0, program.terminate());
        }
    }

    @Test
    void keysAreRotatedBesideARunningGateway() throws Exception {
        try (HeadgateProgram program = new HeadgateProgram(directory)) {
            Path data = quickstart(program);
            String first = token(program, data);
            assertEquals(1, keys(program).size());

            command(program, data, "issuer", "rotate");
            String second = command(program, data, "token", "create", "--subject", "device-1", "--table", TABLE);
            Eventually.holds("the new key counts", TAKEN_OVER, () -> insert(program, second) == 200);
            assertEquals(200, insert(program, first));
            List<String> both = keys(program);
            assertEquals(2, both.size());
            assertEquals(both.get(0), keyOf(token(program, data)));
            assertEquals(both.get(1), keyOf(first));

            command(program, data, "issuer", "rotate", "--drop-old");
            Eventually.holds("the old keys do not", TAKEN_OVER, () -> insert(program, first) == 401);
            assertEquals(401, insert(program, second));
            assertEquals(200, insert(program, token(program, data)));
            assertEquals(1, keys(program).size());
            assertEquals(0, program.terminate());
        }
    }

    private Path quickstart(HeadgateProgram program) throws IOException, InterruptedException {
        Path data = directory.resolve("data");
        program.quickstart(data);
        return data;
    }

    /** Runs a command on the quickstart's configuration; the last line of what it printed. */
    private static String command(HeadgateProgram program, Path data, String... arguments) throws Exception {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--config", data.resolve("headgate.yaml").toString()));
        List<String> lines = program.run(all.toArray(String[]::new)).ok().lines();
        return lines.get(lines.size() - 1);
    }

    private String token(HeadgateProgram program, Path data) throws IOException, InterruptedException {
        JsonNode client = JSON.readTree(data.resolve("client.json").toFile());
        String pair = client.path("client_id").asText() + ":"
                + client.path("client_secret").asText();
        HttpResponse<String> answer = program.ingest()
                .send(
                        "POST",
                        "/oidc/v1/token",
                        Map.of(
                                "Authorization",
                                "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8)),
                                "Content-Type",
                                "application/x-www-form-urlencoded"),
                        "grant_type=client_credentials&scope=all-apis");
        assertEquals(200, answer.statusCode(), answer.body());
        return JSON.readTree(answer.body()).path("access_token").asText();
    }

    private static int insert(HeadgateProgram program, String token) throws IOException, InterruptedException {
        return program.post(TABLE, token, "[{\"device_id\":\"d-1\"}]").statusCode();
    }

    private List<String> keys(HeadgateProgram program) throws IOException, InterruptedException {
        HttpResponse<String> answer = program.ingest().send("GET", "/.well-known/jwks.json", Map.of(), "");
        List<String> ids = new ArrayList<>();
        JSON.readTree(answer.body())
                .path("keys")
                .forEach(key -> ids.add(key.path("kid").asText()));
        assertTrue(answer.body().indexOf("\"d\"") < 0, "a private key was published");
        return ids;
    }

    private static String keyOf(String token) throws IOException {
        return JSON.readTree(Base64.getUrlDecoder().decode(token.split("\\.", -1)[0]))
                .path("kid")
                .asText();
    }
}
