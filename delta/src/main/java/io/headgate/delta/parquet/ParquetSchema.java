package io.headgate.delta.parquet;

import static org.apache.parquet.schema.LogicalTypeAnnotation.dateType;
import static org.apache.parquet.schema.LogicalTypeAnnotation.intType;
import static org.apache.parquet.schema.LogicalTypeAnnotation.stringType;
import static org.apache.parquet.schema.LogicalTypeAnnotation.timestampType;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.BINARY;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.BOOLEAN;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.DOUBLE;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.FLOAT;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.INT32;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.INT64;

import io.headgate.schema.Column;
import io.headgate.schema.Supported;
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
 * A table's columns as a Parquet schema: the physical types and annotations that Spark writes and every Delta reader
 * expects (Parquet format, "Logical Types"). The one place that names Parquet types, so also the one for field ids and
 * nested columns.
 */
final class ParquetSchema {
    /** What Spark calls the root; readers ignore it. */
    private static final String ROOT = "spark_schema";

    private ParquetSchema() {}

    static MessageType of(List<Column> columns) {
        return new MessageType(ROOT, columns.stream().map(ParquetSchema::field).toList());
    }

    private static Type field(Column column) {
        Repetition repetition = column.nullable() ? Repetition.OPTIONAL : Repetition.REQUIRED;
        PrimitiveBuilder<PrimitiveType> field = switch (column.type().kind()) {
            case STRING -> primitive(BINARY, repetition).as(stringType());
            case BOOLEAN -> primitive(BOOLEAN, repetition);
            case BYTE -> primitive(INT32, repetition).as(intType(8, true));
            case SHORT -> primitive(INT32, repetition).as(intType(16, true));
            case INTEGER -> primitive(INT32, repetition);
            case LONG -> primitive(INT64, repetition);
            case FLOAT -> primitive(FLOAT, repetition);
            case DOUBLE -> primitive(DOUBLE, repetition);
            case DATE -> primitive(INT32, repetition).as(dateType());
            case TIMESTAMP -> primitive(INT64, repetition).as(timestampType(true, TimeUnit.MICROS));
            case TIMESTAMP_NTZ -> primitive(INT64, repetition).as(timestampType(false, TimeUnit.MICROS));
            case BINARY, DECIMAL, CHAR, VARCHAR, ARRAY, MAP, STRUCT -> throw Supported.unreachable(column.type());
        };
        return field.named(column.name());
    }

    private static PrimitiveBuilder<PrimitiveType> primitive(PrimitiveTypeName type, Repetition repetition) {
        return Types.primitive(type, repetition);
    }
}
