package io.headgate.batching;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * How far a table has its rows, and which of its versions brought the last of them: enough to tell most callers what
 * became of theirs without a look at the table. Any thread.
 */
final class RecentCommits {
    /** Half an hour of commits every two seconds, in some 40 KB. */
    static final int KEPT_MAX = 1_000;

    /**
     * A commit.
     *
     * @param to one past its last position
     * @param version what it made; -1 if that is not known
     * @param whole whether all rows of its range went into the table
     */
    private record Made(long to, long version, boolean whole) {}

    private final List<Runnable> followers = new CopyOnWriteArrayList<>();

    // Guarded by this.
    private final List<Made> made = new ArrayList<>(); // ascending, together all of [from, to)
    private long from;
    private long to;

    /** All below {@code position} needs no commit of this process. */
    void startAt(long position) {
        synchronized (this) {
            made.clear();
            from = position;
            to = position;
        }
        tellFollowers();
    }

    /**
     * One more commit.
     *
     * @param version what it made; -1 if that is not known
     * @param whole whether all rows of its range went into the table
     */
    void add(long position, long version, boolean whole) {
        synchronized (this) {
            if (made.size() >= KEPT_MAX) {
                from = made.remove(0).to;
            }
            made.add(new Made(position, version, whole));
            to = position;
        }
        tellFollowers();
    }

    /** The last commit is not in the table after all, which is again as far as {@code position}. */
    synchronized void undo(long position) {
        if (!made.isEmpty()) {
            made.remove(made.size() - 1);
        }
        from = Math.min(from, position);
        to = position;
    }

    /** What became of a position that was acked; null if only the table itself can tell. */
    synchronized @Nullable Landing of(long position) {
        if (position >= to) {
            return Landing.NOT_YET;
        }
        if (position < from) {
            return null;
        }
        Made brought = made.get(indexOf(position));
        return brought.version >= 0 && brought.whole ? Landing.committed(brought.version) : null;
    }

    /** The first commit that ends above a position. */
    private int indexOf(long position) {
        int low = 0;
        int high = made.size() - 1;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (made.get(middle).to > position) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }

    /** Has {@code follower} run after each commit, on its thread: it must return at once, and may ask {@link #of}. */
    void follow(Runnable follower) {
        followers.add(follower);
    }

    void unfollow(Runnable follower) {
        followers.remove(follower);
    }

    private void tellFollowers() {
        followers.forEach(Runnable::run);
    }
}
