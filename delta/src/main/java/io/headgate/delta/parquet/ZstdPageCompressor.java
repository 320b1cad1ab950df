package io.headgate.delta.parquet;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import java.nio.ByteBuffer;
import org.apache.parquet.bytes.ByteBufferReleaser;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.bytes.HeapByteBufferAllocator;
import org.apache.parquet.bytes.ReusingByteBufferAllocator;
import org.apache.parquet.compression.CompressionCodecFactory.BytesInputCompressor;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;

/**
 * Compresses pages with zstd. Parquet's own codecs come through Hadoop's factories, which would load a Hadoop
 * configuration for each file. One native context and two buffers serve all pages of a file; one thread.
 */
final class ZstdPageCompressor implements BytesInputCompressor {
    private final ZstdCompressCtx zstd = new ZstdCompressCtx();
    private final ReusingByteBufferAllocator input = ReusingByteBufferAllocator.strict(new HeapByteBufferAllocator());
    private byte[] compressed = new byte[0];

    ZstdPageCompressor(int level) {
        zstd.setLevel(level);
    }

    /** The result is valid until the next call: the page store copies it at once. */
    @Override
    public BytesInput compress(BytesInput page) {
        try (ByteBufferReleaser releaser = input.getReleaser()) {
            ByteBuffer raw = page.toByteBuffer(releaser);
            int bound = (int) Math.min(Zstd.compressBound(raw.remaining()), Integer.MAX_VALUE - 8);
            if (compressed.length < bound) {
                compressed = new byte[bound];
            }
            int length = zstd.compressByteArray(
                    compressed, 0, bound, raw.array(), raw.arrayOffset() + raw.position(), raw.remaining());
            return BytesInput.from(compressed, 0, length);
        }
    }

    @Override
    public CompressionCodecName getCodecName() {
        return CompressionCodecName.ZSTD;
    }

    /** Frees the native context; a second call does nothing. */
    @Override
    public void release() {
        zstd.close();
        input.close();
    }
}
