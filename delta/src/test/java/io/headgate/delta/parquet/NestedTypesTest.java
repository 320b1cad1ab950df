package io.headgate.delta.parquet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.delta.kernel.statistics.DataFileStatistics;
import io.headgate.model.Seed;
import io.headgate.schema.Column;
import io.headgate.schema.ColumnType;
import io.headgate.schema.RandomRows;
import io.headgate.schema.Rows;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Columns that consist of values: how they lie in the file, as two independent readers see it. */
class NestedTypesTest {
    private static final ParquetSettings MANY_ROW_GROUPS =
            new ParquetSettings(4096, 1024, 1024, 1, -1, "Test version 1");

    @TempDir
    private Path directory;

    @Test
    void randomRowsReadBackEqual() throws Exception {
        Random random = Seed.forTest("NestedTypesTest").random();
        RandomRows any = RandomRows.asDeclared(random);
        try (Duck duck = new Duck()) {
            for (int round = 0; round < 60; round++) {
                List<Column> columns = any.columns(6);
                List<List<Object>> rows = new ArrayList<>();
                for (int i = random.nextInt(round % 10 == 0 ? 2000 : 50); i > 0; i--) {
                    rows.add(any.row(columns));
                }
                Path path = directory.resolve("random" + round);
                DataFileStatistics statistics = TypedRows.write(path, columns, MANY_ROW_GROUPS, TypedRows.of(rows));
                assertEquals(rows, ParquetJava.rows(path, columns), columns::toString);
                assertEquals(nullCounts(columns, rows), statistics.getNullCount(), columns::toString);
                assertDuckDbReads(duck, path, columns, rows);
            }
        }
    }

    private static void assertDuckDbReads(Duck duck, Path path, List<Column> columns, List<List<Object>> rows)
            throws Exception {
        List<@Nullable Object[]> read = duck.query(path, "SELECT * FROM read_parquet($file)");
        assertEquals(rows.size(), read.size());
        for (int i = 0; i < rows.size(); i++) {
            assertEquals(
                    DuckValues.withMaps(rows.get(i), columns), DuckValues.row(read.get(i), columns), columns::toString);
        }
    }

    /** As Spark counts them: per field that is no struct, whatever it is that is NULL. */
    private static Map<io.delta.kernel.expressions.Column, Long> nullCounts(
            List<Column> columns, List<List<Object>> rows) {
        Map<io.delta.kernel.expressions.Column, Long> counts = new HashMap<>();
        count(new io.delta.kernel.expressions.Column(new String[0]), columns, List.of(), counts);
        counts.replaceAll((path, nulls) -> 0L);
        rows.forEach(row -> count(new io.delta.kernel.expressions.Column(new String[0]), columns, row, counts));
        return counts;
    }

    private static void count(
            io.delta.kernel.expressions.Column parent,
            List<Column> columns,
            List<?> row,
            Map<io.delta.kernel.expressions.Column, Long> counts) {
        for (int i = 0; i < columns.size(); i++) {
            Object value = row.isEmpty() ? Rows.NULL : row.get(i);
            var path = parent.appendNestedField(columns.get(i).name());
            if (columns.get(i).type() instanceof ColumnType.Struct struct) {
                count(path, struct.fields(), value == Rows.NULL ? List.of() : (List<?>) value, counts);
            } else {
                counts.merge(path, value == Rows.NULL ? 1L : 0L, Long::sum);
            }
        }
    }

    /** {@code SparkLayoutTest} of module {@code spark-tests} has Spark write such a table. */
    @Test
    void theLayoutIsSparks() throws Exception {
        assertEquals(
                SparkTexts.of("layout.txt"),
                layout(
                        new Column("c", new ColumnType.Char(3), true),
                        new Column("v", new ColumnType.Varchar(40), true),
                        new Column("bytes", ColumnType.BINARY, true),
                        new Column("d9", new ColumnType.Decimal(9, 2), true),
                        new Column("d10", new ColumnType.Decimal(10, 0), true),
                        new Column("d18", new ColumnType.Decimal(18, 18), true),
                        new Column("d19", new ColumnType.Decimal(19, 4), true),
                        new Column("d38", new ColumnType.Decimal(38, 10), true),
                        new Column("a", new ColumnType.Array(ColumnType.INTEGER, true), true),
                        new Column(
                                "aa",
                                new ColumnType.Array(new ColumnType.Array(ColumnType.TIMESTAMP, true), true),
                                true),
                        new Column(
                                "m",
                                new ColumnType.Map(
                                        ColumnType.DATE,
                                        new ColumnType.Struct(List.of(
                                                new Column("s", ColumnType.STRING, true),
                                                new Column("i", ColumnType.SHORT, true))),
                                        true),
                                true),
                        new Column(
                                "s",
                                new ColumnType.Struct(List.of(
                                        new Column("x", ColumnType.DOUBLE, true),
                                        new Column(
                                                "n",
                                                new ColumnType.Struct(List.of(
                                                        new Column("y", ColumnType.BOOLEAN, true),
                                                        new Column("t", ColumnType.TIMESTAMP_NTZ, true))),
                                                true))),
                                true)));
    }

    /** Spark has all as optional. Readers take either, and what is required takes less. */
    @Test
    void whatMayNotBeNullIsRequiredAtEveryLevel() throws Exception {
        ColumnType struct = new ColumnType.Struct(List.of(new Column("x", ColumnType.DOUBLE, false)));
        assertEquals(
                """
                message spark_schema {
                  required group a (LIST) {
                    repeated group list {
                      required group element (LIST) {
                        repeated group list {
                          required int64 element;
                        }
                      }
                    }
                  }
                  required group m (MAP) {
                    repeated group key_value {
                      required binary key (STRING);
                      required group value {
                        required double x;
                      }
                    }
                  }
                }
                """,
                layout(
                        new Column(
                                "a", new ColumnType.Array(new ColumnType.Array(ColumnType.LONG, false), false), false),
                        new Column("m", new ColumnType.Map(ColumnType.STRING, struct, false), false)));
    }

    /** Spark takes {@code parquet.field.id} of a field's metadata, where Delta puts the column's id. */
    @Test
    void idsAreFieldIds() throws Exception {
        ColumnType struct = new ColumnType.Struct(
                List.of(new Column("col-2", ColumnType.STRING, true, OptionalInt.of(2), Optional.empty())));
        assertEquals(
                """
                message spark_schema {
                  optional group col-1 = 1 {
                    optional binary col-2 (STRING) = 2;
                  }
                  optional group col-3 (LIST) = 3 {
                    repeated group list {
                      optional group element {
                        optional binary col-2 (STRING) = 2;
                      }
                    }
                  }
                }
                """,
                layout(
                        new Column("col-1", struct, true, OptionalInt.of(1)),
                        new Column("col-3", new ColumnType.Array(struct, true), true, OptionalInt.of(3))));
    }

    private String layout(Column... columns) throws IOException {
        Path path = directory.resolve("layout");
        TypedRows.write(path, List.of(columns), ParquetSettings.DEFAULT, List.of());
        return ParquetJava.footer(path).getFileMetaData().getSchema().toString();
    }

    @Test
    void nullWhereNothingMayBeNullIsRefusedByItsPath() {
        ColumnType inner = new ColumnType.Struct(List.of(new Column("x", ColumnType.LONG, false)));
        List<Column> columns = List.of(
                new Column("m", new ColumnType.Map(ColumnType.STRING, new ColumnType.Array(inner, true), true), true));
        List<Object> row = List.of(List.of(Map.entry("k", List.of(List.of(Rows.NULL)))));
        IllegalArgumentException refused = assertThrows(
                IllegalArgumentException.class,
                () -> TypedRows.write(
                        directory.resolve("null"), columns, ParquetSettings.DEFAULT, TypedRows.of(List.of(row))));
        assertTrue(String.valueOf(refused.getMessage()).contains("'m.value.element.x'"), refused.getMessage());
    }

    @Test
    void rowGroupsKeepTheirLimitHoweverDeepTheirValuesAre() throws Exception {
        List<Column> columns =
                List.of(new Column("a", new ColumnType.Array(new ColumnType.Array(ColumnType.LONG, true), true), true));
        Random random = Seed.forTest("NestedTypesTest.limit").random();
        List<List<Object>> rows = new ArrayList<>();
        for (int i = 0; i < 5000; i++) {
            List<Object> inner =
                    random.longs(random.nextInt(9)).<Object>mapToObj(x -> x).toList();
            rows.add(List.of(List.of(inner, Rows.NULL, inner)));
        }
        ParquetSettings settings = new ParquetSettings(32 << 10, 4 << 10, 4 << 10, 1, 32, "Test version 1");
        Path path = directory.resolve("groups");
        TypedRows.write(path, columns, settings, TypedRows.of(rows));
        var groups = ParquetJava.footer(path).getBlocks();
        assertTrue(groups.size() > 3, "row groups: " + groups.size());
        groups.forEach(
                group -> assertTrue(group.getCompressedSize() <= settings.rowGroupBytes() * 11 / 10, group.toString()));
        assertEquals(rows, ParquetJava.rows(path, columns));
    }
}
