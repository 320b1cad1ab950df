package io.headgate.delta.batch;

import io.delta.kernel.data.ArrayValue;
import io.delta.kernel.data.ColumnVector;
import io.delta.kernel.data.ColumnarBatch;
import io.delta.kernel.data.FilteredColumnarBatch;
import io.delta.kernel.data.MapValue;
import io.delta.kernel.defaults.engine.DefaultEngine;
import io.delta.kernel.engine.FileReadResult;
import io.delta.kernel.engine.ParquetHandler;
import io.delta.kernel.types.StructType;
import io.delta.kernel.utils.CloseableIterator;
import io.delta.kernel.utils.FileStatus;
import io.headgate.delta.Iterators;
import io.headgate.delta.kernel.KernelSchema;
import io.headgate.schema.Column;
import io.headgate.schema.ColumnType;
import io.headgate.schema.Rows;
import io.headgate.schema.SchemaJson;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;

/** Kernel's batches as {@link Rows} has rows, and Kernel's own way to Parquet files, on Hadoop, to compare with ours. */
final class KernelRows {
    private static final ParquetHandler PEER =
            DefaultEngine.create(new Configuration()).getParquetHandler();

    private KernelRows() {}

    static StructType schema(List<Column> columns) {
        return KernelSchema.of(SchemaJson.write(columns));
    }

    /** What our reader makes of a file. */
    static List<List<Object>> ours(Path file, List<Column> columns) throws IOException {
        try (ParquetBatches batches = new ParquetBatches(file, schema(columns))) {
            return rows(batches, columns);
        }
    }

    /** What Kernel's own makes of it. */
    static List<List<Object>> kernels(Path file, List<Column> columns) throws IOException {
        FileStatus status = FileStatus.of(file.toString(), Files.size(file), 0);
        try (CloseableIterator<FileReadResult> read = PEER.readParquetFiles(
                        Iterators.closeable(List.of(status).iterator()), schema(columns), Optional.empty());
                CloseableIterator<ColumnarBatch> batches = read.map(FileReadResult::getData)) {
            return rows(batches, columns);
        }
    }

    /** Has Kernel's own write a file. */
    static void writeByKernel(Path file, CloseableIterator<FilteredColumnarBatch> batches) throws IOException {
        PEER.writeParquetFileAtomically(file.toString(), batches);
    }

    static List<List<Object>> rows(Iterator<ColumnarBatch> batches, List<Column> columns) {
        List<List<Object>> rows = new ArrayList<>();
        while (batches.hasNext()) {
            ColumnarBatch batch = batches.next();
            for (int row = 0; row < batch.getSize(); row++) {
                List<Object> values = new ArrayList<>();
                for (int i = 0; i < columns.size(); i++) {
                    values.add(value(columns.get(i).type(), batch.getColumnVector(i), row));
                }
                rows.add(values);
            }
        }
        return rows;
    }

    private static Object value(ColumnType type, ColumnVector vector, int row) {
        if (vector.isNullAt(row)) {
            return Rows.NULL;
        }
        return switch (type.kind()) {
            case STRING, CHAR, VARCHAR -> vector.getString(row);
            case BOOLEAN -> vector.getBoolean(row);
            case BYTE -> vector.getByte(row);
            case SHORT -> vector.getShort(row);
            case INTEGER, DATE -> vector.getInt(row);
            case LONG, TIMESTAMP, TIMESTAMP_NTZ -> vector.getLong(row);
            case FLOAT -> vector.getFloat(row);
            case DOUBLE -> vector.getDouble(row);
            case DECIMAL -> vector.getDecimal(row);
            case BINARY -> ByteBuffer.wrap(vector.getBinary(row));
            case STRUCT -> fields(((ColumnType.Struct) type).fields(), vector, row);
            case ARRAY -> elements(((ColumnType.Array) type).element(), vector.getArray(row));
            case MAP -> entries((ColumnType.Map) type, vector.getMap(row));
        };
    }

    private static List<Object> fields(List<Column> fields, ColumnVector vector, int row) {
        List<Object> values = new ArrayList<>();
        for (int i = 0; i < fields.size(); i++) {
            values.add(value(fields.get(i).type(), vector.getChild(i), row));
        }
        return values;
    }

    private static List<Object> elements(ColumnType element, ArrayValue array) {
        List<Object> values = new ArrayList<>();
        for (int i = 0; i < array.getSize(); i++) {
            values.add(value(element, array.getElements(), i));
        }
        return values;
    }

    private static List<Object> entries(ColumnType.Map type, MapValue map) {
        List<Object> values = new ArrayList<>();
        for (int i = 0; i < map.getSize(); i++) {
            values.add(Map.entry(value(type.key(), map.getKeys(), i), value(type.value(), map.getValues(), i)));
        }
        return values;
    }
}
