package io.headgate.gateway.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.UnsynchronizedAppenderBase;
import ch.qos.logback.core.spi.ContextAwareBase;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is logged: our own events from INFO on, those of libraries from WARN on. Found by Logback through
 * {@code META-INF/services}: code, because parsing XML would take a tenth of a second of every start. In force before
 * the configuration is read; {@link #level} then changes it.
 */
public final class LogbackSetup extends ContextAwareBase implements Configurator {
    @Override
    public ExecutionStatus configure(LoggerContext context) {
        install(context, LogOutput.process());
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }

    static void install(LoggerContext context, LogOutput output) {
        UnsynchronizedAppenderBase<ILoggingEvent> appender = new UnsynchronizedAppenderBase<>() {
            @Override
            protected void append(ILoggingEvent event) {
                output.event(event);
            }
        };
        appender.setContext(context);
        appender.setName("stderr");
        appender.start();
        context.getLogger(Logger.ROOT_LOGGER_NAME).addAppender(appender);
        level(context, Level.INFO);
        // Kernel warns at every table that has no checkpoint yet.
        context.getLogger("io.delta.kernel.internal.snapshot.SnapshotManager").setLevel(Level.ERROR);
        // Vert.x logs an error for every client that breaks its connection off before its first request is complete.
        context.getLogger("io.vertx.core.net.impl.ConnectionBase").setLevel(Level.OFF);
    }

    /** From which level on this process logs. */
    public static void level(org.slf4j.event.Level level) {
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
            level(context, Level.convertAnSLF4JLevel(level));
        }
    }

    private static void level(LoggerContext context, Level level) {
        context.getLogger("io.headgate").setLevel(level);
        // Libraries are never heard below WARN: what they say there is about their insides, row content included.
        context.getLogger(Logger.ROOT_LOGGER_NAME).setLevel(level.isGreaterOrEqual(Level.WARN) ? level : Level.WARN);
    }
}
