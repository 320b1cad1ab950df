package io.headgate.loadtest;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.util.Collections;

/** What all load consists of: rows as {@code insert.lua} has them, one or more in a request. */
final class Requests {
    static final String HOST = "127.0.0.1";
    static final Buffer BODY = Buffer.buffer(body(1));

    private static final String PATH = "/zerobus/v1/tables/main.fleet.telemetry/insert";
    private static final String ROW =
            "{\"device_id\":\"device-0000001\",\"ts\":\"2026-11-22T14:05:51.123Z\",\"temp\":21.53,\"humidity\":48.25,"
                    + "\"battery\":3.71,\"rssi\":-67,\"fw\":\"1.14.2-build.20261101-rc3-long-name\",\"ok\":true}";

    private Requests() {}

    private static String body(int rows) {
        return "[" + String.join(",", Collections.nCopies(rows, ROW)) + "]";
    }

    /** For a client of Vert.x. */
    static RequestOptions insert(int port, String token) {
        return new RequestOptions()
                .setMethod(HttpMethod.POST)
                .setHost(HOST)
                .setPort(port)
                .setURI(PATH)
                .putHeader("Content-Type", "application/json")
                .putHeader("Authorization", "Bearer " + token);
    }

    /** Head and body, as they are sent. */
    static String raw(String token, int rows) {
        String body = body(rows);
        return "POST " + PATH + " HTTP/1.1\r\nHost: " + HOST
                + "\r\nContent-Type: application/json\r\nAuthorization: Bearer " + token + "\r\nContent-Length: "
                + body.length() + "\r\n\r\n" + body;
    }
}
