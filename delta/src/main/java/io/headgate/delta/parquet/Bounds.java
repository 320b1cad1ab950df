package io.headgate.delta.parquet;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.delta.kernel.expressions.Literal;
import io.headgate.schema.ColumnType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.LocalDate;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.parquet.io.api.Binary;

/**
 * A column's smallest and greatest value as Delta keeps them. A bound may be wider than the values, never narrower; where
 * readers would misread one, there is none.
 *
 * <ul>
 *   <li>Strings are cut to 32 characters (code points). A maximum that was cut gets one more character, above the one cut
 *       off, and so stays above all values; U+10FFFF cannot be topped and is kept, up to 64 characters, then there is no
 *       maximum. UTF-8 and code points sort alike.
 *   <li>A bound of zero is -0.0 below and 0.0 above, as to some readers they differ, and to others not.
 *   <li>Timestamps are kept in milliseconds: minimum rounded down, maximum up.
 *   <li>Dates and timestamps outside years 1 to 9999 have no form that all readers of the log's JSON agree on: no bound.
 *   <li>BOOLEAN and BINARY have none: Spark, too, keeps none.
 * </ul>
 */
final class Bounds {
    private static final int STRING_CHARACTERS = 32;
    private static final int STRING_CHARACTERS_MAX = 2 * STRING_CHARACTERS;
    private static final int UTF8_BYTES_PER_CHARACTER = 4;
    /** The greatest one-byte character, as a shorter tie-breaker where it suffices. */
    private static final int ASCII_MAX = 0x7F;

    private static final long MICROS_PER_MILLI = 1_000;
    private static final int FIRST_DAY = (int) LocalDate.of(1, 1, 1).toEpochDay();
    private static final int LAST_DAY = (int) LocalDate.of(9999, 12, 31).toEpochDay();
    private static final long FIRST_MICRO = TimeUnit.DAYS.toMicros(FIRST_DAY);
    private static final long LAST_MILLI_IN_MICROS = TimeUnit.DAYS.toMicros(LAST_DAY + 1) - MICROS_PER_MILLI;

    private Bounds() {}

    /** The lower bound for a column whose smallest value is {@code value}, as Parquet's statistics hold it. */
    static Optional<Literal> min(ColumnType type, Object value) {
        return switch (type.kind()) {
            case STRING, CHAR, VARCHAR -> Optional.of(Literal.ofString(stringMin((Binary) value)));
            case TIMESTAMP -> micros((Long) value, false).map(Literal::ofTimestamp);
            case TIMESTAMP_NTZ -> micros((Long) value, false).map(Literal::ofTimestampNtz);
            case FLOAT -> Optional.of(Literal.ofFloat((Float) value == 0 ? -0.0f : (Float) value));
            case DOUBLE -> Optional.of(Literal.ofDouble((Double) value == 0 ? -0.0 : (Double) value));
            default -> exact(type, value);
        };
    }

    /** The upper bound for a column whose greatest value is {@code value}, as Parquet's statistics hold it. */
    static Optional<Literal> max(ColumnType type, Object value) {
        return switch (type.kind()) {
            case STRING, CHAR, VARCHAR -> stringMax((Binary) value).map(Literal::ofString);
            case TIMESTAMP -> micros((Long) value, true).map(Literal::ofTimestamp);
            case TIMESTAMP_NTZ -> micros((Long) value, true).map(Literal::ofTimestampNtz);
            case FLOAT -> Optional.of(Literal.ofFloat((Float) value == 0 ? 0.0f : (Float) value));
            case DOUBLE -> Optional.of(Literal.ofDouble((Double) value == 0 ? 0.0 : (Double) value));
            default -> exact(type, value);
        };
    }

    private static Optional<Literal> exact(ColumnType type, Object value) {
        return switch (type.kind()) {
            case BYTE -> Optional.of(Literal.ofByte(((Integer) value).byteValue()));
            case SHORT -> Optional.of(Literal.ofShort(((Integer) value).shortValue()));
            case INTEGER -> Optional.of(Literal.ofInt((Integer) value));
            case LONG -> Optional.of(Literal.ofLong((Long) value));
            case DATE ->
                Optional.of((Integer) value)
                        .filter(day -> FIRST_DAY <= day && day <= LAST_DAY)
                        .map(Literal::ofDate);
            case DECIMAL -> Optional.of(decimal((ColumnType.Decimal) type, value));
            case BOOLEAN, BINARY -> Optional.empty();
            case STRING, CHAR, VARCHAR, FLOAT, DOUBLE, TIMESTAMP, TIMESTAMP_NTZ ->
                throw new IllegalArgumentException(type + " bounds are not exact");
            case ARRAY, MAP, STRUCT -> throw new IllegalArgumentException(type.sqlName() + " has no order");
        };
    }

    private static Literal decimal(ColumnType.Decimal type, Object value) {
        BigInteger units = value instanceof Binary bytes
                ? new BigInteger(bytes.getBytes())
                : BigInteger.valueOf(((Number) value).longValue());
        return Literal.ofDecimal(new BigDecimal(units, type.scale()), type.precision(), type.scale());
    }

    private static Optional<Long> micros(long value, boolean up) {
        if (value < FIRST_MICRO || value > LAST_MILLI_IN_MICROS) {
            return Optional.empty();
        }
        long down = Math.floorDiv(value, MICROS_PER_MILLI) * MICROS_PER_MILLI;
        return Optional.of(up && down < value ? down + MICROS_PER_MILLI : down);
    }

    private static String stringMin(Binary value) {
        int[] characters = characters(value);
        return new String(characters, 0, Math.min(characters.length, STRING_CHARACTERS));
    }

    private static Optional<String> stringMax(Binary value) {
        int[] characters = characters(value);
        int kept = Math.min(characters.length, STRING_CHARACTERS);
        while (kept < characters.length && characters[kept] == Character.MAX_CODE_POINT) {
            kept++;
        }
        if (kept == characters.length) {
            return kept <= STRING_CHARACTERS_MAX ? Optional.of(new String(characters, 0, kept)) : Optional.empty();
        }
        int above = characters[kept] < ASCII_MAX ? ASCII_MAX : Character.MAX_CODE_POINT;
        return Optional.of(new String(characters, 0, kept).concat(Character.toString(above)));
    }

    /** All characters that can matter: one beyond the longest bound, if there are so many. */
    private static int[] characters(Binary value) {
        int bytes = Math.min(value.length(), (STRING_CHARACTERS_MAX + 1) * UTF8_BYTES_PER_CHARACTER);
        return new String(value.slice(0, bytes).getBytes(), UTF_8)
                .codePoints()
                .limit(STRING_CHARACTERS_MAX + 1)
                .toArray();
    }
}
