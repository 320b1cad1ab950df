package io.headgate.delta.parquet;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import org.apache.parquet.format.converter.ParquetMetadataConverter;
import org.apache.parquet.hadoop.metadata.ParquetMetadata;

/**
 * Reads the last part of a Parquet file, which says what is in it and where. Parquet's own file reader would, but takes
 * options that cannot be made where there is no Hadoop.
 *
 * <pre>
 *  | "PAR1" | row groups | FileMetaData | length | "PAR1" |
 *                          (Thrift)       u32 LE
 * </pre>
 */
public final class StoredFooter {
    private static final ByteBuffer MAGIC = US_ASCII.encode("PAR1").asReadOnlyBuffer();
    private static final int LENGTH_BYTES = 4;
    private static final int END_BYTES = LENGTH_BYTES + MAGIC.remaining();

    private StoredFooter() {}

    /** @throws IOException if the file cannot be read, or is no whole Parquet file */
    public static ParquetMetadata read(FileChannel file) throws IOException {
        long end = file.size() - END_BYTES;
        if (end < MAGIC.remaining()) {
            throw damaged("it has " + file.size() + " bytes");
        }
        ByteBuffer last = read(file, end, END_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        int length = last.getInt();
        if (!last.equals(MAGIC)) {
            throw damaged("it does not end in PAR1, or is encrypted");
        }
        if (length < 0 || length > end - MAGIC.remaining()) {
            throw damaged("its footer claims " + Integer.toUnsignedString(length) + " bytes");
        }
        byte[] footer = read(file, end - length, length).array();
        try {
            return new ParquetMetadataConverter()
                    .readParquetMetadata(new ByteArrayInputStream(footer), ParquetMetadataConverter.NO_FILTER);
        } catch (RuntimeException e) {
            throw new IOException("Not a whole Parquet file: its footer is damaged", e);
        }
    }

    private static ByteBuffer read(FileChannel file, long position, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        while (bytes.hasRemaining()) {
            if (file.read(bytes, position + bytes.position()) < 0) {
                throw new EOFException("The file became shorter while it was read");
            }
        }
        return bytes.flip();
    }

    private static IOException damaged(String why) {
        return new IOException("Not a whole Parquet file: " + why);
    }
}
