package io.headgate.delta.batch;

import io.delta.kernel.data.ColumnVector;
import io.delta.kernel.types.StructType;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Reads STRUCT. */
final class StructReader implements FieldReader {
    private final StructType type;
    private final int level;
    private final List<FieldReader> fields;
    private final ColumnCursor guide;
    private final boolean guideIsOurs;
    private StructValues values;

    /**
     * @param level the definition level of one that is there
     * @param fields one for each of the type
     * @param otherwise makes the cursor that tells whether the struct is there if the file has none of the fields
     */
    StructReader(StructType type, int level, List<FieldReader> fields, Supplier<ColumnCursor> otherwise) {
        this.type = type;
        this.level = level;
        this.fields = fields;
        ColumnCursor first = first(fields);
        guideIsOurs = first == null;
        guide = first == null ? otherwise.get() : first;
        values = new StructValues(type);
    }

    private static @Nullable ColumnCursor first(List<FieldReader> fields) {
        for (FieldReader field : fields) {
            ColumnCursor guide = field.guide();
            if (guide != null) {
                return guide;
            }
        }
        return null;
    }

    @Override
    public long append() {
        if (guide.definition() < level) {
            values.addNull();
        } else {
            values.next();
        }
        long bytes = 1;
        for (FieldReader field : fields) {
            bytes += field.append();
        }
        if (guideIsOurs) {
            guide.pass();
        }
        return bytes;
    }

    @Override
    public void pass() {
        for (FieldReader field : fields) {
            field.pass();
        }
        if (guideIsOurs) {
            guide.pass();
        }
    }

    @Override
    public ColumnVector take() {
        StructValues taken =
                values.complete(fields.stream().map(FieldReader::take).toList());
        values = new StructValues(type);
        return taken;
    }

    @Override
    public ColumnCursor guide() {
        return guide;
    }
}
