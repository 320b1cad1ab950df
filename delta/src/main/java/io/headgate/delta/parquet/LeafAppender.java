package io.headgate.delta.parquet;

import io.headgate.schema.ColumnType;
import io.headgate.schema.ValueReader;
import java.nio.ByteBuffer;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ColumnWriter;
import org.apache.parquet.io.api.Binary;

/** Moves values that Parquet has a type for to the one column writer of theirs. */
abstract class LeafAppender implements ValueAppender {
    /** A definition level, at worst. */
    private static final int LEVEL_BYTES = 1;

    /** Beside it a repetition level, and both may be so many that they take nine bits. */
    private static final int REPEATED_LEVEL_BYTES = 3;

    final ColumnWriter out;
    /** The definition level of a value that is there. */
    final int level;

    final long levelBytes;

    LeafAppender(ColumnDescriptor column, ColumnWriter out) {
        this.out = out;
        level = column.getMaxDefinitionLevel();
        levelBytes = column.getMaxRepetitionLevel() == 0 ? LEVEL_BYTES : REPEATED_LEVEL_BYTES;
    }

    /** @param type anything but ARRAY, MAP and STRUCT */
    static LeafAppender of(ColumnType type, ColumnDescriptor column, ColumnWriter out) {
        return switch (type.kind()) {
            case STRING, CHAR, VARCHAR, BINARY -> new Bytes(column, out);
            case BOOLEAN ->
                new Fixed(column, out, Byte.BYTES, (values, i, r, d) -> out.write(values.booleanAt(i), r, d));
            case BYTE ->
                new Fixed(column, out, Integer.BYTES, (values, i, r, d) -> out.write((int) values.byteAt(i), r, d));
            case SHORT ->
                new Fixed(column, out, Integer.BYTES, (values, i, r, d) -> out.write((int) values.shortAt(i), r, d));
            case INTEGER, DATE ->
                new Fixed(column, out, Integer.BYTES, (values, i, r, d) -> out.write(values.intAt(i), r, d));
            case LONG, TIMESTAMP, TIMESTAMP_NTZ ->
                new Fixed(column, out, Long.BYTES, (values, i, r, d) -> out.write(values.longAt(i), r, d));
            case FLOAT -> new Fixed(column, out, Float.BYTES, (values, i, r, d) -> out.write(values.floatAt(i), r, d));
            case DOUBLE ->
                new Fixed(column, out, Double.BYTES, (values, i, r, d) -> out.write(values.doubleAt(i), r, d));
            case DECIMAL -> decimal(column, out);
            case ARRAY, MAP, STRUCT -> throw new IllegalArgumentException(type.sqlName() + " is nested");
        };
    }

    private static LeafAppender decimal(ColumnDescriptor column, ColumnWriter out) {
        return switch (column.getPrimitiveType().getPrimitiveTypeName()) {
            case INT32 ->
                new Fixed(column, out, Integer.BYTES, (values, i, r, d) -> out.write((int) values.decimalLow(i), r, d));
            case INT64 ->
                new Fixed(column, out, Long.BYTES, (values, i, r, d) -> out.write(values.decimalLow(i), r, d));
            default -> new WideDecimals(column, out);
        };
    }

    @Override
    public final long appendNull(int repetition, int definition) {
        out.writeNull(repetition, definition);
        return levelBytes;
    }

    /** Values that all take so many bytes. */
    private static final class Fixed extends LeafAppender {
        private final int valueBytes;
        private final Write write;

        Fixed(ColumnDescriptor column, ColumnWriter out, int valueBytes, Write write) {
            super(column, out);
            this.valueBytes = valueBytes;
            this.write = write;
        }

        /** Gets a value there, at these levels. */
        @FunctionalInterface
        interface Write {
            void write(ValueReader values, int i, int repetition, int definition);
        }

        @Override
        public long append(ValueReader values, int i, int repetition) {
            write.write(values, i, repetition, level);
            return levelBytes + valueBytes;
        }
    }

    /** Strings and bytes, from where they lie if that is an array; the column writer copies what it keeps. */
    private static final class Bytes extends LeafAppender {
        private static final int LENGTH_BYTES = 4;

        private byte[] copy = new byte[0];

        Bytes(ColumnDescriptor column, ColumnWriter out) {
            super(column, out);
        }

        @Override
        public long append(ValueReader values, int i, int repetition) {
            int offset = values.stringOffset(i);
            int length = values.stringLength(i);
            out.write(bytes(values.buffer(), offset, length), repetition, level);
            return levelBytes + LENGTH_BYTES + length;
        }

        private Binary bytes(ByteBuffer buffer, int offset, int length) {
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

    /** Decimals that no long holds: the lower bytes of their units, the greatest first. */
    private static final class WideDecimals extends LeafAppender {
        private final ByteBuffer units = ByteBuffer.allocate(2 * Long.BYTES);
        private final int length;

        WideDecimals(ColumnDescriptor column, ColumnWriter out) {
            super(column, out);
            length = column.getPrimitiveType().getTypeLength();
        }

        @Override
        public long append(ValueReader values, int i, int repetition) {
            units.putLong(0, values.decimalHigh(i)).putLong(Long.BYTES, values.decimalLow(i));
            out.write(Binary.fromReusedByteArray(units.array(), 2 * Long.BYTES - length, length), repetition, level);
            return levelBytes + length;
        }
    }
}
