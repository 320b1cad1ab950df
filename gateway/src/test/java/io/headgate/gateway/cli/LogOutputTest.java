package io.headgate.gateway.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;

class LogOutputTest {
    @Test
    void anEventIsOneLineWhateverIsInIt() {
        List<String> lines = logged(context -> {
            Logger ours = context.getLogger("io.headgate.wal.LocalLog");
            ours.info("plain");
            ours.warn("forged\n2026-01-01 ERROR");
            ours.error("failed", new IOException("outer", new IOException("inner\r\nline")));
        });
        assertEquals(3, lines.size(), lines::toString);
        assertTrue(lines.get(0).matches("\\d{4}-\\d\\d-\\d\\dT[0-9:.]{12}Z INFO  LocalLog - plain"), lines.get(0));
        assertTrue(lines.get(1).endsWith("WARN  LocalLog - forged | 2026-01-01 ERROR"), lines.get(1));
        assertTrue(lines.get(2).contains(" failed | java.io.IOException: outer | at "), lines.get(2));
        assertTrue(lines.get(2).contains(" | Caused by: java.io.IOException: inner | line | "), lines.get(2));
    }

    @Test
    void librariesAreHeardFromWarningsOn() {
        List<String> lines = logged(context -> {
            context.getLogger("io.netty.x").info("no");
            context.getLogger("io.netty.x").warn("yes");
            context.getLogger("io.headgate.x").debug("no");
        });
        assertEquals(1, lines.size(), lines::toString);
        assertTrue(lines.get(0).endsWith("WARN  x - yes"), lines.get(0));
    }

    private interface Events {
        void log(LoggerContext context);
    }

    private static List<String> logged(Events events) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        LoggerContext context = new LoggerContext();
        context.setMDCAdapter(new LogbackMDCAdapter());
        LogOutput.configure(context, bytes);
        events.log(context);
        context.stop();
        return bytes.toString(StandardCharsets.UTF_8).lines().toList();
    }
}
