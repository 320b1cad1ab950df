package io.headgate.delta.batch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.delta.kernel.data.ColumnVector;
import io.delta.kernel.data.ColumnarBatch;
import io.delta.kernel.data.FilteredColumnarBatch;
import io.delta.kernel.exceptions.KernelEngineException;
import io.delta.kernel.types.FieldMetadata;
import io.delta.kernel.types.LongType;
import io.delta.kernel.types.MetadataColumnSpec;
import io.delta.kernel.types.StringType;
import io.delta.kernel.types.StructField;
import io.delta.kernel.types.StructType;
import io.headgate.delta.Iterators;
import io.headgate.delta.parquet.NewFile;
import io.headgate.delta.parquet.ParquetSettings;
import io.headgate.delta.parquet.TypedRows;
import io.headgate.schema.Column;
import io.headgate.schema.ColumnType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.OptionalInt;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ParquetBatchesTest {
    private static final ParquetSettings MANY_ROW_GROUPS =
            new ParquetSettings(4096, 1024, 1024, 1, -1, "Test version 1");
    private static final int ROWS = 5_000;
    private static final List<Column> COLUMNS = List.of(
            new Column("n", ColumnType.LONG, false, OptionalInt.of(7)),
            new Column("s", ColumnType.STRING, true, OptionalInt.of(8)));
    private static final StructType SCHEMA =
            new StructType().add("n", LongType.LONG).add("s", StringType.STRING);

    @TempDir
    private Path directory;

    private Path file;

    @BeforeEach
    void write() throws Exception {
        file = directory.resolve("file");
        TypedRows.write(
                file,
                COLUMNS,
                MANY_ROW_GROUPS,
                TypedRows.of(LongStream.range(0, ROWS)
                        .mapToObj(n -> List.<Object>of(n, "s" + n))
                        .toList()));
    }

    @Test
    void aBatchHasSoManyRowsAtTheMost() throws Exception {
        List<Integer> sizes = new ArrayList<>();
        try (ParquetBatches batches = new ParquetBatches(file, SCHEMA)) {
            batches.forEachRemaining(batch -> sizes.add(batch.getSize()));
            assertFalse(batches.hasNext());
            assertThrows(NoSuchElementException.class, batches::next);
        }
        assertEquals(List.of(1024, 1024, 1024, 1024, ROWS - 4 * 1024), sizes);
    }

    @Test
    void aBatchOfLargeValuesHasFewRows() throws Exception {
        Path large = directory.resolve("large");
        String text = "x".repeat(3 << 20);
        TypedRows.write(
                large,
                COLUMNS,
                ParquetSettings.DEFAULT,
                TypedRows.of(LongStream.range(0, 7)
                        .mapToObj(n -> List.<Object>of(n, text))
                        .toList()));
        List<Integer> sizes = new ArrayList<>();
        try (ParquetBatches batches = new ParquetBatches(large, SCHEMA)) {
            batches.forEachRemaining(batch -> sizes.add(batch.getSize()));
        }
        assertEquals(List.of(3, 3, 1), sizes);
    }

    /** By it a deletion vector names rows, wherever row groups and batches end. */
    @Test
    void rowsAreNumberedThroughTheFile() throws Exception {
        StructType schema = SCHEMA.addMetadataColumn("number", MetadataColumnSpec.ROW_INDEX);
        long next = 0;
        try (ParquetBatches batches = new ParquetBatches(file, schema)) {
            while (batches.hasNext()) {
                ColumnarBatch batch = batches.next();
                for (int row = 0; row < batch.getSize(); row++) {
                    assertEquals(next, batch.getColumnVector(0).getLong(row));
                    assertEquals(next, batch.getColumnVector(2).getLong(row));
                    assertFalse(batch.getColumnVector(2).isNullAt(row));
                    next++;
                }
            }
        }
        assertEquals(ROWS, next);
    }

    @Test
    void whatElseIsNotInFilesIsRefused() {
        StructType schema = SCHEMA.addMetadataColumn("id", MetadataColumnSpec.ROW_ID);
        KernelEngineException refused =
                assertThrows(KernelEngineException.class, () -> new ParquetBatches(file, schema));
        assertTrue(refused.toString().contains("row_index"), refused::toString);
    }

    /** An id goes before a name, which may have been given to another since. */
    @Test
    void fieldsAreFoundByTheirId() throws Exception {
        StructType schema = new StructType()
                .add(new StructField("s", LongType.LONG, true, id(7)))
                .add(new StructField("renamed", StringType.STRING, true, id(8)))
                .add(new StructField("s2", LongType.LONG, true, id(9)));
        try (ParquetBatches batches = new ParquetBatches(file, schema)) {
            ColumnarBatch batch = batches.next();
            assertEquals(5, batch.getColumnVector(0).getLong(5));
            assertEquals("s5", batch.getColumnVector(1).getString(5));
        }
    }

    private static FieldMetadata id(int id) {
        return FieldMetadata.builder().putLong("parquet.field.id", id).build();
    }

    @Test
    void columnsOfABatchComeAndGo() throws Exception {
        try (ParquetBatches batches = new ParquetBatches(file, SCHEMA)) {
            ColumnarBatch batch = batches.next();
            ColumnVector numbers = batch.getColumnVector(0);
            ColumnarBatch more = batch.withNewColumn(1, new StructField("again", LongType.LONG, true), numbers);
            assertEquals(List.of("n", "again", "s"), more.getSchema().fieldNames());
            assertEquals(9, more.getColumnVector(1).getLong(9));
            ColumnarBatch less = more.withDeletedColumnAt(0).withDeletedColumnAt(0);
            assertEquals(List.of("s"), less.getSchema().fieldNames());
            assertEquals("s9", less.getColumnVector(0).getString(9));
            StructType renamed = new StructType().add("text", StringType.STRING);
            assertEquals("s0", less.withNewSchema(renamed).getRows().next().getString(0));
            assertEquals(SCHEMA, batch.getSchema());
        }
    }

    @Test
    void withoutABatchNobodyKnowsTheColumns() throws Exception {
        Path none = directory.resolve("none");
        assertThrows(
                NoSuchElementException.class,
                () -> BatchFile.write(
                        new NewFile(none),
                        Iterators.closeable(List.<FilteredColumnarBatch>of().iterator())));
        assertFalse(Files.exists(none));
    }
}
