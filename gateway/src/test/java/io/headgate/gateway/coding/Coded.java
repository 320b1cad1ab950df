package io.headgate.gateway.coding;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;

/** Bodies as clients code them. */
public final class Coded {
    private Coded() {}

    /** What a client makes of a body. */
    @FunctionalInterface
    private interface Encoder {
        OutputStream over(OutputStream out) throws IOException;
    }

    private static byte[] encode(byte[] body, Encoder encoder) {
        ByteArrayOutputStream coded = new ByteArrayOutputStream();
        try (OutputStream out = encoder.over(coded)) {
            out.write(body);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return coded.toByteArray();
    }

    public static byte[] gzip(byte[] body) {
        return encode(body, GZIPOutputStream::new);
    }

    public static byte[] zlib(byte[] body) {
        return encode(body, DeflaterOutputStream::new);
    }

    /** DEFLATE with nothing around it. */
    public static byte[] raw(byte[] body) {
        Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
        try {
            return encode(body, out -> new DeflaterOutputStream(out, deflater));
        } finally {
            deflater.end();
        }
    }

    /** One frame that says how large its content is. */
    public static byte[] zstd(byte[] body) {
        return Zstd.compress(body);
    }

    /** One frame as whoever compresses a stream makes it: its content's size is not in it, a checksum is. */
    public static byte[] zstdStream(byte[] body, int windowLog) {
        return encode(
                body,
                out -> new ZstdOutputStreamNoFinalizer(out).setLong(windowLog).setChecksum(true));
    }

    /** A frame that decoders pass over. */
    public static byte[] skippable(byte[] content) {
        return ByteBuffer.allocate(8 + content.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(0x184D2A57)
                .putInt(content.length)
                .put(content)
                .array();
    }

    public static byte[] concat(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }
}
