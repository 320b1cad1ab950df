package io.headgate.delta.batch;

import io.delta.kernel.types.ArrayType;
import io.delta.kernel.types.DataType;
import io.delta.kernel.types.MapType;
import io.delta.kernel.types.MetadataColumnSpec;
import io.delta.kernel.types.StructField;
import io.delta.kernel.types.StructType;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Type.Repetition;
import org.jspecify.annotations.Nullable;

/**
 * Finds in a file's schema what Kernel asks for, and makes the readers of it.
 *
 * <p>A field is found by its id if Kernel gives one and the file has it, else by its name, else by its name in another
 * case. Lists and maps may have any of the layouts that Parquet ("Nested Types") lets readers expect, those of old writers
 * included:
 *
 * <pre>
 *   group NAME (LIST) { repeated group list { element } }      three levels
 *   group NAME (LIST) { repeated element }                     two: a value, a group of several fields, or one that
 *                                                              is called array or NAME_tuple
 *   repeated NAME                                              one
 *   group NAME (MAP) { repeated group { key; value } }         whatever these are called
 * </pre>
 */
final class ReaderTree {
    private static final String FIELD_ID = "parquet.field.id";

    private final MessageType file;
    private final List<FieldReader> columns;
    private final List<ColumnCursor> cursors = new ArrayList<>();

    /**
     * @throws IllegalArgumentException if the file has a field of another type than Kernel wants; if Kernel wants of a
     *     row what is not in files, but its number
     */
    ReaderTree(MessageType file, StructType wanted) {
        this.file = file;
        columns = fields(wanted, new Place(file, List.of(), 0, 0));
    }

    /** One for each column that Kernel wants. */
    List<FieldReader> columns() {
        return columns;
    }

    /** All that is to be read of the file. */
    List<ColumnCursor> cursors() {
        return cursors;
    }

    /**
     * Where in the file's schema something is.
     *
     * @param path the names that lead there
     * @param definition the definition level of one that is there
     * @param repetition its repetition level
     */
    private record Place(Type type, List<String> path, int definition, int repetition) {
        Place below(Type child) {
            List<String> longer = new ArrayList<>(path);
            longer.add(child.getName());
            return new Place(
                    child,
                    longer,
                    definition + (child.isRepetition(Repetition.REQUIRED) ? 0 : 1),
                    repetition + (child.isRepetition(Repetition.REPEATED) ? 1 : 0));
        }

        /** The only field, which is repeated; null if that is not what is there. */
        @Nullable
        Place repeated() {
            if (type.isPrimitive() || type.asGroupType().getFieldCount() != 1) {
                return null;
            }
            Type child = type.asGroupType().getType(0);
            return child.isRepetition(Repetition.REPEATED) ? below(child) : null;
        }

        IllegalArgumentException isNot(DataType wanted) {
            return new IllegalArgumentException("Column '" + String.join(".", path) + "' of the file is '" + type
                    + "', which cannot be read as " + wanted);
        }
    }

    private List<FieldReader> fields(StructType wanted, Place in) {
        return wanted.fields().stream().map(field -> field(field, in)).toList();
    }

    private FieldReader field(StructField wanted, Place in) {
        if (wanted.isMetadataColumn()) {
            if (wanted.getMetadataColumnSpec() != MetadataColumnSpec.ROW_INDEX) {
                throw new IllegalArgumentException("Of what is not in files, only " + MetadataColumnSpec.ROW_INDEX
                        + " can be read, not " + wanted.getMetadataColumnSpec());
            }
            return UnstoredReader.rowIndexes();
        }
        Type found = find(wanted, in.type.asGroupType());
        return found == null
                ? UnstoredReader.nulls(wanted.getDataType())
                : reader(wanted.getDataType(), in.below(found));
    }

    private static @Nullable Type find(StructField wanted, GroupType in) {
        Long id = wanted.getMetadata().contains(FIELD_ID) ? wanted.getMetadata().getLong(FIELD_ID) : null;
        Type sameLetters = null;
        Type sameName = null;
        for (Type field : in.getFields()) {
            if (id != null && field.getId() != null && field.getId().intValue() == id) {
                return field;
            }
            if (field.getName().equals(wanted.getName())) {
                sameName = field;
            } else if (sameLetters == null && field.getName().equalsIgnoreCase(wanted.getName())) {
                sameLetters = field;
            }
        }
        return sameName == null ? sameLetters : sameName;
    }

    private FieldReader reader(DataType wanted, Place at) {
        if (wanted instanceof StructType struct) {
            return struct(struct, at);
        }
        if (wanted instanceof ArrayType array) {
            return array(array, at);
        }
        return wanted instanceof MapType map ? map(map, at) : leaf(wanted, at);
    }

    private FieldReader struct(StructType wanted, Place at) {
        if (at.type.isPrimitive()) {
            throw at.isNot(wanted);
        }
        return new StructReader(wanted, at.definition, fields(wanted, at), () -> firstLeaf(at));
    }

    private ColumnCursor firstLeaf(Place at) {
        Place first = at;
        while (!first.type.isPrimitive()) {
            first = first.below(first.type.asGroupType().getType(0));
        }
        return cursor(first);
    }

    private FieldReader array(ArrayType wanted, Place at) {
        Place repeated = at.repeated();
        if (repeated == null && at.type.isRepetition(Repetition.REPEATED)) {
            return new ItemsReader(
                    wanted, at.definition - 1, at.repetition, List.of(reader(wanted.getElementType(), at)));
        }
        if (repeated == null) {
            throw at.isNot(wanted);
        }
        Place element = isElement(repeated.type, at.type.getName(), wanted.getElementType())
                ? repeated
                : repeated.below(repeated.type.asGroupType().getType(0));
        return new ItemsReader(
                wanted, at.definition, repeated.repetition, List.of(reader(wanted.getElementType(), element)));
    }

    /** Whether what is repeated is the element itself, and not a group around it. */
    private static boolean isElement(Type repeated, String list, DataType wanted) {
        if (repeated.isPrimitive()) {
            return true;
        }
        GroupType group = repeated.asGroupType();
        if (group.getFieldCount() > 1 || group.getType(0).isRepetition(Repetition.REPEATED)) {
            return true;
        }
        boolean isCalledSo = group.getName().equals("array") || group.getName().equals(list + "_tuple");
        return isCalledSo && wanted instanceof StructType;
    }

    private FieldReader map(MapType wanted, Place at) {
        Place entry = at.repeated();
        if (entry == null || entry.type.isPrimitive()) {
            throw at.isNot(wanted);
        }
        GroupType parts = entry.type.asGroupType();
        FieldReader key = reader(wanted.getKeyType(), entry.below(parts.getType(0)));
        FieldReader value = parts.getFieldCount() == 1
                ? UnstoredReader.nulls(wanted.getValueType())
                : reader(wanted.getValueType(), entry.below(parts.getType(1)));
        return new ItemsReader(wanted, at.definition, entry.repetition, List.of(key, value));
    }

    private FieldReader leaf(DataType wanted, Place at) {
        Supplier<? extends LeafValues> values =
                at.type.isPrimitive() ? LeafTypes.of(wanted, at.type.asPrimitiveType()) : null;
        if (values == null) {
            throw at.isNot(wanted);
        }
        return new LeafReader(cursor(at), values);
    }

    private ColumnCursor cursor(Place at) {
        ColumnCursor cursor = new ColumnCursor(file.getColumnDescription(at.path.toArray(String[]::new)));
        cursors.add(cursor);
        return cursor;
    }
}
