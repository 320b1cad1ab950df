package io.headgate.delta;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.headgate.delta.parquet.TypedRows;
import io.headgate.schema.Column;
import io.headgate.schema.ColumnType;
import io.headgate.schema.RowReader;
import io.headgate.schema.Supported;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Which rows of an older schema fit, and where their values go. */
class ColumnMatchTest {
    private static Column string(String name) {
        return new Column(name, ColumnType.STRING, true);
    }

    private static Column string(String name, int id) {
        return new Column(name, ColumnType.STRING, true, OptionalInt.of(id));
    }

    private static RowReader row(List<Column> columns, @Nullable Object... values) {
        RowReader row = TypedRows.reader(columns, List.<@Nullable Object[]>of(TypedRows.row(values)));
        row.next();
        return row;
    }

    private static @Nullable String misfit(List<Column> rows, List<Column> target, @Nullable Object... values) {
        return new ColumnMatch(rows, target).misfit(row(rows, values));
    }

    @Test
    void columnsAreTheSameByTheirIdsWhateverTheyAreCalled() {
        List<Column> rows = List.of(string("a", 1), string("b", 2), string("c", 3));
        List<Column> target = List.of(string("c", 3), string("A", 1), string("b", 4));
        ColumnMatch match = new ColumnMatch(rows, target);
        assertArrayEquals(new int[] {2, 0, -1}, match.sources());
        assertNull(match.misfit(row(rows, "x", null, "z")));
        assertEquals(
                "column 'b' was dropped, and has a value here",
                match.misfit(row(rows, "x", "y", "z")),
                "the table's 'b' is another");
    }

    @Test
    void whereOneHasNoIdTheNameCountsAsItIs() {
        ColumnMatch match = new ColumnMatch(
                List.of(string("a", 1), string("b"), string("c")), List.of(string("a"), string("b", 7), string("C")));
        assertArrayEquals(new int[] {0, 1, -1}, match.sources());
    }

    @Test
    void eachProblemOfARowIsNamed() {
        List<Column> rows = List.of(string("gone"), string("tight"), string("type"));
        List<Column> target = List.of(
                new Column("tight", ColumnType.STRING, false),
                new Column("type", ColumnType.LONG, true),
                new Column("added", ColumnType.LONG, true));
        assertNull(misfit(rows, target, null, "t", null));
        assertEquals("column 'gone' was dropped, and has a value here", misfit(rows, target, "", "t", null));
        assertEquals("column 'tight' became NOT NULL, and is NULL here", misfit(rows, target, null, null, null));
        assertEquals("column 'type' changed its type from STRING to LONG", misfit(rows, target, null, "t", "1"));
        assertEquals(
                "column 'tight' became NOT NULL, and is NULL here; column 'type' changed its type from STRING to LONG;"
                        + " column 'gone' was dropped, and has a value here",
                misfit(rows, target, "g", null, "1"));
        assertEquals(
                "column 'new' was added as NOT NULL",
                misfit(
                        rows,
                        List.of(rows.get(0), rows.get(1), rows.get(2), new Column("new", ColumnType.DATE, false)),
                        null,
                        null,
                        null));
    }

    private static @Nullable Object value(ColumnType type) {
        return switch (type.kind()) {
            case STRING -> "text";
            case BOOLEAN -> true;
            case BYTE -> Byte.MIN_VALUE;
            case SHORT -> Short.MIN_VALUE;
            case INTEGER -> Integer.MIN_VALUE;
            case LONG, TIMESTAMP, TIMESTAMP_NTZ -> Long.MIN_VALUE;
            case FLOAT -> 0.1f;
            case DOUBLE -> 0.1;
            case DATE -> -1;
            case BINARY, DECIMAL, CHAR, VARCHAR, ARRAY, MAP, STRUCT -> throw Supported.unreachable(type);
        };
    }

    /** Every pair of types: what widens keeps its value, anything else fits only where there is none. */
    @ParameterizedTest
    @FieldSource("io.headgate.schema.Supported#TYPES")
    void typesWidenWhereNothingIsLost(ColumnType from) {
        List<Column> rows = List.of(string("before"), new Column("x", from, true), string("after"));
        List<String> widened = new ArrayList<>();
        for (ColumnType to : Supported.TYPES) {
            List<Column> target = List.of(string("after"), new Column("x", to, true), string("before"));
            ColumnMatch match = new ColumnMatch(rows, target);
            RowReader nothing = row(rows, null, null, null);
            assertNull(match.misfit(nothing), "NULL is of any type");
            assertEquals(true, match.fit(nothing).isNull(1));
            RowReader row = row(rows, "b", value(from), "\u00e4");
            if (from == to) {
                assertNull(match.misfit(row));
                assertEquals(row, match.fit(row), "not touched");
            } else if (match.misfit(row) == null) {
                RowReader fitted = match.fit(row);
                widened.add(to + "=" + read(fitted, to));
                assertEquals("b", text(fitted, 0));
                assertEquals("\u00e4", text(fitted, 2));
            } else {
                assertEquals("column 'x' changed its type from " + from + " to " + to, match.misfit(row));
            }
        }
        assertEquals(
                switch (from.kind()) {
                    case BYTE -> List.of("SHORT=-128", "INTEGER=-128", "LONG=-128", "DOUBLE=-128.0");
                    case SHORT -> List.of("INTEGER=-32768", "LONG=-32768", "DOUBLE=-32768.0");
                    case INTEGER -> List.of("LONG=-2147483648", "DOUBLE=-2.147483648E9");
                    case FLOAT -> List.of("DOUBLE=0.10000000149011612");
                    case DATE -> List.of("TIMESTAMP_NTZ=-86400000000");
                    default -> List.of();
                },
                widened);
    }

    @Test
    void aDateBeyondAllTimestampsDoesNotFit() {
        List<Column> rows = List.of(new Column("d", ColumnType.DATE, true));
        List<Column> target = List.of(new Column("d", ColumnType.TIMESTAMP_NTZ, true));
        int last = 106_751_991;
        assertNull(misfit(rows, target, last));
        assertNull(misfit(rows, target, -last));
        for (int beyond : new int[] {last + 1, -last - 1, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
            assertEquals("column 'd' changed its type from DATE to TIMESTAMP_NTZ", misfit(rows, target, beyond));
        }
    }

    private static String text(RowReader row, int column) {
        return java.nio.charset.StandardCharsets.UTF_8
                .decode(row.stringAt(column))
                .toString();
    }

    private static Object read(RowReader row, ColumnType type) {
        return switch (type.kind()) {
            case SHORT -> row.shortAt(1);
            case INTEGER -> row.intAt(1);
            case LONG, TIMESTAMP_NTZ -> row.longAt(1);
            case DOUBLE -> row.doubleAt(1);
            default -> throw new AssertionError("Nothing widens to " + type);
        };
    }
}
