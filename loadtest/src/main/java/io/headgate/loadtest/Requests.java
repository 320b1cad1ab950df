package io.headgate.loadtest;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;

/** The one request that all load consists of, as {@code insert.lua} has it. */
final class Requests {
    static final Buffer BODY = Buffer.buffer("[{\"device_id\":\"device-0000001\",\"ts\":\"2026-11-22T14:05:51.123Z\","
            + "\"temp\":21.53,\"humidity\":48.25,\"battery\":3.71,\"rssi\":-67,"
            + "\"fw\":\"1.14.2-build.20261101-rc3-long-name\",\"ok\":true}]");

    private Requests() {}

    static RequestOptions insert(int port, String token) {
        return new RequestOptions()
                .setMethod(HttpMethod.POST)
                .setHost("127.0.0.1")
                .setPort(port)
                .setURI("/zerobus/v1/tables/main.fleet.telemetry/insert")
                .putHeader("Content-Type", "application/json")
                .putHeader("Authorization", "Bearer " + token);
    }
}
