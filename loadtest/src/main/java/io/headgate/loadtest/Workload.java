package io.headgate.loadtest;

import io.headgate.loadtest.RecordShape.Order;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;

/**
 * What is sent, and by how many connections, each of which waits for an answer before it sends again.
 *
 * @param name how the command line and results call it
 * @param shape the records
 * @param rows records of a request
 * @param connections how many at once
 * @param http2 one stream a connection, instead of HTTP/1.1
 * @param tables that bodies go to in turn, each with a token of its own
 * @param grants tables that a token grants; each adds some 200 bytes to it
 * @param gzip whether bodies are compressed
 * @param broken whether one record in ten has a value that its column does not take, and the others are to be accepted
 */
record Workload(
        String name,
        RecordShape shape,
        int rows,
        int connections,
        boolean http2,
        int tables,
        int grants,
        boolean gzip,
        boolean broken) {
    private static final int BODIES_MAX = 100;
    private static final int BYTES_MAX = 16 << 20;
    private static final int BROKEN_EVERY = 10;
    private static final int LARGE_TOKEN_GRANTS = 16;

    /** No fewer than there are bodies. */
    static final int MANY_TABLES = BODIES_MAX;

    /** All of them; the first is what others are compared with. */
    static final List<Workload> ALL = List.of(
            plain("1x200B-64", RecordShape.SMALL, 1, 64),
            plain("1x200B-1", RecordShape.SMALL, 1, 1),
            plain("1x200B-1000", RecordShape.SMALL, 1, 1_000),
            plain("1x200B-10000", RecordShape.SMALL, 1, 10_000),
            plain("1x1KiB-64", RecordShape.KIB, 1, 64),
            plain("100x200B-64", RecordShape.SMALL, 100, 64),
            plain("1000x1KiB-1", RecordShape.KIB, 1_000, 1),
            plain("10000x200B-1", RecordShape.SMALL, 10_000, 1),
            new Workload("1x200B-64-h2", RecordShape.SMALL, 1, 64, true, 1, 1, false, false),
            new Workload("1x200B-64-tables", RecordShape.SMALL, 1, 64, false, MANY_TABLES, 1, false, false),
            new Workload("1x200B-64-token", RecordShape.SMALL, 1, 64, false, 1, LARGE_TOKEN_GRANTS, false, false),
            new Workload("100x200B-64-gzip", RecordShape.SMALL, 100, 64, false, 1, 1, true, false),
            new Workload("100x200B-64-partial", RecordShape.SMALL, 100, 64, false, 1, 1, false, true));

    /** The one with this name. */
    static Workload named(String name) {
        return ALL.stream()
                .filter(workload -> workload.name.equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("There is no workload " + name));
    }

    private static Workload plain(String name, RecordShape shape, int rows, int connections) {
        return new Workload(name, shape, rows, connections, false, 1, 1, false, false);
    }

    /** Bodies in JSON, none like another, before they are compressed. */
    byte[][] json() {
        int bodyBytes = shape.bodies(1, 1, Order.DEVICE)[0].length * rows;
        byte[][] bodies = shape.bodies(Math.min(BODIES_MAX, 1 + BYTES_MAX / bodyBytes), rows, Order.DEVICE);
        return broken ? Arrays.stream(bodies).map(Workload::broken).toArray(byte[][]::new) : bodies;
    }

    /** Gives every tenth record a text where a number belongs. */
    private static byte[] broken(byte[] body) {
        String[] records = new String(body, StandardCharsets.UTF_8).split("(?<=\\}),(?=\\{)");
        for (int i = 0; i < records.length; i += BROKEN_EVERY) {
            records[i] = records[i].replaceFirst("\"rssi\":(-[0-9]+)", "\"rssi\":\"weak\"");
        }
        return String.join(",", records).getBytes(StandardCharsets.UTF_8);
    }

    /** A body as it is sent. */
    byte[] encoded(byte[] body) {
        if (!gzip) {
            return body;
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream zip = new GZIPOutputStream(out)) {
            zip.write(body);
        } catch (IOException e) {
            throw new UncheckedIOException("Memory does not fail to be written", e);
        }
        return out.toByteArray();
    }
}
