package io.headgate.gateway.coding;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdIOException;
import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import io.headgate.model.RefusedException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/** zstd frames, with native memory of its own for their window. */
final class ZstdExpansion implements Expansion {
    private final ZstdInputStreamNoFinalizer frames;

    /** @throws RefusedException INVALID_PARAMETER if {@link ZstdFrames} finds something */
    ZstdExpansion(byte[] bytes, int length) {
        ZstdFrames.check(bytes, length);
        try {
            frames = new ZstdInputStreamNoFinalizer(new ByteArrayInputStream(bytes, 0, length))
                    .setLongMax(ZstdFrames.WINDOW_LOG_MAX);
        } catch (IOException e) {
            throw new UncheckedIOException("There is no memory to expand zstd with", e);
        }
    }

    @Override
    public int read(byte[] into, int from, int max) {
        try {
            return frames.read(into, from, max);
        } catch (ZstdIOException e) {
            throw broken(e.getErrorCode(), e);
        } catch (IOException e) {
            throw new UncheckedIOException("An array does not fail to be read", e);
        }
    }

    /** @param code of the library */
    static RefusedException broken(long code, Exception said) {
        return code == Zstd.errChecksumWrong()
                ? BrokenBody.of(ContentCoding.ZSTD, BrokenBody.WRONG_CHECKSUM)
                : BrokenBody.damaged(ContentCoding.ZSTD, String.valueOf(said.getMessage()));
    }

    @Override
    public void close() {
        try {
            frames.close();
        } catch (IOException e) {
            throw new UncheckedIOException("An array does not fail to be closed", e);
        }
    }
}
