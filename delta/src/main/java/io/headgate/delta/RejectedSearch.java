package io.headgate.delta;

import io.delta.kernel.data.ColumnVector;
import io.delta.kernel.data.ColumnarBatch;
import io.delta.kernel.engine.FileReadResult;
import io.delta.kernel.types.IntegerType;
import io.delta.kernel.types.LongType;
import io.delta.kernel.types.StringType;
import io.delta.kernel.types.StructType;
import io.delta.kernel.utils.CloseableIterator;
import io.delta.kernel.utils.FileStatus;
import io.headgate.batching.Landing;
import io.headgate.batching.Landing.Rejected;
import io.headgate.batching.Landing.State;
import io.headgate.model.TableId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Looks which of a request's rows a commit put aside: one scan of the file that it put them into. For one thread, once. */
final class RejectedSearch {
    private static final StructType COLUMNS = new StructType()
            .add("position", LongType.LONG)
            .add("record", IntegerType.INTEGER)
            .add("reason", StringType.STRING)
            .add("records", IntegerType.INTEGER, true);

    private final ForcedEngine engine;
    private final Path location;
    private final TableId table;
    private final long position;
    private final List<Rejected> listed = new ArrayList<>();
    private long rejectedRows;
    private long records = Long.MAX_VALUE;

    RejectedSearch(ForcedEngine engine, Path location, TableId table, long position) {
        this.engine = engine;
        this.location = location;
        this.table = table;
        this.position = position;
    }

    /** What became of the position's rows in a commit of ours that has it. */
    Landing in(TableCommit commit) throws IOException {
        CommittedRange range = commit.range().orElseThrow();
        OptionalLong version = OptionalLong.of(commit.version());
        if (range.rejected() == 0) {
            return Landing.committed(commit.version());
        }
        try {
            scan(file(range));
        } catch (NoSuchFileException e) {
            return Landing.noted(
                    range.rows() == 0 ? State.REJECTED : State.COMMITTED,
                    version,
                    "The commit put " + range.rejected()
                            + " rows aside, and the file that tells whether any of these are" + " among them is gone.");
        }
        boolean all = rejectedRows >= records || range.rows() == 0;
        return new Landing(all ? State.REJECTED : State.COMMITTED, version, rejectedRows, listed, "");
    }

    private Path file(CommittedRange range) throws NoSuchFileException {
        DataFileName name = new DataFileName(
                range.logId(),
                range.range(),
                range.origin().orElseThrow(() -> new NoSuchFileException(location.toString())));
        return RejectedFile.of(location, table, name).path();
    }

    private void scan(Path file) throws IOException {
        FileStatus status = FileStatus.of(
                file.toString(),
                Files.size(file),
                Files.getLastModifiedTime(file).toMillis());
        try (CloseableIterator<FileReadResult> batches = engine.getParquetHandler()
                .readParquetFiles(Iterators.closeable(List.of(status).iterator()), COLUMNS, Optional.empty())) {
            while (batches.hasNext()) {
                scan(batches.next().getData());
            }
        } catch (RuntimeException e) {
            throw new IOException("The file of rejected rows " + file + " cannot be read: " + e.getMessage(), e);
        }
    }

    private void scan(ColumnarBatch rows) {
        ColumnVector positions = rows.getColumnVector(0);
        for (int row = 0; row < rows.getSize(); row++) {
            if (positions.getLong(row) == position) {
                rejected(rows, row);
            }
        }
    }

    private void rejected(ColumnarBatch rows, int row) {
        rejectedRows++;
        if (listed.size() < Landing.LISTED_MAX) {
            listed.add(new Rejected(
                    rows.getColumnVector(1).getInt(row), rows.getColumnVector(2).getString(row)));
        }
        if (!rows.getColumnVector(3).isNullAt(row)) { // files of before the column was there
            records = rows.getColumnVector(3).getInt(row);
        }
    }
}
