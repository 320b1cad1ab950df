package io.headgate.delta.parquet;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.Statistics;
import org.apache.parquet.format.Util;

/**
 * Changes a file's last part, as Parquet's file writer made it, in two ways that the writer leaves no room for.
 *
 * <ul>
 *   <li>{@code created_by} names us. Readers take it to know a writer's habits: Delta on Spark believes that whatever
 *       {@code parquet-mr} wrote has NaN as the maximum of a column that holds NaN, which is no longer so.
 *   <li>A column chunk that holds NaN loses its minimum and maximum, and its column index. They leave NaN out, and a
 *       reader to whom NaN is the greatest number, as to Spark, would skip rows with NaN for {@code x > 5}.
 * </ul>
 *
 * <pre>
 *  +-----------------+----------------+--------+---------------+------+
 *  | column, offset  | FileMetaData   | length | magic         |
 *  | indexes         | (Thrift)       | u32 LE | "PAR1"        |
 *  +-----------------+----------------+--------+---------------+------+
 *  kept as they are    changed
 * </pre>
 */
final class Footer {
    private static final int LENGTH_BYTES = 4;
    private static final int MAGIC_BYTES = 4;

    private Footer() {}

    /** The tail with its changed footer. */
    static byte[] change(byte[] tail, String createdBy) throws IOException {
        int end = tail.length - MAGIC_BYTES - LENGTH_BYTES;
        int length = ByteBuffer.wrap(tail).order(ByteOrder.LITTLE_ENDIAN).getInt(end);
        FileMetaData footer = Util.readFileMetaData(new ByteArrayInputStream(tail, end - length, length));
        footer.setCreated_by(createdBy);
        footer.getRow_groups().forEach(group -> group.getColumns().forEach(Footer::hideBoundsBesideNaN));
        return concatenate(tail, end - length, serialize(footer));
    }

    private static void hideBoundsBesideNaN(ColumnChunk chunk) {
        Statistics statistics = chunk.getMeta_data().getStatistics();
        if (statistics == null || !statistics.isSetNan_count() || statistics.getNan_count() == 0) {
            return;
        }
        statistics.unsetMin();
        statistics.unsetMax();
        statistics.unsetMin_value();
        statistics.unsetMax_value();
        statistics.unsetIs_min_value_exact();
        statistics.unsetIs_max_value_exact();
        chunk.unsetColumn_index_offset();
        chunk.unsetColumn_index_length();
    }

    private static byte[] serialize(FileMetaData footer) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Util.writeFileMetaData(footer, bytes);
        return bytes.toByteArray();
    }

    private static byte[] concatenate(byte[] tail, int indexBytes, byte[] footer) {
        byte[] magic = Arrays.copyOfRange(tail, tail.length - MAGIC_BYTES, tail.length);
        return ByteBuffer.allocate(indexBytes + footer.length + LENGTH_BYTES + MAGIC_BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(tail, 0, indexBytes)
                .put(footer)
                .putInt(footer.length)
                .put(magic)
                .array();
    }
}
