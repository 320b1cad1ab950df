package io.headgate.gateway.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.spi.ContextAwareBase;
import java.io.OutputStream;

/**
 * What is logged and how: one line per event on stderr, stack traces folded into it; libraries from WARN on. Found by
 * Logback through {@code META-INF/services}: code, because parsing XML would take a tenth of a second of every start.
 */
public final class LogOutput extends ContextAwareBase implements Configurator {
    private static final String LINE = "%d{yyyy-MM-dd'T'HH:mm:ss.SSSX,UTC} %-5level %logger{0} - "
            + "%replace(%replace(%msg%n%ex{15}){'\\s+$', ''}){'[\r\n\t]+', ' | '}%nopex%n";

    @Override
    public ExecutionStatus configure(LoggerContext context) {
        configure(context, System.err);
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }

    static void configure(LoggerContext context, OutputStream target) {
        PatternLayoutEncoder encoder = new PatternLayoutEncoder();
        encoder.setContext(context);
        encoder.setPattern(LINE);
        encoder.start();
        OutputStreamAppender<ILoggingEvent> lines = new OutputStreamAppender<>();
        lines.setContext(context);
        lines.setEncoder(encoder);
        lines.setOutputStream(target);
        lines.start();
        Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.addAppender(lines);
        root.setLevel(Level.WARN);
        context.getLogger("io.headgate").setLevel(Level.INFO);
        // Hadoop warns at every start that it finds no native library, which we neither have nor need.
        context.getLogger("org.apache.hadoop.util.NativeCodeLoader").setLevel(Level.ERROR);
        // Kernel warns at every table that has no checkpoint yet.
        context.getLogger("io.delta.kernel.internal.snapshot.SnapshotManager").setLevel(Level.ERROR);
        // Vert.x logs an error for every client that breaks its connection off before its first request is complete.
        context.getLogger("io.vertx.core.net.impl.ConnectionBase").setLevel(Level.OFF);
    }
}
