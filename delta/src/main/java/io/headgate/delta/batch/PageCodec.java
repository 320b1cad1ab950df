package io.headgate.delta.batch;

import com.github.luben.zstd.Zstd;
import io.airlift.compress.Decompressor;
import io.airlift.compress.lz4.Lz4Decompressor;
import io.airlift.compress.snappy.SnappyDecompressor;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.zip.GZIPInputStream;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;

/**
 * Expands pages: zstd, snappy, gzip and LZ4 as a raw block. Parquet's own codecs are Hadoop's. LZ4 in Hadoop's framing, LZO
 * and Brotli are refused: nobody's default, and what writes them can as well write another.
 */
@FunctionalInterface
interface PageCodec {
    /**
     * Expands a page.
     *
     * @param to as long as the page is to become
     * @return how long it became; more than {@code to} if it did not fit
     * @throws IOException or an unchecked exception if the page is not what the codec makes
     */
    int expand(byte[] page, byte[] to) throws IOException;

    /** @throws IllegalArgumentException if there is none */
    static PageCodec of(CompressionCodecName codec) {
        return switch (codec) {
            case UNCOMPRESSED -> PageCodec::copy;
            case ZSTD -> PageCodec::zstd;
            case SNAPPY -> by(new SnappyDecompressor());
            case LZ4_RAW -> by(new Lz4Decompressor());
            case GZIP -> PageCodec::gzip;
            case LZO, BROTLI, LZ4 ->
                throw new IllegalArgumentException("The file is compressed with " + codec
                        + ", which cannot be read. Write it again with zstd, snappy, gzip, lz4_raw or uncompressed.");
        };
    }

    private static int copy(byte[] page, byte[] to) {
        System.arraycopy(page, 0, to, 0, Math.min(page.length, to.length));
        return page.length;
    }

    private static int zstd(byte[] page, byte[] to) throws IOException {
        long length = Zstd.decompress(to, page);
        if (Zstd.isError(length)) {
            throw new IOException("A page is not of zstd: " + Zstd.getErrorName(length));
        }
        return (int) length;
    }

    private static int gzip(byte[] page, byte[] to) throws IOException {
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(page))) {
            int length = in.readNBytes(to, 0, to.length);
            return in.read() < 0 ? length : length + 1;
        }
    }

    private static PageCodec by(Decompressor decompressor) {
        return (page, to) -> decompressor.decompress(page, 0, page.length, to, 0, to.length);
    }
}
