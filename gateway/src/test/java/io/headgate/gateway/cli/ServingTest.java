package io.headgate.gateway.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.headgate.gateway.Gateway;
import io.headgate.gateway.config.GatewayConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServingTest {
    @TempDir
    Path directory;

    @Test
    void askedToEndItStopsInOrder() throws Exception {
        Serving serving = new Serving(config(0), Gateway::start);
        assertEquals(ExitCode.OK, serving.run(gateway -> serving.end()));
    }

    @Test
    void aFailedLogEndsItWithACodeOfItsOwn() throws Exception {
        List<Gateway> started = new ArrayList<>();
        Serving serving = new Serving(config(0), (config, onFatal) -> {
            Gateway gateway = Gateway.start(config, onFatal);
            started.add(gateway);
            onFatal.accept(new IOException("force failed"));
            return gateway;
        });
        try {
            assertEquals(ExitCode.GATEWAY_FAILED, serving.run(gateway -> {}));
        } finally {
            // A process would have ended; this one goes on.
            started.get(0).stop();
        }
    }

    @Test
    void eachReasonNotToStartHasAMessageAndACodeOfItsOwn() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertNotStarted(
                    ExitCode.ADDRESS_UNAVAILABLE,
                    "Cannot listen on 127.0.0.1:" + taken.getLocalPort(),
                    config(taken.getLocalPort()));
        }
        Gateway first = Gateway.start(config(0), cause -> {});
        try {
            assertNotStarted(ExitCode.DATA_IN_USE, "is in use by this process", config(0));
        } finally {
            first.stop();
        }
        Files.writeString(directory.resolve("issuer.jwk"), "{}");
        assertNotStarted(ExitCode.START_FAILED, "does not hold a private EC key", config(0));
    }

    private static void assertNotStarted(int exitCode, String message, GatewayConfig config) {
        CommandException refused =
                assertThrows(CommandException.class, () -> new Serving(config, Gateway::start).run(gateway -> {}));
        assertEquals(exitCode, refused.exitCode(), refused::toString);
        assertTrue(String.valueOf(refused.getMessage()).contains(message), refused::toString);
    }

    private GatewayConfig config(int port) throws Exception {
        return GatewayConfig.load(Files.writeString(directory.resolve("headgate.yaml"), """
                http: { port: %d }
                management: { port: 0 }
                log: { segment-bytes: 1MiB, max-bytes: 16MiB }
                limits: { max-entry-bytes: 256KiB, table-unflushed-bytes: 8MiB }
                commit: { file-target: 8MiB }
                """.formatted(port)));
    }
}
