package io.headgate.batching;

/** One table's stream, the committer that follows it, and what keeps the log from letting its rows go. Any thread. */
final class Member {
    private final TableStream stream;
    private final TableCommitter committer;
    private final Trouble trouble;
    private volatile long parkedTo;

    Member(TableStream stream, TableCommitter committer, Trouble trouble) {
        this.stream = stream;
        this.committer = committer;
        this.trouble = trouble;
    }

    TableStream stream() {
        return stream;
    }

    LoggedTable table() {
        return stream.table();
    }

    TableCommitter committer() {
        return committer;
    }

    /** The lowest position that the log must keep for this table; {@code Long.MAX_VALUE} if none. */
    long neededFrom() {
        return stream.pending().firstPosition(parkedTo);
    }

    /** All entries of the table below {@code position} are parked. One thread at a time. */
    void parkedTo(long position) {
        parkedTo = Math.max(parkedTo, position);
    }

    /** Whether it has not been committed to for so long that others must not wait for it. */
    boolean isSick() {
        return trouble.isSick();
    }

    boolean isHealthy() {
        return trouble.problem().isEmpty();
    }

    /** Whether an attempt now could bring rows into the table, or confirm that they are. */
    boolean canProgress() {
        return isHealthy() && (stream.pending().bytes() > 0 || committer.isUnconfirmed());
    }

    TableStatus status() {
        PendingRows pending = stream.pending();
        String problem = trouble.problem();
        TableStatus.State state = stream.halted()
                ? TableStatus.State.HALTED
                : problem.isEmpty() ? TableStatus.State.OPEN : TableStatus.State.RETRYING;
        return new TableStatus(
                table().name(),
                state,
                problem,
                pending.bytes(),
                pending.bytesBelow(parkedTo),
                pending.rows(),
                pending.oldestNanos());
    }
}
