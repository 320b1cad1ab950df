package io.headgate.systemtests;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import java.util.zip.ZipException;

/** How clients code bodies, and how anybody else than the gateway undoes that. */
enum BodyCoding {
    IDENTITY,
    GZIP,
    DEFLATE,
    ZSTD;

    private interface Encoder {
        OutputStream over(OutputStream out) throws IOException;
    }

    /** As {@code Content-Encoding} has it. */
    String header() {
        return name().toLowerCase(Locale.ROOT);
    }

    byte[] encode(byte[] body) {
        return switch (this) {
            case IDENTITY -> body;
            case GZIP -> encode(body, GZIPOutputStream::new);
            case DEFLATE -> encode(body, DeflaterOutputStream::new);
            case ZSTD -> Zstd.compress(body);
        };
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

    /** @throws IOException if it is not coded so */
    byte[] decode(byte[] coded) throws IOException {
        InputStream in = new ByteArrayInputStream(coded);
        return switch (this) {
            case IDENTITY -> coded;
            case GZIP -> all(new GZIPInputStream(in));
            case DEFLATE -> inflated(coded);
            case ZSTD -> all(new ZstdInputStream(in));
        };
    }

    /** RFC 1950 as the RFC has it, else RFC 1951 alone. */
    private static byte[] inflated(byte[] coded) throws IOException {
        try {
            return all(new InflaterInputStream(new ByteArrayInputStream(coded)));
        } catch (ZipException e) {
            return all(new InflaterInputStream(new ByteArrayInputStream(coded), new Inflater(true)));
        }
    }

    private static byte[] all(InputStream in) throws IOException {
        try (in) {
            return in.readAllBytes();
        }
    }
}
