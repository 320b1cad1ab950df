package io.headgate.gateway.logging;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.headgate.gateway.http.Access;
import io.headgate.model.TableName;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;

/** An output of its own, what it wrote, and loggers that end in it. */
final class Written {
    static final TableName TABLE = TableName.parse("main.fleet.telemetry");

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final CountDownLatch released = new CountDownLatch(1);
    private final LoggerContext loggers = new LoggerContext();
    final AtomicLong nanos = new AtomicLong();
    final LogOutput output;

    private Written(LogFormat format, boolean stuck) {
        if (!stuck) {
            released.countDown();
        }
        output = new LogOutput(new Stderr(), format, InstantSource.system(), nanos::get);
        loggers.setMDCAdapter(new LogbackMDCAdapter());
        LogbackSetup.install(loggers, output);
    }

    static Written as(LogFormat format) {
        return new Written(format, false);
    }

    /** Nothing is written until {@link #release}. */
    static Written stuck(LogFormat format) {
        return new Written(format, true);
    }

    void release() {
        released.countDown();
    }

    Logger logger(String name) {
        return loggers.getLogger(name);
    }

    /** All lines so far. */
    List<String> lines() {
        output.flush();
        return text().lines().toList();
    }

    String text() {
        synchronized (bytes) {
            return bytes.toString(StandardCharsets.UTF_8);
        }
    }

    /** A refusal of {@code subject}. */
    static Access refused(int status, String subject) {
        return access(status, "REFUSED_" + status, "/path", subject, "agent");
    }

    static Access access(int status, String errorCode, String path, String subject, String userAgent) {
        return new Access(
                "id-1", "127.0.0.1:4711", "POST", path, status, errorCode, 0, 17, 1_234_567, subject, TABLE, userAgent);
    }

    /** The members of a JSON line, in order, values as text; fails if it is not exactly one flat object. */
    static Map<String, String> members(String line) {
        Map<String, String> members = new LinkedHashMap<>();
        try (JsonParser json = new JsonFactory().createParser(line)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                throw new AssertionError("Not an object: " + line);
            }
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                json.nextToken();
                if (members.put(name, json.getValueAsString()) != null) {
                    throw new AssertionError("'" + name + "' twice in " + line);
                }
            }
            if (json.currentToken() != JsonToken.END_OBJECT || json.nextToken() != null) {
                throw new AssertionError("Not one object: " + line);
            }
        } catch (IOException e) {
            throw new AssertionError("Not JSON: " + line, e);
        }
        return members;
    }

    private final class Stderr extends OutputStream {
        @Override
        public void write(int b) {
            throw new UnsupportedOperationException("Lines are written whole");
        }

        @Override
        public void write(byte[] text) throws IOException {
            try {
                released.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            synchronized (bytes) {
                bytes.write(text);
            }
        }
    }
}
