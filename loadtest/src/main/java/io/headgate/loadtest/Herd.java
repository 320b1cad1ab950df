package io.headgate.loadtest;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;

/**
 * So many devices that all send one row at once, each again as often as it is refused, when {@code Retry-After} says so:
 * {@code Herd PORT TOKEN DEVICES}. Prints CSV: by second, how many came, and how many of them were accepted or refused.
 * Ends once all were accepted. Everything of it runs on one event loop.
 */
public final class Herd {
    private static final long SECOND_NANOS = 1_000_000_000;
    private static final int COME = 0;
    private static final int ACCEPTED = 1;
    private static final int REFUSED = 2;
    private static final int FAILED = 3;

    private final Vertx vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));
    private final HttpClient client;
    private final RequestOptions insert;
    private final Map<Long, int[]> bySecond = new TreeMap<>();
    private final CountDownLatch over = new CountDownLatch(1);
    private final long startNanos = System.nanoTime();
    private int left;

    private Herd(int port, String token, int devices) {
        this.left = devices;
        this.client = vertx.createHttpClient(
                new HttpClientOptions().setKeepAlive(true).setKeepAliveTimeout(0),
                new PoolOptions().setHttp1MaxSize(devices));
        this.insert = Requests.insert(port, token);
    }

    /** Runs once; prints as above. */
    public static void main(String[] args) throws InterruptedException {
        int devices = Integer.parseInt(args[2]);
        Herd herd = new Herd(Integer.parseInt(args[0]), args[1], devices);
        herd.vertx.runOnContext(begin -> {
            for (int device = 0; device < devices; device++) {
                herd.come();
            }
        });
        herd.over.await();
        System.out.println("second,came,accepted,refused,failed");
        herd.bySecond.forEach((second, counts) -> System.out.printf(
                "%d,%d,%d,%d,%d%n", second, counts[COME], counts[ACCEPTED], counts[REFUSED], counts[FAILED]));
        herd.vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    private void come() {
        count(COME);
        Future<HttpClientResponse> unused = client.request(insert)
                .compose(request -> request.send(Requests.BODY))
                .compose(response -> response.body().map(body -> response))
                .onSuccess(this::answered)
                .onFailure(problem -> again(FAILED, 1));
    }

    private void answered(HttpClientResponse response) {
        if (response.statusCode() == 200) {
            count(ACCEPTED);
            if (--left == 0) {
                over.countDown();
            }
            return;
        }
        String after = response.getHeader("Retry-After");
        again(after == null ? FAILED : REFUSED, after == null ? 1 : Integer.parseInt(after));
    }

    private void again(int what, int afterSeconds) {
        count(what);
        vertx.setTimer(afterSeconds * 1_000L, timer -> come());
    }

    private void count(int what) {
        bySecond.computeIfAbsent((System.nanoTime() - startNanos) / SECOND_NANOS, second -> new int[4])[what]++;
    }
}
