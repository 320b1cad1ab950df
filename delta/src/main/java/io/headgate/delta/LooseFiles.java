package io.headgate.delta;

import java.util.ArrayList;
import java.util.List;

/**
 * The data files of one table that this process wrote and no commit is known to name. A file that a commit was tried
 * with may be in the table whatever the answer was; it is known not to be only once a later attempt at the same position
 * succeeded with another. That goes for one whose commit succeeded, too: somebody may have replaced that commit.
 */
final class LooseFiles {
    private final List<DataFileName> untried = new ArrayList<>();
    private final List<DataFileName> tried = new ArrayList<>();

    synchronized void written(DataFileName file) {
        untried.add(file);
    }

    synchronized void trying(DataFileName file) {
        untried.remove(file);
        tried.add(file);
    }

    synchronized void committed(DataFileName file) {
        for (DataFileName other : tried) {
            if (!other.equals(file) && other.range().from() >= file.range().from()) {
                untried.add(other);
            }
        }
        tried.clear();
        tried.add(file);
    }

    /** Takes out the files that are certainly nobody's. */
    synchronized List<DataFileName> takeAll() {
        List<DataFileName> taken = List.copyOf(untried);
        untried.clear();
        return taken;
    }
}
