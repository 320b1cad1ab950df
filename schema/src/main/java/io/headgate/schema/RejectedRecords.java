package io.headgate.schema;

import io.headgate.model.RecordProblem;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * The records of one request that became no rows, in their order: of each where its text is, of the first
 * {@value Problems#REJECTED_KEPT_MAX} why. To learn why another was rejected, decode its text alone.
 */
public final class RejectedRecords {
    /** Of a request all of whose records became rows. */
    static final RejectedRecords NONE = new RejectedRecords(more -> false);

    private static final int ENTRY_BYTES = 4 * Integer.BYTES;
    private static final int BYTES_MAX = Integer.MAX_VALUE - Long.BYTES;

    private final GrowingBytes entries;
    private final List<List<RecordProblem>> problems = new ArrayList<>();
    private long problemCount;
    private boolean unknownField;

    /** @param reservation asked before memory for their places is taken */
    RejectedRecords(ByteReservation reservation) {
        entries = new GrowingBytes(BYTES_MAX, reservation);
    }

    void add(int record, int offset, int length, Problems of) {
        int count = of.countInRecord();
        int at = entries.take(ENTRY_BYTES);
        entries.buffer()
                .putInt(at, record)
                .putInt(at + Integer.BYTES, offset)
                .putInt(at + 2 * Integer.BYTES, length)
                .putInt(at + 3 * Integer.BYTES, count);
        if (problems.size() < Problems.REJECTED_KEPT_MAX) {
            problems.add(of.keptOfRecord());
        }
        problemCount += count;
        unknownField |= of.hasUnknownField();
    }

    /** How many there are. */
    public int count() {
        return entries.end() / ENTRY_BYTES;
    }

    /** Whether it is known of each why. */
    public boolean isEachExplained() {
        return problems.size() == count();
    }

    /** How many problems they have in all. */
    public long problemCount() {
        return problemCount;
    }

    /** Whether one has a field that the schema has not; the table may have got one since. */
    public boolean hasUnknownField() {
        return unknownField;
    }

    /** Which record of the request the i-th of these is, from 0. */
    public int record(int i) {
        return entry(i, 0);
    }

    /** Where its text begins, from the beginning of the body on. */
    public int offset(int i) {
        return entry(i, 1);
    }

    /** How many bytes its text has, with white space behind it now and then. */
    public int length(int i) {
        return entry(i, 2);
    }

    /** How many problems it has, 1 or more. */
    public int problemCount(int i) {
        return entry(i, 3);
    }

    /**
     * Its first {@value Problems#PER_REJECTED_MAX} problems, or none, if this is not one of the first
     * {@value Problems#REJECTED_KEPT_MAX} records.
     */
    public List<RecordProblem> problems(int i) {
        Objects.checkIndex(i, count());
        return i < problems.size() ? problems.get(i) : List.of();
    }

    private int entry(int i, int part) {
        return entries.buffer().getInt(Objects.checkIndex(i, count()) * ENTRY_BYTES + part * Integer.BYTES);
    }
}
