package io.headgate.delta.parquet;

import io.headgate.schema.Column;
import io.headgate.schema.RowReader;
import io.headgate.schema.Supported;
import java.nio.ByteBuffer;
import org.apache.parquet.column.ColumnWriter;
import org.apache.parquet.io.api.Binary;

/** Moves a column's value from the current row to its column writer. Nulls are the caller's. */
@FunctionalInterface
interface ColumnAppender {
    /** @return the bytes that the value takes before it is encoded */
    int append(RowReader row, int source);

    /**
     * The appender for a column.
     *
     * @param level the definition level of a value that is there: 1 in a nullable column, else 0
     */
    static ColumnAppender of(Column column, ColumnWriter out, int level) {
        return switch (column.type().kind()) {
            case STRING -> new Strings(out, level);
            case BOOLEAN ->
                (row, source) -> {
                    out.write(row.booleanAt(source), 0, level);
                    return 1;
                };
            case BYTE ->
                (row, source) -> {
                    out.write((int) row.byteAt(source), 0, level);
                    return Integer.BYTES;
                };
            case SHORT ->
                (row, source) -> {
                    out.write((int) row.shortAt(source), 0, level);
                    return Integer.BYTES;
                };
            case INTEGER, DATE ->
                (row, source) -> {
                    out.write(row.intAt(source), 0, level);
                    return Integer.BYTES;
                };
            case LONG, TIMESTAMP, TIMESTAMP_NTZ ->
                (row, source) -> {
                    out.write(row.longAt(source), 0, level);
                    return Long.BYTES;
                };
            case FLOAT ->
                (row, source) -> {
                    out.write(row.floatAt(source), 0, level);
                    return Float.BYTES;
                };
            case DOUBLE ->
                (row, source) -> {
                    out.write(row.doubleAt(source), 0, level);
                    return Double.BYTES;
                };
            case BINARY, DECIMAL, CHAR, VARCHAR, ARRAY, MAP, STRUCT -> throw Supported.unreachable(column.type());
        };
    }

    /** Strings, from where they lie if that is an array; the column writer copies what it keeps. */
    final class Strings implements ColumnAppender {
        private static final int LENGTH_BYTES = 4;

        private final ColumnWriter out;
        private final int level;
        private byte[] copy = new byte[0];

        Strings(ColumnWriter out, int level) {
            this.out = out;
            this.level = level;
        }

        @Override
        public int append(RowReader row, int source) {
            int offset = row.stringOffset(source);
            int length = row.stringLength(source);
            out.write(utf8(row.buffer(), offset, length), 0, level);
            return LENGTH_BYTES + length;
        }

        private Binary utf8(ByteBuffer buffer, int offset, int length) {
            if (buffer.hasArray()) {
                return Binary.fromReusedByteArray(buffer.array(), buffer.arrayOffset() + offset, length);
            }
            if (copy.length < length) {
                copy = new byte[length];
            }
            buffer.get(offset, copy, 0, length);
            return Binary.fromReusedByteArray(copy, 0, length);
        }
    }
}
