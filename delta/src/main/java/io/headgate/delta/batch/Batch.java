package io.headgate.delta.batch;

import io.delta.kernel.data.ColumnVector;
import io.delta.kernel.data.ColumnarBatch;
import io.delta.kernel.types.StructField;
import io.delta.kernel.types.StructType;
import java.util.ArrayList;
import java.util.List;

/**
 * Rows, column by column.
 *
 * @param schema what the columns are
 * @param size how many rows there are
 * @param columns as many values each
 */
record Batch(StructType schema, int size, List<ColumnVector> columns) implements ColumnarBatch {
    @Override
    public StructType getSchema() {
        return schema;
    }

    @Override
    public int getSize() {
        return size;
    }

    @Override
    public ColumnVector getColumnVector(int ordinal) {
        return columns.get(ordinal);
    }

    @Override
    public ColumnarBatch withNewColumn(int ordinal, StructField field, ColumnVector column) {
        List<StructField> fields = new ArrayList<>(schema.fields());
        List<ColumnVector> all = new ArrayList<>(columns);
        fields.add(ordinal, field);
        all.add(ordinal, column);
        return new Batch(new StructType(fields), size, all);
    }

    @Override
    public ColumnarBatch withDeletedColumnAt(int ordinal) {
        List<StructField> fields = new ArrayList<>(schema.fields());
        List<ColumnVector> rest = new ArrayList<>(columns);
        fields.remove(ordinal);
        rest.remove(ordinal);
        return new Batch(new StructType(fields), size, rest);
    }

    @Override
    public ColumnarBatch withNewSchema(StructType newSchema) {
        return new Batch(newSchema, size, columns);
    }
}
