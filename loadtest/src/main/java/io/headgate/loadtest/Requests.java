package io.headgate.loadtest;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Collections;

/** What all load consists of: rows as {@code insert.lua} has them, one or more in a request. */
final class Requests {
    static final String HOST = "127.0.0.1";

    private static final String ROW =
            "{\"device_id\":\"device-0000001\",\"ts\":\"2026-11-22T14:05:51.123Z\",\"temp\":21.53,\"humidity\":48.25,"
                    + "\"battery\":3.71,\"rssi\":-67,\"fw\":\"1.14.2-build.20261101-rc3-long-name\",\"ok\":true}";

    private Requests() {}

    /** Head and body, as they are sent; never released. */
    static ByteBuf raw(String token, int rows) {
        String body = "[" + String.join(",", Collections.nCopies(rows, ROW)) + "]";
        String request = "POST /zerobus/v1/tables/main.fleet.telemetry/insert HTTP/1.1\r\nHost: " + HOST
                + "\r\nContent-Type: application/json\r\nAuthorization: Bearer " + token + "\r\nContent-Length: "
                + body.length() + "\r\n\r\n" + body;
        return Unpooled.unreleasableBuffer(
                Unpooled.directBuffer().writeBytes(request.getBytes(StandardCharsets.US_ASCII)));
    }
}
