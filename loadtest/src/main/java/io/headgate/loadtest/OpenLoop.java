package io.headgate.loadtest;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;

/**
 * Sends requests when they are due, whether or not those before were answered: {@code OpenLoop PORT MANAGEMENT_PORT TOKEN
 * REQUESTS_PER_SECOND SECONDS CONNECTIONS}. Latencies count from the moment a request was due, so that a server that
 * falls behind cannot hide it. Prints a line of CSV a second, and a last one for all of them. Everything of it runs on one
 * event loop.
 */
public final class OpenLoop {
    private static final String HOST = "127.0.0.1";
    private static final long PROBE_MILLIS = 50;
    private static final int NANOS_PER_MILLI = 1_000_000;
    private static final long SECOND_NANOS = 1_000_000_000;
    private static final int LATENCIES_MAX = 200_000;

    /** What came of the requests of a while. */
    private static final class Tally {
        private int due;
        private int ok;
        private int unavailable;
        private int other;
        private int unsent;
        private long slowestHealthNanos;
        private int latencies;
        private final long[] nanos = new long[LATENCIES_MAX];

        void answered(int status, long afterNanos) {
            if (status == 200) {
                ok++;
                nanos[latencies++ % LATENCIES_MAX] = afterNanos;
            } else if (status == 503 || status == 429) {
                unavailable++;
            } else {
                other++;
            }
        }

        String line(String when) {
            int count = Math.min(latencies, LATENCIES_MAX);
            Arrays.sort(nanos, 0, count);
            return String.format(
                    "%s,%d,%d,%d,%d,%d,%.2f,%.2f,%.2f",
                    when,
                    due,
                    ok,
                    unavailable,
                    other,
                    unsent,
                    millis(count == 0 ? 0 : nanos[count / 2]),
                    millis(count == 0 ? 0 : nanos[(int) (count * 0.99)]),
                    millis(slowestHealthNanos));
        }

        private static double millis(long nanos) {
            return (double) nanos / NANOS_PER_MILLI;
        }
    }

    private final Vertx vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));
    private final HttpClient client;
    private final HttpClient probe;
    private final RequestOptions insert;
    private final RequestOptions health;
    private final int perSecond;
    private final int seconds;
    private final CountDownLatch over = new CountDownLatch(1);
    private final Tally all = new Tally();
    private Tally second = new Tally();
    private long startNanos;
    private long sent;
    private int lines;

    private OpenLoop(int port, int managementPort, String token, int perSecond, int seconds, int connections) {
        this.perSecond = perSecond;
        this.seconds = seconds;
        this.client = vertx.createHttpClient(
                new HttpClientOptions().setKeepAlive(true),
                new PoolOptions().setHttp1MaxSize(connections).setMaxWaitQueueSize(connections));
        this.probe = vertx.createHttpClient(new HttpClientOptions().setKeepAlive(true));
        this.insert = Requests.insert(port, token);
        this.health = new RequestOptions()
                .setMethod(HttpMethod.GET)
                .setHost(HOST)
                .setPort(managementPort)
                .setURI("/health/live");
    }

    /** Runs once; prints as above. */
    public static void main(String[] args) throws InterruptedException {
        OpenLoop loop = new OpenLoop(
                Integer.parseInt(args[0]),
                Integer.parseInt(args[1]),
                args[2],
                Integer.parseInt(args[3]),
                Integer.parseInt(args[4]),
                Integer.parseInt(args[5]));
        System.out.println("second,due,ok,refused,other,unsent,p50_ms,p99_ms,slowest_health_ms");
        loop.vertx.runOnContext(begin -> loop.begin());
        loop.over.await();
        loop.vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    private void begin() {
        startNanos = System.nanoTime();
        vertx.setPeriodic(1, tick -> sendDue());
        vertx.setPeriodic(PROBE_MILLIS, tick -> probe());
        vertx.setPeriodic(1_000, tick -> endSecond());
    }

    private void sendDue() {
        long now = System.nanoTime();
        if (lines == seconds) {
            return;
        }
        long due = Math.min((now - startNanos) * perSecond / SECOND_NANOS, (long) perSecond * seconds);
        while (sent < due) {
            send(startNanos + sent++ * SECOND_NANOS / perSecond);
        }
    }

    private void send(long dueNanos) {
        second.due++;
        all.due++;
        Future<Integer> unused = client.request(insert)
                .compose(request -> request.send(Requests.BODY))
                .compose(response -> response.body().map(body -> response.statusCode()))
                .onSuccess(status -> {
                    second.answered(status, System.nanoTime() - dueNanos);
                    all.answered(status, System.nanoTime() - dueNanos);
                })
                .onFailure(problem -> {
                    second.unsent++;
                    all.unsent++;
                });
    }

    private void probe() {
        if (lines == seconds) {
            return;
        }
        long start = System.nanoTime();
        Future<Buffer> unused = probe.request(health)
                .compose(request -> request.send().compose(response -> response.body()))
                .onComplete(answer -> {
                    long took = answer.succeeded() ? System.nanoTime() - start : Long.MAX_VALUE;
                    second.slowestHealthNanos = Math.max(second.slowestHealthNanos, took);
                    all.slowestHealthNanos = Math.max(all.slowestHealthNanos, took);
                });
    }

    private void endSecond() {
        if (lines == seconds) {
            return;
        }
        System.out.println(second.line(Integer.toString(++lines)));
        second = new Tally();
        if (lines == seconds) {
            System.out.println(all.line("all"));
            over.countDown();
        }
    }
}
