package io.headgate.gateway.coding;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import io.headgate.model.RefusedException;
import java.nio.ByteBuffer;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/** Expands one body after another with the same native memory, taken when it is first needed. One thread at a time. */
public final class Expander implements AutoCloseable {
    /** The largest content that {@link #small} expands. */
    public static final int SMALL_BYTES_MAX = 64 << 10;

    private byte @Nullable [] small;
    private @Nullable Inflater inflater;
    private @Nullable ZstdDecompressCtx zstd;

    /**
     * Expands a small body.
     *
     * @param coding not {@link ContentCoding#IDENTITY}
     * @param bytes hold the body, from index 0
     * @param max 1 to {@link #SMALL_BYTES_MAX}
     * @return what it expands to, in memory that the next one needs; or null if that is more than {@code max}, or the body
     *     claims so: what it is will be seen piece by piece
     * @throws RefusedException INVALID_PARAMETER with what is wrong with the body, if it is not what it is said to be
     */
    public @Nullable ByteBuffer small(ContentCoding coding, byte[] bytes, int length, int max) {
        byte[] into = small();
        int count = coding == ContentCoding.ZSTD
                ? zstd(bytes, length, into, max)
                : readAll(begin(coding, bytes, length), into, max);
        return count < 0 ? null : ByteBuffer.wrap(into, 0, count);
    }

    /**
     * Begins to expand a body piece by piece. The expander may not be used for another one until the end.
     *
     * @param coding not {@link ContentCoding#IDENTITY}
     * @param bytes hold the body, from index 0; not to be changed until the end
     * @throws RefusedException INVALID_PARAMETER if the body cannot be what it is said to be
     */
    public Expansion begin(ContentCoding coding, byte[] bytes, int length) {
        Input in = new Input(coding, bytes, length);
        return switch (coding) {
            case GZIP -> new GzipExpansion(inflater(), in);
            case DEFLATE ->
                ZlibExpansion.begins(bytes, length)
                        ? new ZlibExpansion(inflater(), in)
                        : new RawExpansion(inflater(), in);
            case ZSTD -> new ZstdExpansion(bytes, length);
            case IDENTITY -> throw new IllegalArgumentException("There is nothing to expand");
        };
    }

    private static int readAll(Expansion expansion, byte[] into, int max) {
        try (expansion) {
            int at = 0;
            while (at < max) {
                int count = expansion.read(into, at, max - at);
                if (count < 0) {
                    return at;
                }
                at += count;
            }
            return expansion.read(new byte[1], 0, 1) < 0 ? at : -1;
        }
    }

    /** All at once, so that no window is needed beside the content. */
    private int zstd(byte[] bytes, int length, byte[] into, int max) {
        ZstdFrames.check(bytes, length);
        try {
            return context().decompressByteArray(into, 0, max, bytes, 0, length);
        } catch (ZstdException e) {
            if (e.getErrorCode() == Zstd.errDstSizeTooSmall()) {
                return -1;
            }
            throw ZstdExpansion.broken(e.getErrorCode(), e);
        }
    }

    private byte[] small() {
        byte[] known = small;
        if (known == null) {
            known = new byte[SMALL_BYTES_MAX];
            small = known;
        }
        return known;
    }

    private ZstdDecompressCtx context() {
        ZstdDecompressCtx known = zstd;
        if (known == null) {
            known = new ZstdDecompressCtx();
            zstd = known;
        }
        return known;
    }

    private Inflater inflater() {
        Inflater known = inflater;
        if (known == null) {
            known = new Inflater(true);
            inflater = known;
        }
        return known;
    }

    /** Gives native memory back. */
    @Override
    public void close() {
        if (inflater != null) {
            inflater.end();
            inflater = null;
        }
        if (zstd != null) {
            zstd.close();
            zstd = null;
        }
    }
}
