package io.headgate.gateway.logging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.headgate.gateway.http.AccessLog;
import io.headgate.model.Eventually;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.Logger;

class LogOutputTest {
    private static final Duration WITHIN = Duration.ofSeconds(20);
    private static final String FORGED =
            "x\r\n2026-01-01T00:00:00.000Z ERROR y - \u001b[31mred\u009b2J\u2028\u202etxt\u0000\u007f\"}";

    @Test
    void anEventIsOneLineOfText() {
        Written written = Written.as(LogFormat.TEXT);
        Logger ours = written.logger("io.headgate.wal.LocalLog");
        ours.info("plain");
        ours.warn("with umlaut \u00e4, broken\r\n\tline");
        ours.atError()
                .addKeyValue("request_id", "a-1")
                .addKeyValue("why", "two words")
                .log("fields");
        ours.error("failed", new IOException("outer", new IOException("inner\r\nline")));
        List<String> lines = written.lines();
        assertEquals(4, lines.size(), lines::toString);
        assertTrue(lines.get(0).matches("\\d{4}-\\d\\d-\\d\\dT[0-9:.]{12}Z INFO  LocalLog - plain"), lines.get(0));
        assertTrue(lines.get(1).endsWith("WARN  LocalLog - with umlaut \u00e4, broken | line"), lines.get(1));
        assertTrue(lines.get(2).endsWith("ERROR LocalLog - fields request_id=a-1 why=\"two words\""), lines.get(2));
        assertTrue(lines.get(3).contains(" failed | java.io.IOException: outer | at "), lines.get(3));
        assertTrue(lines.get(3).contains(" | Caused by: java.io.IOException: inner | line | "), lines.get(3));
    }

    @Test
    void anEventIsOneObjectOfJson() {
        Written written = Written.as(LogFormat.JSON);
        Logger ours = written.logger("io.headgate.wal.LocalLog");
        ours.atWarn().addKeyValue("request_id", "a-1").addKeyValue("count", 7).log("it {}", "happened");
        ours.error("failed", new IOException("outer"));
        List<String> lines = written.lines();
        assertEquals(2, lines.size(), lines::toString);
        Map<String, String> first = Written.members(lines.get(0));
        assertEquals(List.of("ts", "level", "logger", "msg", "request_id", "count"), new ArrayList<>(first.keySet()));
        assertEquals("warn", first.get("level"));
        assertEquals("it happened", first.get("msg"));
        assertTrue(lines.get(0).endsWith("\"count\":7}"), lines.get(0));
        Map<String, String> second = Written.members(lines.get(1));
        assertEquals("java.io.IOException: outer", second.get("error"));
        assertTrue(second.getOrDefault("stack_trace", "").contains("\tat "), lines.get(1));
    }

    @ParameterizedTest
    @EnumSource(
            value = LogFormat.class,
            names = {"TEXT", "JSON"})
    void noClientCanForgeALineOrCommandATerminal(LogFormat format) {
        Written written = Written.as(format);
        AccessLog access = written.output.accessLog(AccessMode.ALL);
        access.record(Written.access(400, "CODE", "/" + FORGED, FORGED, FORGED));
        written.logger("io.headgate.x").warn("Subject {}", FORGED);
        List<String> lines = written.lines();
        assertEquals(2, lines.size(), lines::toString);
        for (String line : lines) {
            assertTrue(line.chars().allMatch(c -> c >= ' ' && c < 0x7f), () -> "Not plain: " + line);
            assertTrue(format == LogFormat.TEXT || !Written.members(line).isEmpty());
        }
    }

    @Test
    void anAccessLineSaysAllThereIsToARequest() {
        Written written = Written.as(LogFormat.JSON);
        written.output.accessLog(AccessMode.ALL).record(Written.access(403, "PERMISSION_DENIED", "/p", "pump", "curl"));
        Map<String, String> line = Written.members(written.lines().get(0));
        line.remove("ts");
        assertEquals(
                "{level=info, logger=access, msg=POST /p 403, request_id=id-1, remote=127.0.0.1:4711, method=POST,"
                        + " path=/p, status=403, error_code=PERMISSION_DENIED, records=0, body_bytes=17,"
                        + " duration_ms=1.234, subject=pump, table=main.fleet.telemetry, user_agent=curl}",
                line.toString());
    }

    @Test
    void anAccessLineOfTextSaysNothingTwice() {
        Written written = Written.as(LogFormat.TEXT);
        written.output.accessLog(AccessMode.ALL).record(Written.access(403, "DENIED", "/p", "pump", "my agent"));
        String line = written.lines().get(0);
        assertTrue(
                line.endsWith(" INFO  access - POST /p 403 request_id=id-1 remote=127.0.0.1:4711 error_code=DENIED"
                        + " records=0 body_bytes=17 duration_ms=1.234 subject=pump table=main.fleet.telemetry"
                        + " user_agent=\"my agent\""),
                line);
    }

    @Test
    void whatAClientSendsIsCut() {
        Written written = Written.as(LogFormat.JSON);
        String endless = "e".repeat(100_000);
        written.output.accessLog(AccessMode.ALL).record(Written.access(400, "CODE", endless, endless, endless));
        written.logger("io.headgate.x").warn(endless);
        List<String> lines = written.lines();
        assertTrue(
                lines.get(0).length() < 1_500, () -> "line of " + lines.get(0).length());
        assertTrue(
                lines.get(1).length() < 9_000, () -> "line of " + lines.get(1).length());
    }

    @Test
    void modesDecideWhichRequestsHaveALine() {
        Written written = Written.as(LogFormat.TEXT);
        assertFalse(written.output.accessLog(AccessMode.OFF).wants(500));
        assertFalse(written.output.accessLog(AccessMode.REFUSED).wants(200));
        assertTrue(written.output.accessLog(AccessMode.REFUSED).wants(400));
        assertTrue(written.output.accessLog(AccessMode.REFUSED).wants(499));
        assertTrue(written.output.accessLog(AccessMode.ALL).wants(200));
    }

    @Test
    void repeatedRefusalsAreCountedAndToldOfOnceAMinute() {
        Written written = Written.as(LogFormat.JSON);
        AccessLog access = written.output.accessLog(AccessMode.REFUSED);
        for (int i = 0; i < 1_000; i++) {
            access.record(Written.refused(403, "pump-1"));
        }
        access.record(Written.refused(403, "pump-2"));
        access.record(Written.refused(401, "pump-1"));
        Eventually.holds("three lines", WITHIN, () -> written.text().lines().count() == 3);
        written.nanos.addAndGet(LogOutput.WINDOW.toNanos());
        Eventually.holds("a fourth", WITHIN, () -> written.text().lines().count() == 4);
        Map<String, String> last = Written.members(written.lines().get(3));
        assertEquals("999", last.get("left_out"));
        assertEquals("403", last.get("status"));
        assertEquals("pump-1", last.get("subject"));
        assertEquals("main.fleet.telemetry", last.get("table"));
        assertEquals(999, written.output.access().leftOut());
        access.record(Written.refused(403, "pump-1"));
        assertEquals(5, written.lines().size());
    }

    @Test
    void aFloodFromManySubjectsGrowsNeitherTheLogNorMemory() {
        Written written = Written.as(LogFormat.JSON);
        AccessLog access = written.output.accessLog(AccessMode.REFUSED);
        long floods = 10_000;
        for (int i = 0; i < 2 * floods; i++) {
            access.record(Written.refused(403, "pump-" + i % floods));
        }
        List<String> lines = written.lines();
        // The first of each kind that passed, its repetition, and all the others together.
        assertEquals(2 * LogOutput.REFUSAL_KINDS_MAX + 1, lines.size());
        long told = lines.stream()
                .map(Written::members)
                .mapToLong(line -> Long.parseLong(line.getOrDefault("left_out", "1")))
                .sum();
        assertEquals(2 * floods, told);
    }

    @Test
    void repeatedEventsAreCountedPerMessage() {
        Written written = Written.as(LogFormat.JSON);
        for (int i = 0; i < 500; i++) {
            written.logger("io.headgate.x").warn("Table {} fails", "t" + i);
        }
        written.logger("io.headgate.x").error("another");
        List<String> lines = written.lines();
        assertEquals(LogOutput.EVENTS_PER_KIND + 2, lines.size(), lines::toString);
        Map<String, String> last = Written.members(lines.get(lines.size() - 1));
        assertEquals("left out 490 more of: Table {} fails", last.get("msg"));
        assertEquals("warn", last.get("level"));
        assertEquals("io.headgate.x", last.get("logger"));
    }

    @Test
    void aStuckStderrHoldsNobodyUpAndLeavesRoomForEvents() {
        Written written = Written.stuck(LogFormat.JSON);
        AccessLog access = written.output.accessLog(AccessMode.ALL);
        int requests = LogOutput.LINES_MAX * 4;
        for (int i = 0; i < requests; i++) {
            access.record(Written.refused(503, "pump"));
        }
        written.logger("io.headgate.x").error("heard all the same");
        long flushStarted = System.nanoTime();
        written.output.flush();
        assertTrue(System.nanoTime() - flushStarted < TimeUnit.SECONDS.toNanos(15), "a stuck stderr is not waited for");
        long dropped = written.output.access().dropped();
        assertTrue(dropped > LogOutput.LINES_MAX && dropped < requests, () -> "dropped " + dropped);
        assertEquals(0, written.output.events().dropped());

        written.release();
        Eventually.holds(
                "the drops are told of",
                WITHIN,
                () -> written.text().contains("dropped " + dropped + " lines that came faster than stderr takes them"));
        // The writer may tell of them before it comes to the lines that gathered meanwhile.
        Eventually.holds("all is written", WITHIN, () -> written.lines().size() == requests - dropped + 2);
        assertTrue(written.text().contains("heard all the same"));
    }

    @Test
    void librariesAreHeardFromWarningsOn() {
        Written written = Written.as(LogFormat.TEXT);
        written.logger("io.netty.x").info("no");
        written.logger("io.netty.x").warn("yes");
        written.logger("io.headgate.x").debug("no");
        List<String> lines = written.lines();
        assertEquals(1, lines.size(), lines::toString);
        assertTrue(lines.get(0).endsWith("WARN  x - yes"), lines.get(0));
    }
}
