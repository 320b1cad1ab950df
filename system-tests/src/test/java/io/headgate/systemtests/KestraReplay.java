package io.headgate.systemtests;

import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * Does what Kestra's {@code WriteRecords} does: requests of at most 500 records and 4 MiB, one after the other. A 401
 * fetches another token and sends the request once more; 429, 5xx and a gateway that is not there wait and send it
 * again; anything else is final.
 */
final class KestraReplay {
    private static final int RECORDS_MAX = 500;
    private static final int BYTES_MAX = 4 << 20;
    private static final int ATTEMPTS_MAX = 60;

    /** The statuses it was given, in order. */
    final List<Integer> statuses = new CopyOnWriteArrayList<>();

    private final GatewayClient http;
    private final Callable<String> tokens;
    private final String path;
    private String token;

    /**
     * @param token the one it remembers from earlier
     * @param tokens where to get another
     */
    KestraReplay(GatewayClient http, String table, String token, Callable<String> tokens) {
        this.http = http;
        this.token = token;
        this.tokens = tokens;
        path = HeadgateProgram.insertPath(Arrays.stream(table.split("\\.", -1))
                .map(part -> URLEncoder.encode(part, StandardCharsets.UTF_8).replace("+", "%20"))
                .collect(Collectors.joining(".")));
    }

    /** Writes records, each a JSON object; how many requests it took if all went well. */
    int write(List<String> records) throws Exception {
        List<String> bodies = bodies(records);
        for (String body : bodies) {
            write(body);
        }
        return bodies.size();
    }

    private static List<String> bodies(List<String> records) {
        List<String> bodies = new ArrayList<>();
        List<String> chunk = new ArrayList<>();
        int bytes = 2;
        for (String record : records) {
            int more = record.getBytes(StandardCharsets.UTF_8).length + 2;
            if (chunk.size() == RECORDS_MAX || bytes + more > BYTES_MAX) {
                bodies.add(chunk.toString());
                chunk.clear();
                bytes = 2;
            }
            chunk.add(record);
            bytes += more;
        }
        bodies.add(chunk.toString());
        return bodies;
    }

    private void write(String body) throws Exception {
        boolean refreshed = false;
        for (int attempt = 1; attempt <= ATTEMPTS_MAX; attempt++) {
            Optional<HttpResponse<String>> answer = send(body);
            int status = answer.map(HttpResponse::statusCode).orElse(503);
            if (status == 200) {
                return;
            } else if (status == 401 && !refreshed) {
                refreshed = true;
                token = tokens.call();
            } else if (status == 429 || status >= 500) {
                pause(answer.flatMap(each -> each.headers().firstValue("Retry-After"))
                        .orElse("1"));
            } else {
                throw new IllegalStateException("told " + status + " for good");
            }
        }
        throw new IllegalStateException("refused " + ATTEMPTS_MAX + " times");
    }

    /** Nothing if the gateway does not answer. */
    private Optional<HttpResponse<String>> send(String body) throws InterruptedException {
        try {
            HttpResponse<String> answer = http.send(
                    "POST",
                    path,
                    Map.of("Authorization", "Bearer " + token, "Content-Type", "application/json", "Accept", "*/*"),
                    body);
            statuses.add(answer.statusCode());
            return Optional.of(answer);
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static void pause(String seconds) {
        CompletableFuture.runAsync(
                        () -> {}, CompletableFuture.delayedExecutor(Long.parseLong(seconds), TimeUnit.SECONDS))
                .join();
    }
}
