package io.headgate.delta;

import io.headgate.schema.ColumnType;
import io.headgate.schema.RowWriter;
import io.headgate.schema.ValueReader;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Turns values into those of a wider type that loses nothing of them, as Delta lets a column's type change (Delta
 * protocol, "Type Widening"): whole numbers to longer ones and to DECIMAL, those up to INTEGER to DOUBLE too, FLOAT to
 * DOUBLE, DECIMAL to one with no fewer digits on either side of the point, DATE to TIMESTAMP_NTZ. Text, which Delta has one
 * type for, goes to text that is long enough for it.
 */
final class Widening extends ValueFit {
    private static final long MICROS_PER_DAY = TimeUnit.DAYS.toMicros(1);
    private static final long DAYS_MAX = Long.MAX_VALUE / MICROS_PER_DAY;

    /** What the protocol wants a DECIMAL to have before the point. */
    private static final int INTEGER_DIGITS = 10;

    private static final int LONG_DIGITS = 20;

    private final String path;
    private final ColumnType from;
    private final ColumnType to;
    private final Keeps keeps;

    /** Which values a type keeps of another. */
    private enum Keeps {
        ALL,
        SOME,
        NONE
    }

    /** @param path what to call the value in a message */
    Widening(String path, ColumnType from, ColumnType to) {
        this.path = path;
        this.from = from;
        this.to = to;
        keeps = keeps(from, to);
    }

    private static Keeps keeps(ColumnType from, ColumnType to) {
        if (from.equals(to)) {
            return Keeps.ALL;
        }
        return switch (from.kind()) {
            case BYTE -> all(to == ColumnType.SHORT || isWiderThanShort(to));
            case SHORT -> all(isWiderThanShort(to));
            case INTEGER -> all(to != ColumnType.INTEGER && isWiderThanShort(to));
            case LONG -> all(holdsWhole(to, LONG_DIGITS));
            case FLOAT -> all(to == ColumnType.DOUBLE);
            case DATE -> to == ColumnType.TIMESTAMP_NTZ ? Keeps.SOME : Keeps.NONE;
            case DECIMAL -> all(to instanceof ColumnType.Decimal target && holds(target, (ColumnType.Decimal) from));
            case STRING, CHAR, VARCHAR -> keepsText(from, to);
            default -> Keeps.NONE;
        };
    }

    private static Keeps all(boolean keeps) {
        return keeps ? Keeps.ALL : Keeps.NONE;
    }

    private static boolean isWiderThanShort(ColumnType to) {
        return to == ColumnType.INTEGER
                || to == ColumnType.LONG
                || to == ColumnType.DOUBLE
                || holdsWhole(to, INTEGER_DIGITS);
    }

    private static boolean holdsWhole(ColumnType to, int digits) {
        return to instanceof ColumnType.Decimal target && target.precision() - target.scale() >= digits;
    }

    private static boolean holds(ColumnType.Decimal to, ColumnType.Decimal from) {
        return to.scale() >= from.scale() && to.precision() - to.scale() >= from.precision() - from.scale();
    }

    /** CHAR is another matter, as it is padded. */
    private static Keeps keepsText(ColumnType from, ColumnType to) {
        if (to != ColumnType.STRING && !(to instanceof ColumnType.Varchar)) {
            return Keeps.NONE;
        }
        return lengthMax(from) <= lengthMax(to) ? Keeps.ALL : Keeps.SOME;
    }

    private static int lengthMax(ColumnType text) {
        if (text instanceof ColumnType.Varchar varchar) {
            return varchar.length();
        }
        return text instanceof ColumnType.Char padded ? padded.length() : Integer.MAX_VALUE;
    }

    @Override
    boolean rewrites() {
        if (from instanceof ColumnType.Decimal rows && to instanceof ColumnType.Decimal target) {
            return rows.scale() != target.scale() || rows.fitsLong() != target.fitsLong();
        }
        return !from.equals(to) && !(isText(from) && isText(to));
    }

    private static boolean isText(ColumnType type) {
        return type == ColumnType.STRING || type instanceof ColumnType.Char || type instanceof ColumnType.Varchar;
    }

    @Override
    boolean mayFail() {
        return keeps != Keeps.ALL;
    }

    @Override
    void problems(ValueReader values, int i, Set<String> found) {
        if (keeps == Keeps.NONE || (keeps == Keeps.SOME && !keeps(values, i))) {
            found.add("column '" + path + "' changed its type from " + name(from) + " to " + name(to));
        }
    }

    private boolean keeps(ValueReader values, int i) {
        return from == ColumnType.DATE
                ? Math.abs((long) values.intAt(i)) <= DAYS_MAX
                : characters(values.stringAt(i)) <= lengthMax(to);
    }

    /** Code points: the bytes of UTF-8 that do not continue one. */
    private static int characters(ByteBuffer utf8) {
        int count = 0;
        while (utf8.hasRemaining()) {
            count += (utf8.get() & 0xC0) == 0x80 ? 0 : 1;
        }
        return count;
    }

    /** What is within nested types has its own messages. */
    private static String name(ColumnType type) {
        return type instanceof ColumnType.Plain || ColumnType.isNested(type)
                ? type.kind().name()
                : type.sqlName();
    }

    @Override
    void put(ValueReader values, int i, RowWriter out, int target) {
        switch (to.kind()) {
            case STRING, CHAR, VARCHAR, BINARY -> putBytes(values, i, out, target);
            case BOOLEAN -> out.putBoolean(target, values.booleanAt(i));
            case BYTE -> out.putByte(target, values.byteAt(i));
            case SHORT -> out.putShort(target, (short) whole(values, i));
            case INTEGER -> out.putInt(target, (int) whole(values, i));
            case LONG -> out.putLong(target, whole(values, i));
            case FLOAT -> out.putFloat(target, values.floatAt(i));
            case DOUBLE -> out.putDouble(target, number(values, i));
            case DATE -> out.putInt(target, values.intAt(i));
            case TIMESTAMP -> out.putLong(target, values.longAt(i));
            case TIMESTAMP_NTZ ->
                out.putLong(target, from == ColumnType.DATE ? values.intAt(i) * MICROS_PER_DAY : values.longAt(i));
            case DECIMAL -> putDecimal(values, i, out, target);
            case ARRAY, MAP, STRUCT ->
                throw new IllegalArgumentException(name(from) + " does not widen to " + name(to));
        }
    }

    private static void putBytes(ValueReader values, int i, RowWriter out, int target) {
        ByteBuffer bytes = values.stringAt(i);
        byte[] copy = new byte[bytes.remaining()];
        bytes.get(copy);
        out.putBytes(target, copy, 0, copy.length);
    }

    private void putDecimal(ValueReader values, int i, RowWriter out, int target) {
        BigDecimal value =
                from instanceof ColumnType.Decimal ? values.decimalAt(i) : BigDecimal.valueOf(whole(values, i));
        BigInteger units = value.setScale(((ColumnType.Decimal) to).scale()).unscaledValue();
        out.putDecimal(target, units.shiftRight(Long.SIZE).longValue(), units.longValue());
    }

    private double number(ValueReader values, int i) {
        return switch (from.kind()) {
            case DOUBLE -> values.doubleAt(i);
            case FLOAT -> values.floatAt(i);
            default -> whole(values, i);
        };
    }

    private long whole(ValueReader values, int i) {
        return switch (from.kind()) {
            case BYTE -> values.byteAt(i);
            case SHORT -> values.shortAt(i);
            case INTEGER -> values.intAt(i);
            default -> values.longAt(i);
        };
    }
}
