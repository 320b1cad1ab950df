package io.headgate.delta;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.headgate.delta.parquet.TypedRows;
import io.headgate.model.Seed;
import io.headgate.schema.Column;
import io.headgate.schema.ColumnType;
import io.headgate.schema.RandomRows;
import io.headgate.schema.RowReader;
import io.headgate.schema.Rows;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;
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

    static final List<ColumnType> TYPES =
            ColumnType.PLAIN.stream().filter(type -> type != ColumnType.BINARY).toList();

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
            case BINARY, DECIMAL, CHAR, VARCHAR, ARRAY, MAP, STRUCT ->
                throw new IllegalArgumentException(type.sqlName());
        };
    }

    /** Every pair of types: what widens keeps its value, anything else fits only where there is none. */
    @ParameterizedTest
    @FieldSource("TYPES")
    void typesWidenWhereNothingIsLost(ColumnType from) {
        List<Column> rows = List.of(string("before"), new Column("x", from, true), string("after"));
        List<String> widened = new ArrayList<>();
        for (ColumnType to : TYPES) {
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

    private static Column column(String name, ColumnType type) {
        return new Column(name, type, true);
    }

    private static ColumnType struct(Column... fields) {
        return new ColumnType.Struct(List.of(fields));
    }

    /** One column's value before, and after; a misfit as the text that says so. */
    private static Object fitted(ColumnType from, ColumnType to, Object value) {
        List<Column> rows = List.of(string("before"), column("x", from));
        List<Column> target = List.of(column("x", to), string("before"));
        ColumnMatch match = new ColumnMatch(rows, target);
        RowReader row = row(rows, "b", value);
        String misfit = match.misfit(row);
        return misfit != null
                ? misfit
                : Rows.values(match.fit(row), List.of(string("before"), column("x", to)))
                        .get(1);
    }

    @Test
    void decimalsWidenToThoseWithNoFewerDigitsOnEitherSideOfThePoint() {
        ColumnType from = new ColumnType.Decimal(5, 2);
        BigDecimal value = new BigDecimal("-123.45");
        for (int scale : new int[] {2, 3, 20, 35}) {
            for (int precision : new int[] {scale + 3, 38}) {
                assertEquals(value.setScale(scale), fitted(from, new ColumnType.Decimal(precision, scale), value));
            }
        }
        for (ColumnType to : List.of(
                new ColumnType.Decimal(5, 3),
                new ColumnType.Decimal(4, 2),
                new ColumnType.Decimal(38, 1),
                ColumnType.DOUBLE)) {
            assertEquals(
                    "column 'x' changed its type from DECIMAL(5,2) to "
                            + (to == ColumnType.DOUBLE ? to.toString() : to.sqlName()),
                    fitted(from, to, value));
        }
    }

    @Test
    void wholeNumbersWidenToDecimalsWithTenOrTwentyDigitsBeforeThePoint() {
        ColumnType ten = new ColumnType.Decimal(12, 2);
        assertEquals(new BigDecimal("-1.00"), fitted(ColumnType.BYTE, ten, (byte) -1));
        assertEquals(new BigDecimal("-1.00"), fitted(ColumnType.SHORT, ten, (short) -1));
        assertEquals(new BigDecimal("-2147483648.00"), fitted(ColumnType.INTEGER, ten, Integer.MIN_VALUE));
        assertEquals(
                new BigDecimal("-9223372036854775808.00"),
                fitted(ColumnType.LONG, new ColumnType.Decimal(22, 2), Long.MIN_VALUE));
        assertEquals(
                "column 'x' changed its type from LONG to DECIMAL(21,2)",
                fitted(ColumnType.LONG, new ColumnType.Decimal(21, 2), 1L));
        assertEquals(
                "column 'x' changed its type from INTEGER to DECIMAL(11,2)",
                fitted(ColumnType.INTEGER, new ColumnType.Decimal(11, 2), 1));
    }

    @Test
    void textFitsTextThatIsLongEnoughForIt() {
        String text = "\ud83d\ude80\u00e4a";
        for (ColumnType to : List.of(ColumnType.STRING, new ColumnType.Varchar(20), new ColumnType.Varchar(3))) {
            assertEquals(text, fitted(new ColumnType.Varchar(10), to, text));
            assertEquals(text, fitted(new ColumnType.Char(3), to, text));
            assertEquals(text, fitted(ColumnType.STRING, to, text));
        }
        assertEquals(
                "column 'x' changed its type from STRING to VARCHAR(2)",
                fitted(ColumnType.STRING, new ColumnType.Varchar(2), text));
        assertEquals(
                "column 'x' changed its type from VARCHAR(3) to CHAR(3)",
                fitted(new ColumnType.Varchar(3), new ColumnType.Char(3), text));
        assertEquals(
                "column 'x' changed its type from BINARY to STRING",
                fitted(ColumnType.BINARY, ColumnType.STRING, ByteBuffer.wrap(new byte[1])));
    }

    @Test
    void fieldsAreTheSameByTheirIdsOrNamesAtEveryLevel() {
        ColumnType from = struct(string("a", 1), string("b", 2), column("n", struct(string("x"), string("y"))));
        ColumnType to =
                struct(column("n", struct(string("y"), string("added"), string("x"))), string("A", 1), string("b", 2));
        List<Object> value = List.of("1", "2", List.of("x", "y"));
        List<Object> expected = List.of(List.of("y", Rows.NULL, "x"), "1", "2");
        assertEquals(expected, fitted(from, to, value));
        assertEquals(
                List.of(expected, Rows.NULL),
                fitted(new ColumnType.Array(from, true), new ColumnType.Array(to, true), List.of(value, Rows.NULL)));
        assertEquals(
                List.of(Map.entry(1L, expected), Map.entry(2L, Rows.NULL)),
                fitted(
                        new ColumnType.Map(ColumnType.INTEGER, from, true),
                        new ColumnType.Map(ColumnType.LONG, to, true),
                        List.of(Map.entry(1, value), Map.entry(2, Rows.NULL))));
    }

    @Test
    void problemsWithinAreNamedByTheirPathsAndOnce() {
        ColumnType from = struct(
                column("gone", ColumnType.LONG),
                string("tight"),
                column("type", new ColumnType.Map(ColumnType.STRING, ColumnType.LONG, true)));
        ColumnType to = struct(
                new Column("tight", ColumnType.STRING, false),
                column("type", new ColumnType.Map(ColumnType.STRING, ColumnType.INTEGER, false)),
                new Column("new", ColumnType.LONG, false));
        List<Object> value = List.of(1L, Rows.NULL, List.of(Map.entry("k", 1L), Map.entry("l", Rows.NULL)));
        assertEquals(
                "column 'x.element.tight' became NOT NULL, and is NULL here;"
                        + " column 'x.element.type.value' changed its type from LONG to INTEGER;"
                        + " column 'x.element.type.value' became NOT NULL, and is NULL here;"
                        + " column 'x.element.new' was added as NOT NULL;"
                        + " column 'x.element.gone' was dropped, and has a value here",
                fitted(new ColumnType.Array(from, true), new ColumnType.Array(to, true), List.of(value, value)));
        assertEquals(List.of(), fitted(new ColumnType.Array(from, true), new ColumnType.Array(to, true), List.of()));
        assertEquals(
                "column 'x.element' became NOT NULL, and is NULL here",
                fitted(new ColumnType.Array(from, true), new ColumnType.Array(from, false), List.of(Rows.NULL)));
        assertEquals(
                "column 'x' changed its type from ARRAY to STRUCT",
                fitted(new ColumnType.Array(from, true), from, List.of()));
        assertEquals(
                Rows.NULL, fitted(new ColumnType.Array(from, true), ColumnType.DATE, Rows.NULL), "NULL is of any type");
    }

    /** Whatever a row is, turning the order of its columns and fields around at every level loses nothing of it. */
    @Test
    void randomRowsFitColumnsInAnotherOrder() {
        Random random = Seed.forTest("ColumnMatchTest").random();
        RandomRows any = RandomRows.asDeclared(random);
        for (int round = 0; round < 200; round++) {
            List<Column> columns = any.columns(6);
            List<Column> target = reversed(columns);
            ColumnMatch match = new ColumnMatch(columns, target);
            List<Object> values = any.row(columns);
            RowReader row = row(columns, values.toArray());
            assertNull(match.misfit(row), columns::toString);
            List<Column> fitted = new ArrayList<>(target);
            Collections.reverse(fitted);
            assertEquals(reversedWithin(values, columns), Rows.values(match.fit(row), fitted), columns::toString);
            ColumnMatch same = new ColumnMatch(columns, withoutIds(columns));
            assertNull(same.misfit(row), columns::toString);
            assertEquals(row, same.fit(row), "not touched");
        }
    }

    private static List<Column> reversed(List<Column> columns) {
        List<Column> reversed = new ArrayList<>();
        columns.forEach(
                column -> reversed.add(0, new Column(column.name(), reversed(column.type()), column.nullable())));
        return reversed;
    }

    private static ColumnType reversed(ColumnType type) {
        if (type instanceof ColumnType.Struct struct) {
            return new ColumnType.Struct(reversed(struct.fields()));
        }
        if (type instanceof ColumnType.Array array) {
            return new ColumnType.Array(reversed(array.element()), array.containsNull());
        }
        return type instanceof ColumnType.Map map
                ? new ColumnType.Map(map.key(), reversed(map.value()), map.valueContainsNull())
                : type;
    }

    private static List<Column> withoutIds(List<Column> columns) {
        return reversed(reversed(columns));
    }

    private static List<Object> reversedWithin(List<Object> values, List<Column> columns) {
        List<Object> reversed = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            reversed.add(reversed(values.get(i), columns.get(i).type()));
        }
        return reversed;
    }

    private static Object reversed(Object value, ColumnType type) {
        if (value == Rows.NULL || !ColumnType.isNested(type)) {
            return value;
        }
        if (type instanceof ColumnType.Struct struct) {
            List<Object> fields = reversedWithin(new ArrayList<>((List<?>) value), struct.fields());
            Collections.reverse(fields);
            return fields;
        }
        List<Object> items = new ArrayList<>();
        for (Object item : (List<?>) value) {
            items.add(
                    type instanceof ColumnType.Array array
                            ? reversed(item, array.element())
                            : Map.entry(
                                    ((Map.Entry<?, ?>) item).getKey(),
                                    reversed(((Map.Entry<?, ?>) item).getValue(), ((ColumnType.Map) type).value())));
        }
        return items;
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
