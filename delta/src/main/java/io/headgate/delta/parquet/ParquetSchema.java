package io.headgate.delta.parquet;

import static org.apache.parquet.schema.LogicalTypeAnnotation.dateType;
import static org.apache.parquet.schema.LogicalTypeAnnotation.decimalType;
import static org.apache.parquet.schema.LogicalTypeAnnotation.intType;
import static org.apache.parquet.schema.LogicalTypeAnnotation.listType;
import static org.apache.parquet.schema.LogicalTypeAnnotation.mapType;
import static org.apache.parquet.schema.LogicalTypeAnnotation.stringType;
import static org.apache.parquet.schema.LogicalTypeAnnotation.timestampType;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.BINARY;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.BOOLEAN;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.DOUBLE;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.FIXED_LEN_BYTE_ARRAY;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.FLOAT;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.INT32;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.INT64;

import io.headgate.schema.Column;
import io.headgate.schema.ColumnType;
import java.math.BigInteger;
import java.util.List;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeUnit;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Type.Repetition;
import org.apache.parquet.schema.Types;
import org.apache.parquet.schema.Types.PrimitiveBuilder;

/**
 * Columns as a Parquet schema: the physical types, annotations and layouts that Spark writes and every Delta reader
 * expects (Parquet format, "Logical Types"), and the ids of columns and fields as field ids. The one place that names
 * Parquet types.
 *
 * <pre>
 *   DECIMAL   INT32 up to 9 digits, INT64 up to 18, beyond as few bytes as hold them
 *   ARRAY     group NAME (LIST) { repeated group list { element } }
 *   MAP       group NAME (MAP) { repeated group key_value { required key; value } }
 *   STRUCT    group NAME { fields }
 * </pre>
 */
final class ParquetSchema {
    /** What Spark calls the root; readers ignore it. */
    private static final String ROOT = "spark_schema";

    private static final int INT32_DIGITS_MAX = 9;
    private static final int INT64_DIGITS_MAX = 18;

    private ParquetSchema() {}

    static MessageType of(List<Column> columns) {
        return new MessageType(ROOT, fields(columns));
    }

    private static List<Type> fields(List<Column> columns) {
        return columns.stream().map(ParquetSchema::field).toList();
    }

    private static Type field(Column column) {
        Type field = named(column.name(), column.type(), repetition(column.nullable()));
        return column.id().isPresent() ? field.withId(column.id().getAsInt()) : field;
    }

    private static Repetition repetition(boolean nullable) {
        return nullable ? Repetition.OPTIONAL : Repetition.REQUIRED;
    }

    private static Type named(String name, ColumnType type, Repetition repetition) {
        return switch (type.kind()) {
            case STRING, CHAR, VARCHAR ->
                primitive(BINARY, repetition).as(stringType()).named(name);
            case BOOLEAN -> primitive(BOOLEAN, repetition).named(name);
            case BYTE -> primitive(INT32, repetition).as(intType(8, true)).named(name);
            case SHORT -> primitive(INT32, repetition).as(intType(16, true)).named(name);
            case INTEGER -> primitive(INT32, repetition).named(name);
            case LONG -> primitive(INT64, repetition).named(name);
            case FLOAT -> primitive(FLOAT, repetition).named(name);
            case DOUBLE -> primitive(DOUBLE, repetition).named(name);
            case DATE -> primitive(INT32, repetition).as(dateType()).named(name);
            case TIMESTAMP ->
                primitive(INT64, repetition)
                        .as(timestampType(true, TimeUnit.MICROS))
                        .named(name);
            case TIMESTAMP_NTZ ->
                primitive(INT64, repetition)
                        .as(timestampType(false, TimeUnit.MICROS))
                        .named(name);
            case BINARY -> primitive(BINARY, repetition).named(name);
            case DECIMAL -> decimal(name, (ColumnType.Decimal) type, repetition);
            case ARRAY -> array(name, (ColumnType.Array) type, repetition);
            case MAP -> map(name, (ColumnType.Map) type, repetition);
            case STRUCT ->
                Types.buildGroup(repetition)
                        .addFields(fields(((ColumnType.Struct) type).fields()).toArray(Type[]::new))
                        .named(name);
        };
    }

    private static Type decimal(String name, ColumnType.Decimal type, Repetition repetition) {
        PrimitiveBuilder<PrimitiveType> field = type.precision() <= INT32_DIGITS_MAX
                ? primitive(INT32, repetition)
                : type.precision() <= INT64_DIGITS_MAX
                        ? primitive(INT64, repetition)
                        : primitive(FIXED_LEN_BYTE_ARRAY, repetition).length(bytesFor(type.precision()));
        return field.as(decimalType(type.scale(), type.precision())).named(name);
    }

    /** As few as hold all numbers of so many digits, and their sign. */
    private static int bytesFor(int digits) {
        return BigInteger.TEN.pow(digits).subtract(BigInteger.ONE).bitLength() / Byte.SIZE + 1;
    }

    private static Type array(String name, ColumnType.Array type, Repetition repetition) {
        return Types.buildGroup(repetition)
                .as(listType())
                .addField(Types.repeatedGroup()
                        .addField(named("element", type.element(), repetition(type.containsNull())))
                        .named("list"))
                .named(name);
    }

    private static Type map(String name, ColumnType.Map type, Repetition repetition) {
        return Types.buildGroup(repetition)
                .as(mapType())
                .addField(Types.repeatedGroup()
                        .addField(named("key", type.key(), Repetition.REQUIRED))
                        .addField(named("value", type.value(), repetition(type.valueContainsNull())))
                        .named("key_value"))
                .named(name);
    }

    private static PrimitiveBuilder<PrimitiveType> primitive(PrimitiveTypeName type, Repetition repetition) {
        return Types.primitive(type, repetition);
    }
}
