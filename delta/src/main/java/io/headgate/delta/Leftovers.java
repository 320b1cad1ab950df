package io.headgate.delta;

import io.headgate.model.TableId;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Removes what processes of one log left in a table's directories and no commit can name any more.
 *
 * <p>A file is told by its name alone: it is ours, from a position on that was not committed when this process began,
 * and by another process. What this process wrote itself it knows, and passes in. That the table does not name a file
 * is never a reason to remove it: older versions may.
 */
record Leftovers(Storage storage, String logId, String run) {
    /** What temporary files of a process are marked with. */
    static String owner(String logId, String run) {
        return "headgate-" + logId + "-" + run;
    }

    /** @return how many files of rows were removed */
    int remove(Path table, TableId id, long from, List<DataFileName> known) throws IOException {
        Predicate<DataFileName> leftover = name -> known.contains(name) || isLeftover(name, from);
        int removed = removeFrom(table, leftover);
        for (RejectedFile file : RejectedFile.list(table, id)) {
            removed += leftover.test(file.name()) ? unlink(file.path()) : 0;
        }
        removeTemporaries(table.resolve("_delta_log"));
        return removed;
    }

    /** Goes through a directory and those of partitions in it. */
    private int removeFrom(Path directory, Predicate<DataFileName> leftover) throws IOException {
        int removed = 0;
        for (Path file : list(directory, "{headgate-" + logId + "-*.parquet,*=*}")) {
            String fileName = file.getFileName().toString();
            Optional<DataFileName> name = DataFileName.parse(fileName);
            if (name.isPresent()) {
                removed += leftover.test(name.get()) ? unlink(file) : 0;
            } else if (Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
                removed += removeFrom(file, leftover);
            }
        }
        return removed;
    }

    private int unlink(Path file) throws IOException {
        return storage.unlink(file) ? 1 : 0;
    }

    private boolean isLeftover(DataFileName name, long from) {
        return name.logId().equals(logId)
                && name.range().from() >= from
                && !name.origin().run().equals(run);
    }

    /** Removes the temporary files of earlier processes of the log, which has one at a time. */
    void removeTemporaries(Path directory) throws IOException {
        Pattern temporary = Pattern.compile(".*\\." + Pattern.quote(owner(logId, "")) + "([0-9a-f]{16})-\\d+\\.tmp");
        for (Path file : list(directory, ".*.tmp")) {
            Matcher matcher = temporary.matcher(file.getFileName().toString());
            if (matcher.matches() && !matcher.group(1).equals(run)) {
                storage.unlink(file);
            }
        }
    }

    /** Names first, so that nothing is removed from a directory while it is being read. */
    private static List<Path> list(Path directory, String glob) throws IOException {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, glob)) {
            files.forEach(found::add);
        }
        return found;
    }
}
