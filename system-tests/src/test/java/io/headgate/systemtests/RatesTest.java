package io.headgate.systemtests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Devices that send more than they may, on the packaged program: each is answered, and exactly what was let in is in the table. */
class RatesTest {
    private static final String TABLE = "main.fleet.telemetry";
    private static final int QUOTA = 50;
    private static final int DEVICES = 8;
    private static final int REQUESTS = 3 * QUOTA;

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path directory;

    /** What one device was answered. */
    private record Answers(int accepted, int refused) {}

    @Test
    void eachDeviceGetsItsQuotaWhateverTheOthersDo() throws Exception {
        String config = "limits: { rates: { subject: { requests: " + QUOTA + "/1h } } }\n";
        ExecutorService devices = Executors.newFixedThreadPool(DEVICES);
        try (HeadgateProgram program = new HeadgateProgram(directory, Jdks.current(), config)) {
            program.createTable(TABLE, "device_id STRING NOT NULL, n INT");
            program.start();
            List<Callable<Answers>> fleet = new ArrayList<>();
            for (int i = 0; i < DEVICES; i++) {
                String name = "pump-" + i;
                fleet.add(() -> hammer(program, name));
            }
            for (Future<Answers> device : devices.invokeAll(fleet)) {
                assertEquals(new Answers(QUOTA, REQUESTS - QUOTA), device.get());
            }
            DeltaFiles table = program.awaitRows(TABLE, DEVICES * QUOTA);
            assertEquals(
                    List.of(List.of((long) DEVICES, (long) QUOTA, (long) QUOTA)),
                    table.query("SELECT count(*), min(n), max(n) FROM"
                            + " (SELECT device_id, count(DISTINCT n) AS n FROM rows GROUP BY device_id)"));
            String metrics = program.management("/metrics").body();
            assertTrue(
                    metrics.contains(
                            "headgate_http_requests_total{status=\"429\"} " + (double) DEVICES * (REQUESTS - QUOTA)),
                    metrics);
            assertEquals(0, program.terminate());
        } finally {
            devices.shutdown();
            assertTrue(devices.awaitTermination(1, TimeUnit.MINUTES));
        }
    }

    private static Answers hammer(HeadgateProgram program, String name) throws Exception {
        String token = program.token(name, TABLE);
        int accepted = 0;
        int refused = 0;
        for (int i = 0; i < REQUESTS; i++) {
            HttpResponse<String> answer =
                    program.post(TABLE, token, "{\"device_id\":\"" + name + "\",\"n\":" + i + "}");
            assertTrue(answer.statusCode() == 200 || answer.statusCode() == 429, answer.body());
            assertEquals(
                    "\"subject\";q=" + QUOTA + ";w=3600",
                    answer.headers().firstValue("RateLimit-Policy").orElseThrow());
            if (answer.statusCode() == 200) {
                accepted++;
            } else {
                refused++;
                long seconds = answer.headers().firstValueAsLong("Retry-After").orElseThrow();
                assertTrue(seconds >= 1 && seconds <= 3_600 / QUOTA, "Retry-After: " + seconds);
            }
        }
        return new Answers(accepted, refused);
    }
}
