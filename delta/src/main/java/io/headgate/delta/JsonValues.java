package io.headgate.delta;

import com.fasterxml.jackson.core.JsonGenerator;
import io.delta.kernel.data.ArrayValue;
import io.delta.kernel.data.ColumnVector;
import io.delta.kernel.data.MapValue;
import io.delta.kernel.types.ArrayType;
import io.delta.kernel.types.BinaryType;
import io.delta.kernel.types.BooleanType;
import io.delta.kernel.types.ByteType;
import io.delta.kernel.types.DataType;
import io.delta.kernel.types.DateType;
import io.delta.kernel.types.DecimalType;
import io.delta.kernel.types.DoubleType;
import io.delta.kernel.types.FloatType;
import io.delta.kernel.types.IntegerType;
import io.delta.kernel.types.LongType;
import io.delta.kernel.types.MapType;
import io.delta.kernel.types.ShortType;
import io.delta.kernel.types.StringType;
import io.delta.kernel.types.StructField;
import io.delta.kernel.types.StructType;
import io.delta.kernel.types.TimestampNTZType;
import io.delta.kernel.types.TimestampType;
import java.io.IOException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;

/**
 * Values of a table as JSON: ISO-8601 for dates and timestamps, those with a zone in UTC; base64 for bytes; not-a-number
 * and infinities as strings; decimals as strings with all digits of their scale; a map as an array of its entries, as keys need not be strings.
 */
final class JsonValues {
    private final JsonGenerator json;

    JsonValues(JsonGenerator json) {
        this.json = json;
    }

    /**
     * Writes one value.
     *
     * @param type the table's: the vector's own has fields named as in files
     */
    void write(DataType type, ColumnVector vector, int row) throws IOException {
        if (vector.isNullAt(row)) {
            json.writeNull();
        } else if (!writeNumber(type, vector, row) && !writeText(type, vector, row)) {
            writeNested(type, vector, row);
        }
    }

    private boolean writeNumber(DataType type, ColumnVector vector, int row) throws IOException {
        if (type instanceof ByteType) {
            json.writeNumber(vector.getByte(row));
        } else if (type instanceof ShortType) {
            json.writeNumber(vector.getShort(row));
        } else if (type instanceof IntegerType) {
            json.writeNumber(vector.getInt(row));
        } else if (type instanceof LongType) {
            json.writeNumber(vector.getLong(row));
        } else if (type instanceof FloatType) {
            json.writeNumber(vector.getFloat(row));
        } else if (type instanceof DoubleType) {
            json.writeNumber(vector.getDouble(row));
        } else {
            return false;
        }
        return true;
    }

    private boolean writeText(DataType type, ColumnVector vector, int row) throws IOException {
        if (type instanceof StringType) {
            json.writeString(vector.getString(row));
        } else if (type instanceof DecimalType) {
            json.writeString(vector.getDecimal(row).toPlainString());
        } else if (type instanceof BooleanType) {
            json.writeBoolean(vector.getBoolean(row));
        } else if (type instanceof BinaryType) {
            json.writeBinary(vector.getBinary(row));
        } else if (type instanceof DateType) {
            json.writeString(LocalDate.ofEpochDay(vector.getInt(row)).toString());
        } else if (type instanceof TimestampType) {
            json.writeString(
                    Instant.EPOCH.plus(vector.getLong(row), ChronoUnit.MICROS).toString());
        } else if (type instanceof TimestampNTZType) {
            LocalDateTime time =
                    LocalDateTime.ofEpochSecond(0, 0, ZoneOffset.UTC).plus(vector.getLong(row), ChronoUnit.MICROS);
            json.writeString(DateTimeFormatter.ISO_LOCAL_DATE_TIME.format(time));
        } else {
            return false;
        }
        return true;
    }

    private void writeNested(DataType type, ColumnVector vector, int row) throws IOException {
        if (type instanceof StructType struct) {
            writeStruct(struct, vector, row);
        } else if (type instanceof ArrayType array) {
            writeElements(array, vector.getArray(row));
        } else if (type instanceof MapType map) {
            writeEntries(map, vector.getMap(row));
        } else {
            throw new IOException("Values of type " + type + " cannot be shown");
        }
    }

    private void writeStruct(StructType struct, ColumnVector vector, int row) throws IOException {
        json.writeStartObject();
        int ordinal = 0;
        for (StructField field : struct.fields()) {
            json.writeFieldName(field.getName());
            write(field.getDataType(), vector.getChild(ordinal++), row);
        }
        json.writeEndObject();
    }

    private void writeElements(ArrayType type, ArrayValue array) throws IOException {
        json.writeStartArray();
        for (int i = 0; i < array.getSize(); i++) {
            write(type.getElementType(), array.getElements(), i);
        }
        json.writeEndArray();
    }

    private void writeEntries(MapType type, MapValue map) throws IOException {
        json.writeStartArray();
        for (int i = 0; i < map.getSize(); i++) {
            json.writeStartObject();
            json.writeFieldName("key");
            write(type.getKeyType(), map.getKeys(), i);
            json.writeFieldName("value");
            write(type.getValueType(), map.getValues(), i);
            json.writeEndObject();
        }
        json.writeEndArray();
    }
}
