package io.headgate.delta;

import io.headgate.delta.parquet.RowCount;
import io.headgate.model.TableId;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A file of rows that were acknowledged and that the table could not take any more when they were to be committed, as
 * somebody had changed it: {@code _zerobus/table_rejected_parquets/<table id>.<data file name>} in the table's directory,
 * where the rest of the name is that of the data file with the rows of the same range that did fit. Delta's readers and
 * VACUUM pass over what begins with an underscore.
 *
 * <p>It counts only if a commit says that it rejected rows of this range in this very writing of it: see {@link #isOf}.
 *
 * @param path where it is
 * @param name which rows are in it
 */
public record RejectedFile(Path path, DataFileName name) {
    private static final String PARENT = "_zerobus";
    private static final String DIRECTORY = "table_rejected_parquets";

    /** Where the rows of a range go. The table's id tells whose they are where a table was created anew in the place. */
    static RejectedFile of(Path table, TableId id, DataFileName name) {
        return new RejectedFile(directory(table).resolve(prefix(id) + name), name);
    }

    /** The files for a table of this id, in order of their names; none if there is no directory. */
    static List<RejectedFile> list(Path table, TableId id) throws IOException {
        List<RejectedFile> found = new ArrayList<>();
        String prefix = prefix(id);
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory(table), prefix + "*")) {
            for (Path file : files) {
                DataFileName.parse(file.getFileName().toString().substring(prefix.length()))
                        .ifPresent(name -> found.add(new RejectedFile(file, name)));
            }
        } catch (NoSuchFileException e) {
            return List.of();
        }
        found.sort(Comparator.comparing(RejectedFile::path));
        return found;
    }

    /** Makes sure that a file's name will be found after a power loss, once its own directory was forced. */
    static void prepareDirectory(Storage storage, Path table) throws IOException {
        Path parent = table.resolve(PARENT);
        StorageSteps.createDirectory(storage, parent);
        StorageSteps.createDirectory(storage, directory(table));
        // Whoever created them may have died before this.
        storage.forceDirectory(table);
        storage.forceDirectory(parent);
    }

    private static Path directory(Path table) {
        return table.resolve(PARENT).resolve(DIRECTORY);
    }

    /** An id is a UUID, but nothing enforces it; what no file should be called by is left out. */
    private static String prefix(TableId id) {
        String safe = id.value().replaceAll("[^A-Za-z0-9_-]", "_");
        return safe.substring(0, Math.min(safe.length(), 64)) + ".";
    }

    /** Whether a commit's {@link CommittedRange#rejected} rows are the ones in this file. */
    public boolean isOf(CommittedRange commit) {
        return commit.rejected() > 0
                && name.logId().equals(commit.logId())
                && name.range().equals(commit.range())
                && name.origin().equals(commit.origin().orElse(null));
    }

    /**
     * How many rows it has, by its footer.
     *
     * @throws IOException if it is gone, or is no whole Parquet file
     */
    public long rows() throws IOException {
        return RowCount.of(path);
    }
}
