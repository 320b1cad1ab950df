package io.headgate.delta.batch;

import io.delta.kernel.types.BooleanType;
import io.delta.kernel.types.ByteType;
import io.delta.kernel.types.DataType;
import io.delta.kernel.types.DateType;
import io.delta.kernel.types.DecimalType;
import io.delta.kernel.types.DoubleType;
import io.delta.kernel.types.FloatType;
import io.delta.kernel.types.IntegerType;
import io.delta.kernel.types.LongType;
import io.delta.kernel.types.ShortType;
import io.delta.kernel.types.StringType;
import io.delta.kernel.types.TimestampNTZType;
import io.delta.kernel.types.TimestampType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.LogicalTypeAnnotation.DateLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.DecimalLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimestampLogicalTypeAnnotation;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.jspecify.annotations.Nullable;

/**
 * How values of a table's type are read from a file's type: its own, or one that it was widened from (Delta protocol, "Type
 * Widening"). Timestamps come in microseconds, in milliseconds, or as Spark's INT96, which has neither annotation nor zone.
 */
final class LeafTypes {
    private static final long MICROS_PER_MILLI = 1_000;
    private static final long NANOS_PER_MICRO = 1_000;
    /** The Julian day of 1970-01-01, as INT96 counts. */
    private static final int JULIAN_EPOCH_DAY = 2_440_588;

    private LeafTypes() {}

    /** What gathers the values; null if {@code wanted} cannot be read from {@code file}. */
    static @Nullable Supplier<? extends LeafValues> of(DataType wanted, PrimitiveType file) {
        PrimitiveTypeName stored = file.getPrimitiveTypeName();
        if (wanted instanceof StringType || DataType.isTypeValueBinaryLike(wanted)) {
            return isBytes(stored) ? () -> new BytesValues(wanted) : null;
        }
        if (wanted instanceof BooleanType) {
            return stored == PrimitiveTypeName.BOOLEAN
                    ? () -> new IntValues(wanted, from -> from.getBoolean() ? 1 : 0)
                    : null;
        }
        if (isInt(wanted)) {
            return stored == PrimitiveTypeName.INT32 ? () -> new IntValues(wanted, ColumnReader::getInteger) : null;
        }
        if (wanted instanceof FloatType) {
            return stored == PrimitiveTypeName.FLOAT ? () -> new DoubleValues(wanted, ColumnReader::getFloat) : null;
        }
        if (wanted instanceof DoubleType) {
            return doubles(wanted, stored);
        }
        return wanted instanceof DecimalType decimal ? decimals(decimal, file) : longs(wanted, file);
    }

    private static boolean isBytes(PrimitiveTypeName stored) {
        return stored == PrimitiveTypeName.BINARY || stored == PrimitiveTypeName.FIXED_LEN_BYTE_ARRAY;
    }

    private static boolean isInt(DataType wanted) {
        return wanted instanceof IntegerType
                || wanted instanceof DateType
                || wanted instanceof ShortType
                || wanted instanceof ByteType;
    }

    private static @Nullable Supplier<LeafValues> doubles(DataType wanted, PrimitiveTypeName stored) {
        return switch (stored) {
            case DOUBLE -> () -> new DoubleValues(wanted, ColumnReader::getDouble);
            case FLOAT -> () -> new DoubleValues(wanted, ColumnReader::getFloat);
            case INT32 -> () -> new DoubleValues(wanted, ColumnReader::getInteger);
            default -> null;
        };
    }

    private static @Nullable Supplier<LeafValues> longs(DataType wanted, PrimitiveType file) {
        ToLongFunction<ColumnReader> source = null;
        if (wanted instanceof LongType) {
            source = wholeNumbers(file.getPrimitiveTypeName());
        } else if (wanted instanceof TimestampType) {
            source = timestamps(file, true);
        } else if (wanted instanceof TimestampNTZType) {
            source = timestamps(file, false);
        }
        ToLongFunction<ColumnReader> found = source;
        return found == null ? null : () -> new LongValues(wanted, found);
    }

    private static @Nullable ToLongFunction<ColumnReader> wholeNumbers(PrimitiveTypeName stored) {
        return switch (stored) {
            case INT64 -> ColumnReader::getLong;
            case INT32 -> ColumnReader::getInteger;
            default -> null;
        };
    }

    private static @Nullable ToLongFunction<ColumnReader> timestamps(PrimitiveType file, boolean isInstant) {
        PrimitiveTypeName stored = file.getPrimitiveTypeName();
        if (stored == PrimitiveTypeName.INT96) {
            return from -> int96Micros(from.getBinary());
        }
        if (stored == PrimitiveTypeName.INT32
                && file.getLogicalTypeAnnotation() instanceof DateLogicalTypeAnnotation
                && !isInstant) {
            return from -> TimeUnit.DAYS.toMicros(from.getInteger());
        }
        if (file.getLogicalTypeAnnotation() instanceof TimestampLogicalTypeAnnotation timestamp
                && timestamp.isAdjustedToUTC() == isInstant) {
            return switch (timestamp.getUnit()) {
                case MICROS -> ColumnReader::getLong;
                case MILLIS -> from -> Math.multiplyExact(from.getLong(), MICROS_PER_MILLI);
                case NANOS -> null; // Delta has none, and a microsecond would be made up
            };
        }
        return null;
    }

    private static long int96Micros(Binary value) {
        ByteBuffer bytes = value.toByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
        long nanosOfDay = bytes.getLong();
        long day = (long) bytes.getInt() - JULIAN_EPOCH_DAY;
        return TimeUnit.DAYS.toMicros(day) + nanosOfDay / NANOS_PER_MICRO;
    }

    private static @Nullable Supplier<LeafValues> decimals(DecimalType wanted, PrimitiveType file) {
        boolean isDecimal = file.getLogicalTypeAnnotation() instanceof DecimalLogicalTypeAnnotation;
        int scale = file.getLogicalTypeAnnotation() instanceof DecimalLogicalTypeAnnotation decimal
                ? decimal.getScale()
                : 0;
        if (scale > wanted.getScale()) {
            return null;
        }
        Function<ColumnReader, BigDecimal> source = switch (file.getPrimitiveTypeName()) {
            case INT32 -> from -> BigDecimal.valueOf(from.getInteger(), scale);
            case INT64 -> from -> BigDecimal.valueOf(from.getLong(), scale);
            case BINARY, FIXED_LEN_BYTE_ARRAY ->
                isDecimal
                        ? from -> new BigDecimal(new BigInteger(from.getBinary().getBytes()), scale)
                        : null;
            default -> null;
        };
        return source == null ? null : () -> new DecimalValues(wanted, source);
    }
}
