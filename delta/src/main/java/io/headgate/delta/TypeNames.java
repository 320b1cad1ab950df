package io.headgate.delta;

import io.delta.kernel.types.ArrayType;
import io.delta.kernel.types.ByteType;
import io.delta.kernel.types.DataType;
import io.delta.kernel.types.DecimalType;
import io.delta.kernel.types.LongType;
import io.delta.kernel.types.MapType;
import io.delta.kernel.types.ShortType;
import io.delta.kernel.types.StructType;
import java.util.Locale;
import java.util.stream.Collectors;

/** Types as SQL writes them. */
final class TypeNames {
    private TypeNames() {}

    static String of(DataType type) {
        if (type instanceof ByteType) {
            return "TINYINT";
        } else if (type instanceof ShortType) {
            return "SMALLINT";
        } else if (type instanceof LongType) {
            return "BIGINT";
        } else if (type instanceof DecimalType decimal) {
            return "DECIMAL(" + decimal.getPrecision() + "," + decimal.getScale() + ")";
        } else if (type instanceof ArrayType array) {
            return "ARRAY<" + of(array.getElementType()) + ">";
        } else if (type instanceof MapType map) {
            return "MAP<" + of(map.getKeyType()) + ", " + of(map.getValueType()) + ">";
        } else if (type instanceof StructType struct) {
            return struct.fields().stream()
                    .map(field -> field.getName() + ": " + of(field.getDataType()))
                    .collect(Collectors.joining(", ", "STRUCT<", ">"));
        }
        String name = type.toString().toUpperCase(Locale.ROOT);
        return name.equals("INTEGER") ? "INT" : name;
    }
}
