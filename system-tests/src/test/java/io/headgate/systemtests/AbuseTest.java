package io.headgate.systemtests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.headgate.model.Eventually;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * Thousands of connections that do what no client should, in waves, beside one good client. It is served throughout,
 * only its rows are stored, and afterwards the process holds no more handles, bytes or memory than before. Direct memory
 * is capped, so that a leak of it would show as failures; Netty is asked to tell of buffers that nobody frees.
 */
class AbuseTest {
    private static final String TABLE = "main.fleet.telemetry";
    private static final Duration WITHIN = Duration.ofSeconds(30);
    private static final int WAVE = 250;
    private static final String CAPPED =
            "-Xmx256m -Dio.netty.maxDirectMemory=100663296 -Dio.netty.leakDetection.level=";

    private static final String SMALL = """
            limits: { max-entry-bytes: 1MiB, in-flight-bytes: 64MiB }
            log: { segment-bytes: 4MiB }
            """;

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path directory;

    @Test
    void aThousandAbusiveConnectionsLeaveNothingBehind() throws Exception {
        abuse(4, "simple");
    }

    @Test
    @Tag("slow")
    void tenThousandAbusiveConnectionsLeaveNothingBehind() throws Exception {
        abuse(40, "paranoid");
    }

    private void abuse(int waves, String leakDetection) throws Exception {
        try (HeadgateProgram program = new HeadgateProgram(directory, Jdks.current(), SMALL)
                .with("HEADGATE_JAVA_OPTS", CAPPED + leakDetection)) {
            program.createTable(TABLE, "id STRING NOT NULL");
            program.start();
            String token = program.token("device-1", TABLE);
            Set<String> acked = new HashSet<>();
            wave(program, token, acked, 0);
            Usage before = Usage.of(program);
            long started = System.nanoTime();
            for (int i = 1; i <= waves; i++) {
                wave(program, token, acked, i);
            }
            long tookMillis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - started);
            Usage after = Usage.of(program);
            System.out.println("Before " + before + ", after " + after + ", in " + tookMillis + " ms");
            after.assertNoMoreThan(before);
            assertEquals(0, program.terminate());
            assertEquals(acked, Set.copyOf(new DeltaFiles(program.tableDirectory(TABLE)).values("id")));
            String log = Files.readString(program.log());
            assertFalse(log.contains("LEAK"), log);
            assertFalse(log.contains("OutOf"), log);
        }
    }

    private static void wave(HeadgateProgram program, String token, Set<String> acked, int number) throws Exception {
        List<byte[]> abuses = abuses(token);
        List<Socket> sockets = new ArrayList<>();
        try {
            for (int i = 0; i < WAVE; i++) {
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), program.port());
                sockets.add(socket);
                send(socket, abuses.get(i % abuses.size()));
                if (i % 50 == 0) {
                    String id = "good-" + number + "-" + i;
                    assertEquals(
                            200,
                            program.post(TABLE, token, "{\"id\":\"" + id + "\"}")
                                    .statusCode());
                    acked.add(id);
                }
            }
        } finally {
            for (int i = 0; i < sockets.size(); i++) {
                if (i % 2 == 0) {
                    sockets.get(i).setSoLinger(true, 0); // ends with a reset
                }
                sockets.get(i).close();
            }
        }
        Eventually.holds("nothing is in flight", WITHIN, () -> Usage.gauge(program, "headgate_inflight_bytes") == 0);
        Eventually.holds(
                "the good client's connection alone is left",
                WITHIN,
                () -> Usage.gauge(program, "headgate_http_connections") <= 1);
    }

    /** The other side may have had enough before all is sent. */
    private static void send(Socket socket, byte[] bytes) {
        try {
            socket.getOutputStream().write(bytes);
        } catch (IOException e) {
            assertFalse(e.getMessage().isEmpty());
        }
    }

    private static List<byte[]> abuses(String token) {
        String insert = "POST /zerobus/v1/tables/" + TABLE + "/insert HTTP/1.1\r\nHost: x\r\n";
        String head = insert + "Authorization: Bearer " + token + "\r\n";
        String preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
        String bad = "{\"id\":\"bad\"},";
        return Stream.of(
                        "",
                        "POST /zer",
                        head,
                        head + "Content-Length: 200000\r\n\r\n[" + bad.repeat(8_000),
                        head + "Transfer-Encoding: chunked\r\n\r\n4000\r\n[" + bad,
                        head + "Transfer-Encoding: chunked\r\n\r\n10\r\n[" + bad + " \r\nnot hex\r\n",
                        head + "Content-Length: 99999999\r\n\r\n[" + bad.repeat(20_000),
                        head + "Content-Length: 10\r\nTransfer-Encoding: chunked\r\n\r\n[" + bad,
                        head + "Expect: 100-continue\r\nContent-Length: 100\r\n\r\n",
                        head + "X-Long: " + "x".repeat(100_000),
                        insert + "Content-Length: 300000\r\n\r\n[" + bad.repeat(20_000),
                        insert + "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nContent-Length: 99999\r\n\r\n"
                                + bad.repeat(5_000),
                        (insert + "\r\n").repeat(100),
                        "GET /" + "x".repeat(10_000),
                        "\u0016\u0003\u0001\u0000\u00ff".repeat(1_000),
                        preface,
                        preface + "\0\0\0\4\0\0\0\0\0" + "\0@\0\1\0\0\0\0\1" + "x".repeat(10_000),
                        preface + "\0\0\0\4\0\0\0\0\0" + "\0\0\u0008\6\0\0\0\0\0pingping".repeat(2_000),
                        preface + "garbage".repeat(1_000))
                .map(text -> text.getBytes(StandardCharsets.ISO_8859_1))
                .toList();
    }
}
