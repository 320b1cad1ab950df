package io.headgate.delta;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.delta.kernel.Snapshot;
import io.delta.kernel.TableManager;
import io.delta.kernel.data.ColumnVector;
import io.delta.kernel.data.ColumnarBatch;
import io.delta.kernel.data.FilteredColumnarBatch;
import io.delta.kernel.defaults.engine.DefaultEngine;
import io.delta.kernel.engine.Engine;
import io.delta.kernel.internal.actions.Metadata;
import io.delta.kernel.internal.actions.Protocol;
import io.delta.kernel.internal.actions.SetTransaction;
import io.delta.kernel.internal.checkpoints.SidecarFile;
import io.delta.kernel.types.BooleanType;
import io.delta.kernel.types.DataType;
import io.delta.kernel.types.LongType;
import io.delta.kernel.types.StructType;
import io.delta.kernel.utils.CloseableIterator;
import io.delta.kernel.utils.FileStatus;
import io.headgate.batching.TableWriter.TableSnapshot;
import io.headgate.delta.kernel.LiveFiles;
import io.headgate.delta.kernel.LiveFiles.LiveFile;
import io.headgate.model.StreamRange;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.IntPredicate;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A table's state comes out of its checkpoint the same, in whatever form that is, whether we read it or Kernel's own engine
 * on Hadoop does; and we go on from it.
 */
class CheckpointFormsTest {
    private static final int COMMITS = 12;
    private static final String PROTOCOL = "{\"minReaderVersion\":3,\"minWriterVersion\":7,"
            + "\"readerFeatures\":[\"v2Checkpoint\"],\"writerFeatures\":[\"v2Checkpoint\"]}";

    private final ForcedEngine engine = new ForcedEngine(new ForcedFileIO(new LocalStorage(), "test"));
    private final Engine kernels = DefaultEngine.create(new Configuration());

    @TempDir
    Path root;

    private TestTable table;
    private DeltaTableWriter writer;
    private TableSnapshot latest;

    private enum Form {
        CLASSIC,
        CLASSIC_BY_KERNEL,
        IN_PARTS,
        V2_OF_JSON,
        V2_OF_PARQUET
    }

    @BeforeEach
    void create() throws Exception {
        table = TestTable.create(root, PROTOCOL, "{\"delta.checkpointInterval\":\"1000\"}");
        writer = TestTable.writer("log-1", new LocalStorage());
        latest = writer.load(table.logged());
        for (int i = 0; i < COMMITS; i++) {
            latest = table.commit(writer, latest, new StreamRange(i, i + 1L));
        }
    }

    @ParameterizedTest
    @EnumSource
    void theTableIsTheSame(Form form) throws Exception {
        Set<LiveFile> files = files(engine);
        assertEquals(COMMITS, files.size());
        write(form);
        for (int version = 0; version < COMMITS; version++) {
            Files.delete(table.log().resolve(name(version, "json")));
            Files.deleteIfExists(table.log().resolve(name(version, "crc")));
        }
        Files.deleteIfExists(table.log().resolve(name(COMMITS, "crc")));

        assertEquals(files, files(engine));
        assertEquals(files, files(kernels));
        assertEquals(TestTable.seqs(new StreamRange(0, COMMITS)), table.seqsByKernel());
        DeltaTableWriter other = TestTable.writer("log-1", new LocalStorage());
        TableSnapshot base = other.load(table.logged());
        assertEquals(COMMITS, base.committedTo().orElseThrow());
        table.commit(other, base, new StreamRange(COMMITS, COMMITS + 2));
        assertEquals(TestTable.seqs(new StreamRange(0, COMMITS + 2)), table.seqsByKernel());
        assertEquals(files(engine), files(kernels));
    }

    private Snapshot kernel() {
        return ((DeltaSnapshot) latest).kernel();
    }

    private static String name(int version, String suffix) {
        return String.format(Locale.ROOT, "%020d.%s", version, suffix);
    }

    private Set<LiveFile> files(Engine by) throws IOException {
        Snapshot read = TableManager.loadSnapshot(table.location().toString()).build(by);
        Set<LiveFile> files = new HashSet<>();
        new LiveFiles(read, by)
                .forEach(file -> files.add(new LiveFile(
                        ForcedFileIO.local(file.path()).toString(),
                        file.sizeBytes(),
                        file.rows(),
                        file.deletedRows())));
        return files;
    }

    private void write(Form form) throws Exception {
        switch (form) {
            case CLASSIC -> kernel().writeCheckpoint(engine);
            case CLASSIC_BY_KERNEL ->
                TableManager.loadSnapshot(table.location().toString())
                        .build(kernels)
                        .writeCheckpoint(kernels);
            case IN_PARTS -> writeParts();
            case V2_OF_JSON -> writeManifest(manifest());
            case V2_OF_PARQUET -> writeParquetManifest(manifest());
        }
    }

    private void writeParts() throws Exception {
        for (int part = 1; part <= 2; part++) {
            int rest = part % 2;
            String name = String.format(Locale.ROOT, "checkpoint.%010d.%010d.parquet", part, 2);
            write(table.log().resolve(name(COMMITS, name)), row -> row % 2 == rest, Set.of());
        }
    }

    /** Writes those of the checkpoint's rows that are wanted, of the columns that are; of all if there are none. */
    private void write(Path file, IntPredicate wanted, Set<String> columns) throws Exception {
        try (CloseableIterator<FilteredColumnarBatch> all = kernel().getCreateCheckpointIterator(engine)) {
            int[] before = new int[1];
            CloseableIterator<FilteredColumnarBatch> some = all.map(batch -> {
                int first = before[0];
                before[0] += batch.getData().getSize();
                ColumnarBatch data = columns.isEmpty() ? batch.getData() : only(columns, batch.getData());
                return new FilteredColumnarBatch(
                        data,
                        Optional.of(new Selection(
                                batch.getSelectionVector(),
                                data,
                                row -> wanted.test(first + row),
                                !columns.isEmpty())));
            });
            engine.getParquetHandler().writeParquetFileAtomically(file.toString(), some);
        }
    }

    private static ColumnarBatch only(Set<String> columns, ColumnarBatch batch) {
        ColumnarBatch rest = batch;
        for (int i = batch.getSchema().length() - 1; i >= 0; i--) {
            if (!columns.contains(batch.getSchema().at(i).getName())) {
                rest = rest.withDeletedColumnAt(i);
            }
        }
        return rest;
    }

    /** The rows that were selected, are wanted, and have something in one of the columns if that is asked for. */
    private record Selection(Optional<ColumnVector> before, ColumnarBatch batch, IntPredicate wanted, boolean notNull)
            implements ColumnVector {
        @Override
        public DataType getDataType() {
            return BooleanType.BOOLEAN;
        }

        @Override
        public int getSize() {
            return batch.getSize();
        }

        @Override
        public void close() {}

        @Override
        public boolean isNullAt(int row) {
            return false;
        }

        @Override
        public boolean getBoolean(int row) {
            boolean selected = before.isEmpty()
                    || (!before.get().isNullAt(row) && before.get().getBoolean(row));
            return selected && wanted.test(row) && (!notNull || hasAny(row));
        }

        private boolean hasAny(int row) {
            for (int i = 0; i < batch.getSchema().length(); i++) {
                if (!batch.getColumnVector(i).isNullAt(row)) {
                    return true;
                }
            }
            return false;
        }
    }

    /** Writes two sidecars, and says what stands in the file that leads to them. */
    private List<String> manifest() throws Exception {
        Path sidecars = Files.createDirectories(table.log().resolve("_sidecars"));
        List<String> actions = new ArrayList<>();
        actions.add("{\"checkpointMetadata\":{\"version\":" + COMMITS + "}}");
        actions.add("{\"protocol\":" + table.action(0, "protocol") + "}");
        actions.add("{\"metaData\":" + table.action(0, "metaData") + "}");
        actions.add("{\"txn\":" + table.action(COMMITS, "txn") + "}");
        for (int part = 0; part < 2; part++) {
            int rest = part;
            Path sidecar = sidecars.resolve(UUID.randomUUID() + ".parquet");
            write(sidecar, row -> row % 2 == rest, Set.of("add", "remove"));
            actions.add("{\"sidecar\":{\"path\":\"" + sidecar.getFileName() + "\",\"sizeInBytes\":"
                    + Files.size(sidecar) + ",\"modificationTime\":1}}");
        }
        return actions;
    }

    private Path writeManifest(List<String> actions) throws IOException {
        Path manifest = table.log().resolve(name(COMMITS, "checkpoint." + UUID.randomUUID() + ".json"));
        return Files.write(manifest, actions);
    }

    private void writeParquetManifest(List<String> actions) throws IOException {
        Path json = writeManifest(actions);
        StructType schema = new StructType()
                .add("checkpointMetadata", new StructType().add("version", LongType.LONG))
                .add("protocol", Protocol.FULL_SCHEMA)
                .add("metaData", Metadata.FULL_SCHEMA)
                .add("txn", SetTransaction.FULL_SCHEMA)
                .add("sidecar", SidecarFile.READ_SCHEMA);
        FileStatus status = FileStatus.of(json.toString(), Files.size(json), 0);
        try (CloseableIterator<ColumnarBatch> batches = engine.getJsonHandler()
                .readJsonFiles(Iterators.closeable(List.of(status).iterator()), schema, Optional.empty())) {
            engine.getParquetHandler()
                    .writeParquetFileAtomically(
                            json.toString().replace(".json", ".parquet"),
                            batches.map(batch -> new FilteredColumnarBatch(batch, Optional.empty())));
        }
        Files.delete(json);
        assertTrue(Files.exists(Path.of(json.toString().replace(".json", ".parquet"))));
    }
}
