package io.headgate.delta;

import io.headgate.schema.ColumnType;
import io.headgate.schema.RowWriter;
import io.headgate.schema.ValueReader;
import java.util.Set;

/** How values of one type become values of another, if nothing of them gets lost. NULL is its caller's. For one thread. */
abstract class ValueFit {
    /** @param path what to call the value in a message */
    static ValueFit of(String path, ColumnType from, ColumnType to) {
        if (from instanceof ColumnType.Struct rows && to instanceof ColumnType.Struct target) {
            return new StructFit(new FieldsFit(path + ".", rows.fields(), target.fields()));
        }
        if (from instanceof ColumnType.Array || from instanceof ColumnType.Map) {
            return ItemsFit.of(path, from, to);
        }
        return new Widening(path, from, to);
    }

    /** Whether a value of the one type is to be written anew to be one of the other. */
    abstract boolean rewrites();

    /** Whether there can be values that do not fit. */
    abstract boolean mayFail();

    /** Adds what is wrong with a value, if anything is. */
    abstract void problems(ValueReader values, int i, Set<String> found);

    /** Puts a value, with which nothing is wrong, as one of the other type. */
    abstract void put(ValueReader values, int i, RowWriter out, int to);

    /** Structs, as their fields go. */
    private static final class StructFit extends ValueFit {
        private final FieldsFit fields;

        StructFit(FieldsFit fields) {
            this.fields = fields;
        }

        @Override
        boolean rewrites() {
            return fields.rewrites();
        }

        @Override
        boolean mayFail() {
            return fields.mayFail();
        }

        @Override
        void problems(ValueReader values, int i, Set<String> found) {
            if (fields.mayFail()) {
                fields.problems(values.structAt(i), found);
            }
        }

        @Override
        void put(ValueReader values, int i, RowWriter out, int to) {
            out.beginStruct(to);
            fields.put(values.structAt(i), out);
            out.endStruct();
        }
    }
}
