package io.headgate.schema;

import io.headgate.model.Excerpt;
import io.headgate.model.Refusal;
import io.headgate.model.RefusedException;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The columns that a table is partitioned by, and their values as the text that stands for them in the table's log (Delta
 * protocol, "Partition Value Serialization"), each as Spark writes it:
 *
 * <ul>
 *   <li>whole numbers, FLOAT and DOUBLE as Java does, DECIMAL with all digits of its scale, BOOLEAN as true or false, DATE
 *       as 2026-01-31;
 *   <li>TIMESTAMP in UTC with six decimals, 2026-01-31T08:00:00.500000Z, which needs no time zone to be understood;
 *   <li>TIMESTAMP_NTZ as 2026-01-31 08:00:00.5, with no more decimals than it takes;
 *   <li>STRING, CHAR and VARCHAR as they are. An empty one is NULL, since that is what all readers make of it.
 * </ul>
 *
 * <p>Immutable.
 */
public final class PartitionColumns {
    private static final DateTimeFormatter UTC =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'", Locale.ROOT);
    private static final DateTimeFormatter WALL_CLOCK = new DateTimeFormatterBuilder()
            .appendPattern("uuuu-MM-dd HH:mm:ss")
            .appendFraction(ChronoField.MICRO_OF_SECOND, 0, 6, true)
            .toFormatter(Locale.ROOT);

    private static final int MICROS_PER_SECOND = 1_000_000;
    private static final int NANOS_PER_MICRO = 1_000;
    private static final int YEAR_DIGITS = 4;

    /** Those of a table that is not partitioned. */
    static final PartitionColumns NONE = new PartitionColumns(List.of(), new int[0]);

    private static final Partition ALL = new Partition(List.of());

    private final List<Column> all;
    private final int[] indexes;
    private final int[] same;

    private PartitionColumns(List<Column> all, int[] indexes) {
        this.all = List.copyOf(all);
        this.indexes = indexes;
        same = IntStream.range(0, all.size()).toArray();
    }

    /**
     * Finds the columns in a table.
     *
     * @param columns the table's
     * @param names what it is partitioned by, in order; none if it is not
     * @throws RefusedException NOT_IMPLEMENTED if there is no such column, or none besides, or one is named twice
     */
    public static PartitionColumns of(List<Column> columns, List<String> names) {
        int[] indexes = names.stream().mapToInt(name -> indexOf(columns, name)).toArray();
        if (IntStream.of(indexes).distinct().count() < indexes.length) {
            throw unsupported("The table is partitioned by a column twice");
        }
        if (indexes.length > 0 && indexes.length == columns.size()) {
            throw unsupported("The table is partitioned by all of its columns");
        }
        for (int index : indexes) {
            requireText(columns.get(index));
        }
        return new PartitionColumns(columns, indexes);
    }

    /** Nested types have none; BINARY has one that readers make different bytes of. */
    private static void requireText(Column column) {
        if (ColumnType.isNested(column.type()) || column.type() == ColumnType.BINARY) {
            throw unsupported("The table is partitioned by \"" + Excerpt.of(column.name()) + "\", whose type is "
                    + column.type().kind());
        }
    }

    /** Delta's names differ by more than case, so that some writers do not care for it. */
    private static int indexOf(List<Column> columns, String name) {
        return IntStream.range(0, columns.size())
                .filter(i -> columns.get(i).name().equalsIgnoreCase(name))
                .findFirst()
                .orElseThrow(() -> unsupported(
                        "The table is partitioned by \"" + Excerpt.of(name) + "\", which is none of its columns"));
    }

    private static RefusedException unsupported(String what) {
        return Refusal.of(
                        Refusal.Code.NOT_IMPLEMENTED,
                        what + ", which Delta or its readers cannot do. Headgate accepts no rows for the table.")
                .asException();
    }

    /**
     * The same columns under other names.
     *
     * @param columns the table's, in the same order
     */
    public PartitionColumns as(List<Column> columns) {
        return new PartitionColumns(columns, indexes);
    }

    /** Whether the table is not partitioned. */
    public boolean isEmpty() {
        return indexes.length == 0;
    }

    /** Where among the table's columns they are. */
    public int[] indexes() {
        return indexes.clone();
    }

    /** Where among the table's columns all others are. */
    public int[] otherIndexes() {
        return IntStream.range(0, all.size())
                .filter(i -> IntStream.of(indexes).noneMatch(partition -> partition == i))
                .toArray();
    }

    /** The partition that a reader's current row, of the table's own columns, belongs to. */
    public Partition of(RowReader row) {
        return of(row, same);
    }

    /**
     * The partition that a reader's current row belongs to.
     *
     * @param sources for each of the table's columns, which of the row's it is; -1 if the row has none
     */
    public Partition of(RowReader row, int[] sources) {
        if (isEmpty()) {
            return ALL;
        }
        List<@Nullable String> values = new ArrayList<>(indexes.length);
        for (int index : indexes) {
            int source = sources[index];
            boolean isNull = source < 0 || row.isNull(source);
            values.add(isNull ? null : text(row, source, all.get(index).type()));
        }
        return new Partition(values);
    }

    private static @Nullable String text(RowReader row, int source, ColumnType type) {
        return switch (type.kind()) {
            case STRING, CHAR, VARCHAR -> string(row, source);
            case BOOLEAN -> Boolean.toString(row.booleanAt(source));
            case BYTE -> Byte.toString(row.byteAt(source));
            case SHORT -> Short.toString(row.shortAt(source));
            case INTEGER -> Integer.toString(row.intAt(source));
            case LONG -> Long.toString(row.longAt(source));
            case FLOAT -> Float.toString(row.floatAt(source));
            case DOUBLE -> Double.toString(row.doubleAt(source));
            case DATE -> LocalDate.ofEpochDay(row.intAt(source)).toString();
            case TIMESTAMP -> UTC.format(time(row.longAt(source)));
            case TIMESTAMP_NTZ -> WALL_CLOCK.format(time(row.longAt(source)));
            case DECIMAL -> row.decimalAt(source).toPlainString();
            case BINARY, ARRAY, MAP, STRUCT -> throw new IllegalArgumentException(type.sqlName() + " has no text");
        };
    }

    private static @Nullable String string(RowReader row, int source) {
        String text = StandardCharsets.UTF_8.decode(row.stringAt(source)).toString();
        return text.isEmpty() ? null : text;
    }

    private static LocalDateTime time(long micros) {
        return LocalDateTime.ofEpochSecond(
                Math.floorDiv(micros, MICROS_PER_SECOND),
                Math.floorMod(micros, MICROS_PER_SECOND) * NANOS_PER_MICRO,
                ZoneOffset.UTC);
    }

    /** The names of the columns and the text of their values, in order. */
    public Map<String, @Nullable String> named(Partition partition) {
        Map<String, @Nullable String> named = new LinkedHashMap<>();
        for (int i = 0; i < indexes.length; i++) {
            named.put(column(i).name(), partition.values().get(i));
        }
        return named;
    }

    /** The directories that the partition's files are in, from the table's own on down; none if it is not partitioned. */
    public List<String> directories(Partition partition) {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < indexes.length; i++) {
            names.add(
                    PartitionDirectory.name(column(i).name(), partition.values().get(i)));
        }
        return names;
    }

    private Column column(int i) {
        return all.get(indexes[i]);
    }

    /**
     * Why rows cannot be in a partition.
     *
     * @param column the column to blame
     * @param reason completes the sentence "the value ..."
     */
    public record Unfit(String column, String reason) {}

    /**
     * Why a table can have no such partition, or could, and then no longer be read or rewritten by all; null if it can.
     * Rows that have a value for each column that is NOT NULL are taken for granted.
     */
    public @Nullable Unfit unfit(Partition partition) {
        for (int i = 0; i < indexes.length; i++) {
            String reason = unfit(column(i), partition.values().get(i));
            if (reason != null) {
                return new Unfit(column(i).name(), reason);
            }
        }
        return null;
    }

    private static @Nullable String unfit(Column column, @Nullable String value) {
        if (value == null) {
            return column.nullable()
                    ? null
                    : "is empty, which in a partition column is NULL, and the column is NOT NULL";
        }
        return switch (column.type().kind()) {
            case STRING, CHAR, VARCHAR -> PartitionDirectory.unfit(column.name(), value);
            case DATE, TIMESTAMP, TIMESTAMP_NTZ -> unfitYear(value);
            default -> null;
        };
    }

    /** Beyond four digits readers differ, and some no longer read the table at all. */
    private static @Nullable String unfitYear(String value) {
        boolean fits = value.charAt(YEAR_DIGITS) == '-' && !value.startsWith("0000");
        return fits ? null : "is outside the years 1 to 9999, which readers of partition columns agree on";
    }
}
