package io.headgate.delta.batch;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.delta.kernel.data.ArrayValue;
import io.delta.kernel.data.ColumnVector;
import io.delta.kernel.data.ColumnarBatch;
import io.delta.kernel.data.FilteredColumnarBatch;
import io.delta.kernel.data.MapValue;
import io.headgate.delta.parquet.ParquetDataFileWriter;
import io.headgate.schema.Column;
import io.headgate.schema.ColumnType;
import io.headgate.schema.RowLayout;
import io.headgate.schema.RowReader;
import io.headgate.schema.RowWriter;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Turns batches of Kernel's into rows as the log has them, which is what data files are written from. */
final class BatchRows {
    private static final int INITIAL_BYTES = 64 << 10;
    /** As much as fits an array: the batch is in memory too. */
    private static final int BATCH_BYTES_MAX = Integer.MAX_VALUE - 8;

    private final List<Column> columns;
    private final RowLayout layout;
    private final int[] all;

    BatchRows(List<Column> columns) {
        this.columns = columns;
        layout = RowLayout.of(columns);
        all = IntStream.range(0, columns.size()).toArray();
    }

    /** Appends the rows that the batch selects. */
    void appendTo(ParquetDataFileWriter file, FilteredColumnarBatch batch) throws IOException {
        RowReader rows = new RowReader(layout).wrap(payload(batch));
        while (rows.next()) {
            file.append(rows, all);
        }
    }

    private ByteBuffer payload(FilteredColumnarBatch batch) {
        RowWriter to = new RowWriter(layout, INITIAL_BYTES, BATCH_BYTES_MAX, bytes -> true);
        Optional<ColumnVector> selection = batch.getSelectionVector();
        for (int row = 0; row < batch.getData().getSize(); row++) {
            if (isSelected(selection, row)) {
                to.beginRow();
                put(to, batch.getData(), row);
                to.endRow();
            }
        }
        return to.payload();
    }

    private static boolean isSelected(Optional<ColumnVector> selection, int row) {
        return selection.isEmpty()
                || (!selection.get().isNullAt(row) && selection.get().getBoolean(row));
    }

    private void put(RowWriter to, ColumnarBatch from, int row) {
        for (int i = 0; i < columns.size(); i++) {
            put(to, i, columns.get(i).type(), from.getColumnVector(i), row);
        }
    }

    private static void put(RowWriter to, int i, ColumnType type, ColumnVector from, int row) {
        if (from.isNullAt(row)) {
            return;
        }
        switch (type.kind()) {
            case STRING, CHAR, VARCHAR -> to.putString(i, from.getString(row).getBytes(UTF_8));
            case BINARY -> to.putString(i, from.getBinary(row));
            case BOOLEAN -> to.putBoolean(i, from.getBoolean(row));
            case BYTE -> to.putByte(i, from.getByte(row));
            case SHORT -> to.putShort(i, from.getShort(row));
            case INTEGER, DATE -> to.putInt(i, from.getInt(row));
            case LONG, TIMESTAMP, TIMESTAMP_NTZ -> to.putLong(i, from.getLong(row));
            case FLOAT -> to.putFloat(i, from.getFloat(row));
            case DOUBLE -> to.putDouble(i, from.getDouble(row));
            case DECIMAL -> putDecimal(to, i, from.getDecimal(row).unscaledValue());
            case STRUCT -> putStruct(to, i, ((ColumnType.Struct) type).fields(), from, row);
            case ARRAY -> putElements(to, i, ((ColumnType.Array) type).element(), from.getArray(row));
            case MAP -> putEntries(to, i, (ColumnType.Map) type, from.getMap(row));
        }
    }

    private static void putDecimal(RowWriter to, int i, BigInteger units) {
        to.putDecimal(i, units.shiftRight(Long.SIZE).longValue(), units.longValue());
    }

    private static void putStruct(RowWriter to, int i, List<Column> fields, ColumnVector from, int row) {
        to.beginStruct(i);
        for (int field = 0; field < fields.size(); field++) {
            put(to, field, fields.get(field).type(), from.getChild(field), row);
        }
        to.endStruct();
    }

    private static void putElements(RowWriter to, int i, ColumnType element, ArrayValue from) {
        to.beginItems(i);
        for (int item = 0; item < from.getSize(); item++) {
            to.nextItem();
            put(to, 0, element, from.getElements(), item);
        }
        to.endItems();
    }

    private static void putEntries(RowWriter to, int i, ColumnType.Map type, MapValue from) {
        to.beginItems(i);
        for (int item = 0; item < from.getSize(); item++) {
            to.nextItem();
            put(to, 0, type.key(), from.getKeys(), item);
            put(to, 1, type.value(), from.getValues(), item);
        }
        to.endItems();
    }
}
