package io.headgate.delta.batch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.delta.kernel.data.ColumnVector;
import io.delta.kernel.data.FilteredColumnarBatch;
import io.delta.kernel.types.BooleanType;
import io.delta.kernel.types.DataType;
import io.delta.kernel.utils.CloseableIterator;
import io.headgate.delta.parquet.NewFile;
import io.headgate.delta.parquet.ParquetSettings;
import io.headgate.delta.parquet.TypedRows;
import io.headgate.model.Seed;
import io.headgate.schema.Column;
import io.headgate.schema.ColumnType;
import io.headgate.schema.RandomRows;
import io.headgate.schema.Rows;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Random columns and rows, through our code and through Kernel's own, which reads and writes with Hadoop. */
class KernelPeerTest {
    private static final ParquetSettings MANY_ROW_GROUPS =
            new ParquetSettings(4096, 1024, 1024, 1, -1, "Test version 1");
    private static final int ROUNDS = 40;

    @TempDir
    private Path directory;

    private Random random;
    private RandomRows any;
    private int files;

    @BeforeEach
    void seed() {
        random = Seed.forTest("KernelPeerTest").random();
        any = RandomRows.asDeclared(random);
    }

    /** Without ids, which need not be distinct among these, as Kernel's own insists on. */
    private List<Column> columns(int most) {
        return any.columns(most).stream().map(this::withoutId).toList();
    }

    private Column withoutId(Column column) {
        return new Column(column.name(), withoutIds(column.type()), column.nullable());
    }

    private ColumnType withoutIds(ColumnType type) {
        if (type instanceof ColumnType.Struct struct) {
            return new ColumnType.Struct(
                    struct.fields().stream().map(this::withoutId).toList());
        }
        if (type instanceof ColumnType.Map map) {
            return new ColumnType.Map(map.key(), withoutIds(map.value()), map.valueContainsNull());
        }
        return type instanceof ColumnType.Array array
                ? new ColumnType.Array(withoutIds(array.element()), array.containsNull())
                : type;
    }

    private List<List<Object>> rows(int round, List<Column> columns) {
        int count = random.nextInt(round % 10 == 0 ? 3000 : 50);
        return IntStream.range(0, count).mapToObj(i -> any.row(columns)).toList();
    }

    private Path file() {
        return directory.resolve("file-" + files++ + ".parquet");
    }

    private Path written(List<Column> columns, List<List<Object>> rows) throws Exception {
        Path file = file();
        TypedRows.write(file, columns, MANY_ROW_GROUPS, TypedRows.of(rows));
        return file;
    }

    @Test
    void bothReadTheSame() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            List<Column> columns = columns(6);
            List<List<Object>> rows = rows(round, columns);
            Path file = written(columns, rows);
            assertEquals(rows, KernelRows.ours(file, columns), columns::toString);
            assertEquals(rows, KernelRows.kernels(file, columns), columns::toString);
        }
    }

    /** A table's columns come and go; what a file does not have is NULL, whatever it is and wherever. */
    @Test
    void bothReadTheSameOfOtherColumns() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            List<Column> columns = columns(6);
            Path file = written(columns, rows(round, columns));
            List<Column> wanted = changed(columns);
            assertEquals(
                    KernelRows.kernels(file, wanted), KernelRows.ours(file, wanted), () -> columns + "\n" + wanted);
        }
    }

    /** One field stays of each struct: Kernel's own takes a struct for NULL of which it reads nothing. */
    private List<Column> changed(List<Column> columns) {
        List<Column> changed = new ArrayList<>();
        int kept = random.nextInt(columns.size());
        for (int i = 0; i < columns.size(); i++) {
            Column column = columns.get(i);
            if (i == kept || random.nextInt(3) > 0) {
                changed.add(new Column(column.name(), changed(column.type()), column.nullable()));
            }
            if (random.nextInt(4) == 0) {
                Column added = columns(1).get(0);
                changed.add(new Column("added " + i, added.type(), true));
            }
        }
        return changed;
    }

    /** What is below a map stays: Kernel's own throws where not all fields of a struct there are asked for. */
    private ColumnType changed(ColumnType type) {
        if (type instanceof ColumnType.Struct struct) {
            return new ColumnType.Struct(changed(struct.fields()));
        }
        return type instanceof ColumnType.Array array
                ? new ColumnType.Array(changed(array.element()), array.containsNull())
                : type;
    }

    /** Kernel's own writes with snappy. */
    @Test
    void oursReadsWhatKernelsWrites() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            List<Column> columns = columns(6);
            List<List<Object>> rows = rows(round, columns);
            if (rows.isEmpty()) {
                continue; // then there is no batch
            }
            Path copy = file();
            Set<Integer> left = new HashSet<>();
            try (CloseableIterator<FilteredColumnarBatch> batches = batches(written(columns, rows), columns, left)) {
                KernelRows.writeByKernel(copy, batches);
            }
            assertEquals(selected(rows, left), KernelRows.ours(copy, columns), columns::toString);
        }
    }

    @Test
    void bothReadWhatOursWrites() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            List<Column> columns = columns(6);
            List<List<Object>> rows = rows(round, columns);
            if (rows.isEmpty()) {
                continue;
            }
            Path copy = file();
            Set<Integer> left = new HashSet<>();
            try (CloseableIterator<FilteredColumnarBatch> batches = batches(written(columns, rows), columns, left)) {
                BatchFile.write(new NewFile(copy), batches);
            }
            List<List<Object>> expected = selected(rows, left);
            assertEquals(expected, KernelRows.ours(copy, columns), columns::toString);
            assertEquals(expected, KernelRows.kernels(copy, columns), columns::toString);
        }
    }

    private static List<List<Object>> selected(List<List<Object>> rows, Set<Integer> left) {
        return IntStream.range(0, rows.size())
                .filter(row -> !left.contains(row))
                .mapToObj(rows::get)
                .toList();
    }

    /** The file's batches, some with a selection of their rows. */
    private CloseableIterator<FilteredColumnarBatch> batches(Path file, List<Column> columns, Set<Integer> left) {
        int[] before = new int[1];
        return new ParquetBatches(file, KernelRows.schema(columns)).map(batch -> {
            boolean all = random.nextBoolean();
            BitSet selected = new BitSet();
            for (int row = 0; row < batch.getSize(); row++) {
                selected.set(row, all || random.nextBoolean());
                if (!selected.get(row)) {
                    left.add(before[0] + row);
                }
            }
            before[0] += batch.getSize();
            return new FilteredColumnarBatch(
                    batch, all ? Optional.empty() : Optional.of(new Selection(selected, batch.getSize())));
        });
    }

    private record Selection(BitSet selected, int size) implements ColumnVector {
        @Override
        public DataType getDataType() {
            return BooleanType.BOOLEAN;
        }

        @Override
        public int getSize() {
            return size;
        }

        @Override
        public void close() {}

        @Override
        public boolean isNullAt(int row) {
            return false;
        }

        @Override
        public boolean getBoolean(int row) {
            return selected.get(row);
        }
    }

    /** Neither of the two may stop at what the other made of it. */
    @Test
    void anEmptyFileHasNoBatch() throws Exception {
        List<Column> columns = columns(6);
        Path file = written(columns, List.of());
        assertEquals(List.of(), KernelRows.ours(file, columns));
        assertEquals(List.of(), KernelRows.kernels(file, columns));
    }

    @Test
    void ofAFileWithNoneOfTheColumnsThereAreItsRows() throws Exception {
        Path file = written(
                List.of(new Column("is", ColumnType.LONG, true)),
                List.of(List.of(1L), List.of(2L), List.of(Rows.NULL)));
        List<Column> other = List.of(
                new Column("other", new ColumnType.Struct(List.of(new Column("s", ColumnType.STRING, true))), true));
        List<List<Object>> nulls = List.of(List.of(Rows.NULL), List.of(Rows.NULL), List.of(Rows.NULL));
        assertEquals(nulls, KernelRows.ours(file, other));
        assertEquals(nulls, KernelRows.kernels(file, other));
    }
}
