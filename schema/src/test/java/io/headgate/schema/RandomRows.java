package io.headgate.schema;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;

/** Columns of every type, nested a few levels deep, and rows of them as {@link Rows} has them; for other modules' tests too. */
public final class RandomRows {
    private static final int DEPTH_MAX = 4;
    private static final int KINDS_NESTED = 3;
    private static final List<String> NAMES = List.of("a", "B", "col_", "é", "a b:", "x,y>", "`");

    private final Random random;
    private final boolean asDeclared;

    /** Rows as the format takes them: NULL wherever it likes. */
    RandomRows(Random random) {
        this(random, false);
    }

    private RandomRows(Random random, boolean asDeclared) {
        this.random = random;
        this.asDeclared = asDeclared;
    }

    /** Rows as a table takes them: nothing NULL that may not be, no key twice. */
    public static RandomRows asDeclared(Random random) {
        return new RandomRows(random, true);
    }

    /** Up to so many columns, one at least. */
    public List<Column> columns(int most) {
        return columns(1 + random.nextInt(most), 0);
    }

    private List<Column> columns(int count, int depth) {
        List<Column> columns = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String name = NAMES.get(random.nextInt(NAMES.size())) + i;
            columns.add(new Column(
                    name,
                    type(depth),
                    random.nextInt(3) > 0,
                    random.nextBoolean() ? OptionalInt.of(random.nextInt(1000)) : OptionalInt.empty(),
                    random.nextBoolean() ? Optional.of("col-" + random.nextInt(1000)) : Optional.empty()));
        }
        return columns;
    }

    private ColumnType type(int depth) {
        return switch (depth < DEPTH_MAX ? random.nextInt(2 * KINDS_NESTED) : KINDS_NESTED) {
            case 0 -> new ColumnType.Struct(columns(1 + random.nextInt(10), depth + 1));
            case 1 -> new ColumnType.Array(type(depth + 1), random.nextBoolean());
            case 2 -> new ColumnType.Map(scalar(), type(depth + 1), random.nextBoolean());
            default -> scalar();
        };
    }

    private ColumnType scalar() {
        return scalar(random, 20);
    }

    /** Any type that is not nested. */
    static ColumnType scalar(Random random, int lengthBelow) {
        int choice = random.nextInt(ColumnType.PLAIN.size() + 4);
        if (choice < ColumnType.PLAIN.size()) {
            return ColumnType.PLAIN.get(choice);
        }
        return switch (choice - ColumnType.PLAIN.size()) {
            case 0 -> new ColumnType.Char(random.nextInt(lengthBelow));
            case 1 -> new ColumnType.Varchar(random.nextInt(lengthBelow));
            default -> {
                int precision = 1 + random.nextInt(ColumnType.Decimal.PRECISION_MAX);
                yield new ColumnType.Decimal(precision, random.nextInt(precision + 1));
            }
        };
    }

    /** The values of a row of these columns, or of a struct. */
    public List<Object> row(List<Column> columns) {
        List<Object> row = new ArrayList<>();
        for (Column column : columns) {
            row.add(isNull(column.nullable()) ? Rows.NULL : value(column.type()));
        }
        return row;
    }

    private boolean isNull(boolean nullable) {
        return random.nextInt(4) == 0 && (nullable || !asDeclared);
    }

    private Object value(ColumnType type) {
        return switch (type.kind()) {
            case STRING, CHAR, VARCHAR -> text();
            case BOOLEAN -> random.nextBoolean();
            case BYTE -> (byte) random.nextInt();
            case SHORT -> (short) random.nextInt();
            case INTEGER -> random.nextInt();
            case DATE -> random.nextInt(100_000) - 50_000;
            case LONG -> random.nextLong();
            case TIMESTAMP, TIMESTAMP_NTZ -> random.nextLong() >> 12;
            case FLOAT -> Float.intBitsToFloat(random.nextInt());
            case DOUBLE -> Double.longBitsToDouble(random.nextLong());
            case DECIMAL -> decimal((ColumnType.Decimal) type);
            case BINARY -> {
                byte[] bytes = new byte[random.nextInt(9)];
                random.nextBytes(bytes);
                yield ByteBuffer.wrap(bytes);
            }
            case STRUCT -> row(((ColumnType.Struct) type).fields());
            case ARRAY -> {
                List<Object> elements = new ArrayList<>();
                for (int n = count(); n > 0; n--) {
                    ColumnType.Array array = (ColumnType.Array) type;
                    elements.add(isNull(array.containsNull()) ? Rows.NULL : value(array.element()));
                }
                yield elements;
            }
            case MAP -> {
                List<Object> entries = new ArrayList<>();
                Set<Object> keys = new HashSet<>();
                for (int n = count(); n > 0; n--) {
                    ColumnType.Map map = (ColumnType.Map) type;
                    Object value = isNull(map.valueContainsNull()) ? Rows.NULL : value(map.value());
                    Object key = value(map.key());
                    if (keys.add(key) || !asDeclared) {
                        entries.add(Map.entry(key, value));
                    }
                }
                yield entries;
            }
        };
    }

    /** Few, as they multiply; now and then more than two groups of eight. */
    private int count() {
        return random.nextInt(10) == 0 ? random.nextInt(25) : random.nextInt(3);
    }

    private BigDecimal decimal(ColumnType.Decimal type) {
        BigInteger limit = BigInteger.TEN.pow(type.precision());
        BigInteger units = random.nextInt(5) == 0
                ? limit.subtract(BigInteger.ONE)
                : new BigInteger(limit.bitLength(), random).mod(limit);
        return new BigDecimal(random.nextBoolean() ? units.negate() : units, type.scale());
    }

    private String text() {
        return random.ints(random.nextInt(9), 1, 0x10FFFF)
                .filter(c -> c < 0xD800 || c > 0xDFFF)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }
}
