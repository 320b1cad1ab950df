package io.headgate.delta.batch;

import io.delta.kernel.types.DataType;
import org.apache.parquet.column.ColumnReader;

/** Values that do not consist of values. */
abstract class LeafValues extends Values {
    LeafValues(DataType type) {
        super(type);
    }

    /**
     * Adds the value that the reader is at, which is not NULL.
     *
     * @return the bytes that it takes
     */
    abstract long add(ColumnReader from);
}
