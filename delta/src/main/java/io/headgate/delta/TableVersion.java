package io.headgate.delta;

import io.delta.kernel.Snapshot;
import io.headgate.delta.TableCommit.Transaction;
import io.headgate.delta.kernel.LiveFiles;
import io.headgate.delta.kernel.TableLayout;
import io.headgate.model.RefusedException;
import io.headgate.model.TableId;
import io.headgate.model.TableName;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * The version that was a table's latest when it was loaded, to be looked at: nothing here changes the table, and all of it
 * is of that one version, whatever is committed meanwhile.
 */
public final class TableVersion {
    private final DirectoryCatalog catalog;
    private final TableName name;
    private final Path location;
    private final Snapshot snapshot;
    private final TableLayout layout;

    private TableVersion(DirectoryCatalog catalog, TableName name, Path location, Snapshot snapshot) {
        this.catalog = catalog;
        this.name = name;
        this.location = location;
        this.snapshot = snapshot;
        this.layout = TableLayout.of(snapshot);
    }

    /**
     * Loads the latest version.
     *
     * @throws NoSuchFileException if there is no such table
     * @throws IOException if it cannot be read
     */
    public static TableVersion latest(DirectoryCatalog catalog, TableName name) throws IOException {
        try {
            return new TableVersion(catalog, name, catalog.location(name), catalog.latest(name));
        } catch (UnsupportedTableException | RefusedException e) {
            throw new IOException("Table " + name + " cannot be read: " + e.getMessage(), e);
        }
    }

    public TableName name() {
        return name;
    }

    public TableId id() {
        return new TableId(layout.id());
    }

    public long version() {
        return snapshot.getVersion();
    }

    /** Whether the table is told to forget transactions after a while: then a missing one proves nothing. */
    public boolean forgetsTransactions() {
        return layout.properties().containsKey("delta.setTransactionRetentionDuration");
    }

    /** The end of what a log committed to the table, as its transaction says; empty if there is none. */
    public OptionalLong committedTo(String logId) throws IOException {
        try {
            Optional<Long> version =
                    snapshot.getLatestTransactionVersion(catalog.engine(), Transaction.appId(logId, layout.id()));
            return version.isPresent() ? OptionalLong.of(version.get()) : OptionalLong.empty();
        } catch (RuntimeException e) {
            throw unreadable("its transactions", e);
        }
    }

    /** Everything that fits on a page. */
    public TableDescription describe() {
        return new TableDescription(
                name,
                id(),
                location,
                version(),
                layout.readerVersion(),
                layout.writerVersion(),
                layout.features().stream().sorted().toList(),
                layout.partitionColumns(),
                new TreeMap<>(layout.properties()),
                snapshot.getSchema().fields().stream()
                        .map(field -> new TableDescription.Column(
                                field.getName(), TypeNames.of(field.getDataType()), field.isNullable()))
                        .toList(),
                refusal(),
                snapshot.getCurrentCrcInfo()
                        .map(crc -> new TableDescription.Files(crc.getNumFiles(), crc.getTableSizeBytes())));
    }

    private Optional<String> refusal() {
        try {
            TableGate.columns(layout);
            return Optional.empty();
        } catch (UnsupportedTableException e) {
            return Optional.of(e.what());
        } catch (RefusedException e) {
            return Optional.of(e.refusal().message());
        } catch (IllegalArgumentException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    /** Takes commits. */
    @FunctionalInterface
    public interface CommitConsumer {
        void accept(TableCommit commit) throws IOException;
    }

    /**
     * How far back the commits go.
     *
     * @param oldest the oldest version whose commit was read; one above the latest version if not even that was there
     * @param torn whether there are older commits, cut off by one that is missing: log clean-up leaves no such hole
     */
    public record History(long oldest, boolean torn) {
        /** Whether these are all the commits that there ever were. */
        public boolean isComplete() {
            return oldest == 0;
        }
    }

    /** Hands out the commits that the table's log still has, from this version back, as far as none is missing. */
    public History commits(CommitConsumer consumer) throws IOException {
        for (long version = version(); version >= 0; version--) {
            TableCommit commit;
            try {
                commit = CommitJson.read(location, version);
            } catch (NoSuchFileException e) {
                return new History(version + 1, hasCommitBelow(location.resolve("_delta_log"), version));
            }
            consumer.accept(commit);
        }
        return new History(0, false);
    }

    private static boolean hasCommitBelow(Path log, long version) throws IOException {
        String least = CommitJson.fileName(version);
        try (DirectoryStream<Path> commits = Files.newDirectoryStream(log, "[0-9]*.json")) {
            for (Path commit : commits) {
                String file = commit.getFileName().toString();
                if (file.length() == least.length() && file.compareTo(least) < 0) {
                    return true;
                }
            }
        }
        return false;
    }

    /**
     * The files with rows of this table that were rejected after they had been acknowledged. Those that no commit {@link
     * RejectedFile#isOf claims} are left over and do not count.
     */
    public List<RejectedFile> rejectedFiles() throws IOException {
        return RejectedFile.list(location, id());
    }

    /** Hands out the data files of this version. */
    void files(LiveFiles.Consumer consumer) throws IOException {
        try {
            new LiveFiles(snapshot, catalog.engine()).forEach(consumer);
        } catch (RuntimeException e) {
            throw unreadable("its list of files", e);
        }
    }

    /** The same table's latest version. */
    TableVersion reload() throws IOException {
        return latest(catalog, name);
    }

    private IOException unreadable(String what, RuntimeException cause) {
        return new IOException(
                "Version " + version() + " of table " + name + ": " + what + " cannot be read: " + cause.getMessage(),
                cause);
    }
}
