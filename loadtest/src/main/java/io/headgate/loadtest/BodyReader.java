package io.headgate.loadtest;

import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerOptions;
import java.util.concurrent.CountDownLatch;

/**
 * The ceiling: a Vert.x server on the same transport that reads each body and answers {@code {}}. {@code BodyReader PORT
 * LOOPS}; prints a line when it listens.
 */
public final class BodyReader {
    private BodyReader() {}

    /** Serves until the process is ended. */
    public static void main(String[] args) throws InterruptedException {
        int port = Integer.parseInt(args[0]);
        int loops = Integer.parseInt(args[1]);
        Vertx vertx =
                Vertx.vertx(new VertxOptions().setPreferNativeTransport(true).setEventLoopPoolSize(loops));
        vertx.deployVerticle(() -> new Listener(port), new DeploymentOptions().setInstances(loops))
                .onSuccess(deployed -> System.out.println("listening, native " + vertx.isNativeTransportEnabled()))
                .onFailure(problem -> {
                    System.err.println("cannot listen: " + problem);
                    Runtime.getRuntime().halt(1);
                });
        new CountDownLatch(1).await();
    }

    private static final class Listener extends VerticleBase {
        private static final Buffer EMPTY_OBJECT = Buffer.buffer("{}");

        private final int port;

        Listener(int port) {
            this.port = port;
        }

        @Override
        public Future<?> start() {
            return vertx.createHttpServer(
                            new HttpServerOptions().setHost("127.0.0.1").setPort(port))
                    .requestHandler(request -> request.body().onSuccess(body -> {
                        Future<Void> unused = request.response()
                                .putHeader("content-type", "application/json")
                                .end(EMPTY_OBJECT);
                    }))
                    .listen();
        }
    }
}
