package io.headgate.loadtest;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** What all load consists of: rows as {@code insert.lua} has them, one or more in a request. */
final class Requests {
    static final String HOST = "127.0.0.1";

    private static final String ROW =
            "{\"device_id\":\"device-0000001\",\"ts\":\"2026-11-22T14:05:51.123Z\",\"temp\":21.53,\"humidity\":48.25,"
                    + "\"battery\":3.71,\"rssi\":-67,\"fw\":\"1.14.2-build.20261101-rc3-long-name\",\"ok\":true}";

    private Requests() {}

    /**
     * Requests as they are sent; never released.
     *
     * @param source a token, or the directory that requests are written down in
     * @param rows in each request, if it is a token
     */
    static List<ByteBuf> of(String source, int rows) throws IOException {
        return Files.isDirectory(Path.of(source)) ? writtenIn(Path.of(source)) : List.of(raw(source, rows));
    }

    private static List<ByteBuf> writtenIn(Path directory) throws IOException {
        List<ByteBuf> requests = new ArrayList<>();
        for (int i = 1; Files.exists(directory.resolve(String.valueOf(i))); i++) {
            List<String> head = Files.readAllLines(directory.resolve(i + ".head"));
            byte[] body = Files.readAllBytes(directory.resolve(String.valueOf(i)));
            String lines = "POST " + head.get(0) + " HTTP/1.1\r\nHost: " + HOST + "\r\n"
                    + String.join("\r\n", head.subList(1, head.size())) + "\r\nContent-Length: " + body.length
                    + "\r\n\r\n";
            requests.add(Unpooled.unreleasableBuffer(Unpooled.directBuffer()
                    .writeBytes(lines.getBytes(StandardCharsets.US_ASCII))
                    .writeBytes(body)));
        }
        return requests;
    }

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
