package io.headgate.gateway.http;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.transport.Transport;
import java.io.IOException;
import java.net.BindException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts event loops on the best transport there is: epoll or kqueue where its native library loads, NIO elsewhere. */
final class EventLoops {
    private static final Logger LOG = LoggerFactory.getLogger(EventLoops.class);

    private EventLoops() {}

    /**
     * @param what the loops are for, to be said in the log
     * @param count threads, each with one loop
     * @param admission sees each connection first
     */
    static Vertx start(String what, int count, Admission admission) {
        Transport transport = transport();
        VertxOptions options = new VertxOptions()
                .setEventLoopPoolSize(count)
                // Everything that blocks runs on our own threads; Vert.x needs hardly any.
                .setWorkerPoolSize(1)
                .setInternalBlockingPoolSize(2)
                .setFileSystemOptions(new FileSystemOptions()
                        .setClassPathResolvingEnabled(false)
                        .setFileCachingEnabled(false));
        LOG.info("The {} server has {} event loops on {}", what, count, transport.name());
        return Vertx.builder()
                .with(options)
                .withTransport(new EdgeTransport(transport, admission))
                .build();
    }

    /** What a server that cannot listen fails with: the native transports have an exception of their own for it. */
    static <T> Future<T> cannotListen(String host, int port, Throwable cause) {
        if (!(cause instanceof IOException)) {
            return Future.failedFuture(cause);
        }
        BindException failure = new BindException("Cannot listen on " + host + ":" + port + ": " + cause.getMessage()
                + ". Stop what uses the port, or configure another.");
        failure.initCause(cause);
        return Future.failedFuture(failure);
    }

    private static Transport transport() {
        Transport fastest = Transport.nativeTransport();
        if (fastest != null && fastest.available()) {
            return fastest;
        }
        LOG.info("There is no native transport for this platform: {}", reason(fastest));
        return Transport.NIO;
    }

    private static String reason(@Nullable Transport unavailable) {
        return unavailable == null
                ? "none is included"
                : String.valueOf(unavailable.unavailabilityCause().getMessage());
    }
}
