package io.headgate.gateway.cli;

import io.headgate.gateway.Gateway;
import io.headgate.gateway.config.GatewayConfig;
import io.headgate.gateway.logging.LogOutput;
import io.headgate.gateway.logging.LogbackSetup;
import io.headgate.wal.LogInUseException;
import java.io.IOException;
import java.net.BindException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A gateway in the foreground, from its start to its end. It ends in one of three ways: a signal has it stop in order;
 * a second signal ends it at once; or its log fails, and it ends at once with the reason.
 */
final class Serving {
    private static final Logger LOG = LoggerFactory.getLogger(Serving.class);

    /** What a stop may take beyond its own bound before the process ends without it: a disk may never come back. */
    private static final Duration STOP_GRACE = Duration.ofSeconds(5);

    /** Tells people that the gateway is ready. */
    @FunctionalInterface
    interface Announcement {
        void print(Gateway gateway) throws IOException;
    }

    /** {@link Gateway#start}. */
    @FunctionalInterface
    interface Starter {
        Gateway start(GatewayConfig config, Consumer<Throwable> onFatal) throws IOException;
    }

    private final GatewayConfig config;
    private final Starter starter;
    private final CompletableFuture<Optional<Throwable>> end = new CompletableFuture<>();

    Serving(GatewayConfig config, Starter starter) {
        this.config = config;
        this.starter = starter;
    }

    /** Serves until a signal or a failure ends it. Returns the exit code. */
    static int untilSignalled(GatewayConfig config, Announcement ready) throws Exception {
        LogOutput.process().format(config.logging().format());
        LogbackSetup.level(config.logging().level());
        Serving serving = new Serving(config, Gateway::start);
        // Before the start, so that a signal meanwhile has it stop in order too.
        TerminationSignals.handle(serving::end);
        return serving.run(ready);
    }

    /** Has {@link #run} stop in order. */
    void end() {
        end.complete(Optional.empty());
    }

    int run(Announcement ready) throws IOException, InterruptedException, ExecutionException {
        Gateway gateway = start();
        ready.print(gateway);
        Optional<Throwable> failure = end.get();
        return failure.isPresent() ? failed(failure.get()) : stop(gateway);
    }

    private Gateway start() throws IOException {
        try {
            return starter.start(config, this::onFatal);
        } catch (BindException e) {
            throw new CommandException(
                    ExitCode.ADDRESS_UNAVAILABLE,
                    e.getMessage() + " The settings are http.port and management.port, or --port and --management-port"
                            + " of quickstart.");
        } catch (LogInUseException e) {
            throw CommandException.of(ExitCode.DATA_IN_USE, e);
        } catch (IOException e) {
            throw CommandException.of(ExitCode.START_FAILED, e);
        }
    }

    /** On a thread of the log, which is broken: nothing may wait for it any more. */
    private void onFatal(Throwable cause) {
        if (!end.complete(Optional.of(cause))) {
            Runtime.getRuntime().halt(failed(cause));
        }
    }

    private static int failed(Throwable cause) {
        LOG.error(
                "The log failed, so the gateway ends: what was acknowledged is on the disk, what was not may be sent"
                        + " again. Mend the cause and start it again.",
                cause);
        LogOutput.process().flush();
        return ExitCode.GATEWAY_FAILED;
    }

    private int stop(Gateway gateway) throws InterruptedException {
        Duration bound = config.drain().timeout().plus(STOP_GRACE);
        LOG.info("Stopping, within {} s; a second signal ends it at once", bound.toSeconds());
        FutureTask<Long> stop = new FutureTask<>(gateway::stop);
        Thread thread = new Thread(stop, "headgate-stop");
        thread.setDaemon(true);
        thread.start();
        try {
            stop.get(bound.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            LOG.warn("Stopping took too long; the log keeps what was acknowledged for the next start");
        } catch (ExecutionException e) {
            return failed(e.getCause() == null ? e : e.getCause());
        }
        return ExitCode.OK;
    }
}
