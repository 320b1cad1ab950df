package io.headgate.delta.batch;

import io.delta.kernel.data.ColumnVector;
import io.delta.kernel.types.StructType;
import java.util.List;

/** STRUCT: which are there. The fields are columns of their own, as long as this, and NULL where the struct is. */
final class StructValues extends Values {
    private List<ColumnVector> fields = List.of();

    StructValues(StructType type) {
        super(type);
    }

    /** The last thing to do before it is read. */
    StructValues complete(List<ColumnVector> withFields) {
        fields = withFields;
        return this;
    }

    @Override
    void grow(int capacity) {}

    @Override
    public ColumnVector getChild(int ordinal) {
        return fields.get(ordinal);
    }
}
