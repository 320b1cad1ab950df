package io.headgate.gateway.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import io.headgate.auth.Issuer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who may read what, and who holds the ports. */
class AccessChecksTest {
    private static final String HOST = InetAddress.getLoopbackAddress().getHostAddress();

    @TempDir
    Path directory;

    @Test
    void theIssuersKeyIsItsOwnersAlone() throws Exception {
        Path key = directory.resolve("issuer.jwk");
        assertEquals(Verdict.SKIPPED, new KeyFileCheck(key).examine().verdict());
        Issuer.openOrCreate(key, "headgate", InstantSource.system());
        assertEquals(Verdict.OK, new KeyFileCheck(key).examine().verdict());
        Path copy = Files.copy(key, directory.resolve("copy.jwk"));
        Files.setPosixFilePermissions(copy, PosixFilePermissions.fromString("rw-r--r--"));
        Finding finding = new KeyFileCheck(copy).examine();
        assertEquals(Verdict.FAIL, finding.verdict());
        assertTrue(finding.remedy().startsWith("chmod 600 " + copy), finding::remedy);
        assertEquals(Verdict.FAIL, new KeyFileCheck(directory).examine().verdict());
    }

    @Test
    void filesWithSecretsAreTheirOwnersAlone() throws Exception {
        Path own = Files.createFile(
                directory.resolve("own"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Path groups = Files.createFile(directory.resolve("groups"));
        Files.setPosixFilePermissions(groups, PosixFilePermissions.fromString("rw-r-----"));
        assertEquals(Verdict.SKIPPED, new SecretsCheck(List.of()).examine().verdict());
        assertEquals(Verdict.OK, new SecretsCheck(List.of(own)).examine().verdict());
        assertEquals(
                Finding.warn("others may read " + groups, "chmod 600 " + groups),
                new SecretsCheck(List.of(own, groups)).examine());
    }

    @Test
    void aFreePort() throws Exception {
        int port;
        try (ServerSocket socket = listen()) {
            port = socket.getLocalPort();
        }
        assertEquals(Finding.ok(HOST + ":" + port + " is free"), check(HOST, port));
        assertEquals(Verdict.OK, check(HOST, 0).verdict());
    }

    @Test
    void aPortThatSomethingElseHolds() throws Exception {
        try (ServerSocket silent = listen()) {
            Finding finding = check(HOST, silent.getLocalPort());
            assertEquals(Verdict.FAIL, finding.verdict());
            assertTrue(finding.remedy().contains("http.port"), finding::remedy);
        }
    }

    @Test
    void addressesThatAreNotOfThisMachine() throws Exception {
        assertEquals(Verdict.FAIL, check("192.0.2.1", 0).verdict()); // RFC 5737: nobody's
        assertEquals(Verdict.FAIL, check("[no address]", 0).verdict());
    }

    @Test
    void aPortThatAGatewayHolds() throws Exception {
        HttpServer gateway = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1);
        gateway.createContext("/", exchange -> {
            exchange.getResponseHeaders().add("X-Request-Id", "1");
            exchange.sendResponseHeaders(404, -1);
            exchange.close();
        });
        gateway.start();
        try {
            int port = gateway.getAddress().getPort();
            assertEquals(Verdict.WARN, check(HOST, port).verdict());
            Files.writeString(directory.resolve("lock"), "not a number");
            assertEquals(Verdict.WARN, check(HOST, port).verdict());
            long process = ProcessHandle.current().pid();
            Files.writeString(directory.resolve("lock"), String.valueOf(process));
            assertEquals(
                    Finding.ok(HOST + ":" + port + " is held by the gateway that runs on this log, process " + process),
                    check(HOST, port));
        } finally {
            gateway.stop(0);
        }
    }

    private Finding check(String host, int port) throws IOException {
        return new PortCheck("http", host, port, directory).examine();
    }

    private static ServerSocket listen() throws IOException {
        return new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    }
}
