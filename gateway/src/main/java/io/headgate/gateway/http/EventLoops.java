package io.headgate.gateway.http;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.transport.Transport;
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
     */
    static Vertx start(String what, int count) {
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
        return Vertx.builder().with(options).withTransport(transport).build();
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
