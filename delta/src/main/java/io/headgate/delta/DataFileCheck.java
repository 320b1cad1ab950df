package io.headgate.delta;

import io.headgate.delta.kernel.LiveFiles.LiveFile;
import io.headgate.delta.parquet.RowCount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Holds a table's data files against what its log says of them. A file that OPTIMIZE and VACUUM removed while it was being
 * looked for is not missing: what seems wrong counts only if the latest version still has the file.
 */
public final class DataFileCheck {
    /** How many files with something wrong are remembered; looking at the same version again finds the others. */
    private static final int PROBLEMS_MAX = 100;

    private static final int LOOKS_MAX = 3;

    private final boolean deep;
    private long files;
    private long rows;
    private boolean allCounted = true;

    private DataFileCheck(boolean deep) {
        this.deep = deep;
    }

    /**
     * What was found.
     *
     * @param files data files in the version
     * @param rows rows in them that are not deleted; -1 if not every file has statistics
     * @param problems what is wrong, a line for each file; the first {@value #PROBLEMS_MAX}
     */
    public record Result(long files, long rows, List<String> problems) {
        public Result {
            problems = List.copyOf(problems);
        }
    }

    /**
     * Looks at every file.
     *
     * @param deep also opens each one and counts its rows by its footer
     */
    public static Result run(TableVersion table, boolean deep) throws IOException {
        DataFileCheck check = new DataFileCheck(deep);
        Map<String, String> problems = check.look(table);
        Map<String, String> confirmed = problems;
        for (int look = 1; look < LOOKS_MAX && !confirmed.isEmpty(); look++) {
            Map<String, String> again = new DataFileCheck(deep).look(table.reload());
            again.keySet().retainAll(confirmed.keySet());
            confirmed = again;
        }
        return new Result(check.files, check.allCounted ? check.rows : -1, new ArrayList<>(confirmed.values()));
    }

    private Map<String, String> look(TableVersion table) throws IOException {
        Map<String, String> problems = new LinkedHashMap<>();
        table.files(file -> {
            files++;
            allCounted &= file.rows().isPresent();
            rows += file.rows().orElse(0) - file.deletedRows();
            String problem = problem(file);
            if (!problem.isEmpty() && problems.size() < PROBLEMS_MAX) {
                problems.put(file.path(), problem);
            }
        });
        return problems;
    }

    private String problem(LiveFile file) throws IOException {
        Path path = ForcedFileIO.local(file.path());
        try {
            long sizeBytes = Files.size(path);
            if (sizeBytes != file.sizeBytes()) {
                return "data file " + path + " has " + sizeBytes + " bytes and should have " + file.sizeBytes();
            }
            return deep ? rowProblem(path, file) : "";
        } catch (NoSuchFileException e) {
            return "data file " + path + " is missing";
        }
    }

    private static String rowProblem(Path path, LiveFile file) throws NoSuchFileException {
        try {
            long found = RowCount.of(path);
            boolean wrong = file.rows().isPresent() && file.rows().getAsLong() != found;
            return wrong
                    ? "data file " + path + " has " + found + " rows and should have "
                            + file.rows().getAsLong()
                    : "";
        } catch (NoSuchFileException e) {
            throw e;
        } catch (IOException e) {
            return "data file " + path + " cannot be read: " + e.getMessage();
        }
    }
}
