package io.headgate.simulation;

import io.headgate.batching.Append;
import io.headgate.batching.IdempotencyKey;
import io.headgate.batching.LogEntry;
import io.headgate.batching.LoggedTable;
import io.headgate.batching.RecoveryConsumer;
import io.headgate.model.StreamRange;
import io.headgate.model.TableId;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What one log owes, written down beside it. What was handed back as forced, or shown to any reader, is owed: it stays at
 * its position for ever, until it is in its table and trimmed. What was accepted and not handed back is there whole, as a
 * beginning of what was accepted, or not at all. Nothing else is.
 */
final class Ledger {
    private final Violations violations;
    private final Requests requests;
    private final long windowMillis;
    private final NavigableMap<Long, Request> owed = new TreeMap<>();
    private final Deque<Request> offered = new ArrayDeque<>();
    // What a reading of the log showed to be noted durably.
    private final Map<TableId, Long> notedBefore = new HashMap<>();
    private @Nullable String logId;
    private long next;

    /** @param windowMillis how long keys are known */
    Ledger(Violations violations, Requests requests, long windowMillis) {
        this.violations = violations;
        this.requests = requests;
        this.windowMillis = windowMillis;
    }

    /** What a copy of the log's durable files owes. */
    Ledger copy() {
        Ledger copy = new Ledger(violations, requests, windowMillis);
        copy.owed.putAll(owed);
        copy.offered.addAll(offered);
        copy.notedBefore.putAll(notedBefore);
        copy.logId = logId;
        copy.next = next;
        return copy;
    }

    Iterable<Request> owed() {
        return owed.values();
    }

    Iterable<Request> owedBelow(long position) {
        return owed.headMap(position, false).values();
    }

    /** How many entries a reader of that range has to be shown: those that are not in the table yet. */
    long countOwed(StreamRange range, TableId table) {
        return owed.subMap(range.from(), range.to()).values().stream()
                .filter(request -> !request.landed && request.table().id().equals(table))
                .count();
    }

    void offered(Request request) {
        offered.add(request);
    }

    /** Whether something was accepted that may never come back. */
    boolean hasUnforced() {
        return !offered.isEmpty();
    }

    /** The log hands back a group. */
    void forced(List<? extends Append> group) {
        for (Append append : group) {
            Request request = offered.poll();
            violations.unless(
                    request != null && request.payload().equals(append.payload()),
                    () -> "Handed back out of order: position " + append.position() + ", not " + request);
            violations.unless(
                    append.position() == next,
                    () -> "Position " + append.position() + " was handed back where " + next + " was next");
            if (request != null) {
                owe(append.position(), request);
            }
        }
    }

    private void owe(long position, Request request) {
        owed.put(position, request);
        request.position = position;
        if (request.keyed != null) {
            request.keyed
                    .twinOf(request, windowMillis)
                    .ifPresent(twin -> violations.unless(false, () -> "Stored twice: " + twin + " and " + request));
        }
        next = Math.max(next, position + 1);
    }

    /** A reader was shown an entry. False if nobody had seen it before: then it must be durable by now. */
    boolean read(LogEntry entry) {
        Request request = requests.of(entry);
        violations.unless(request != null, () -> "Position " + entry.position() + " holds what nobody sent");
        Request known = owed.get(entry.position());
        if (known == null && request != null) {
            owe(entry.position(), request);
            offered.remove(request);
            return false;
        }
        violations.unless(
                known == request, () -> "Position " + entry.position() + " holds " + request + ", but held " + known);
        return true;
    }

    /** The log is told, or tells, that a table has its rows below a position, and how many these are. */
    void checkNote(LoggedTable table, long position, long rows) {
        long owedRows = 0;
        for (Request request : owedBelow(position)) {
            if (request.table().id().equals(table.id())) {
                owedRows += request.rowCount;
                violations.unless(
                        request.landed, () -> "Noted as in the table below " + position + ", but is not: " + request);
            }
        }
        long expected = owedRows;
        violations.unless(
                rows == expected,
                () -> "Noted for " + table.id() + " below " + position + ": " + rows + " rows, not " + expected);
    }

    /** Holds what a recovery delivers against this ledger. */
    Recovery recovery() {
        return new Recovery();
    }

    /** One reading of the whole log. */
    final class Recovery implements RecoveryConsumer {
        private final Deque<Request> mayFollow = new ArrayDeque<>(offered);
        private final NavigableMap<Long, Request> found = new TreeMap<>();
        private final Map<TableId, Long> lastOf = new HashMap<>();
        private final Map<TableId, Long> noted = new HashMap<>();
        private final Set<Long> keys = new HashSet<>();

        @Override
        public void key(long position, long receiveTimeMillis, IdempotencyKey key) {
            Request request = owed.get(position);
            violations.unless(
                    request != null && key.equals(request.key()) && request.receiveTimeMillis == receiveTimeMillis,
                    () -> "A key file says of " + request + " that it was received at " + receiveTimeMillis + " as "
                            + key);
            keys.add(position);
        }

        @Override
        public void accept(LogEntry entry) {
            long position = entry.position();
            Request request = requests.of(entry);
            violations.unless(request != null, () -> "Recovered at " + position + " what nobody sent");
            Request known = owed.get(position);
            if (known == null) {
                violations.unless(position >= next, () -> "Recovered at " + position + " what was never there");
                known = mayFollow.poll();
            }
            Request expected = known;
            violations.unless(
                    request == expected, () -> "Recovered at " + position + ": " + request + " instead of " + expected);
            if (request != null) {
                violations.unless(found.put(position, request) == null, () -> "Recovered " + request + " twice");
                Long before = lastOf.put(request.table().id(), position);
                violations.unless(
                        before == null || before < position,
                        () -> "Recovered position " + position + " after " + before + " of the same table");
            }
        }

        @Override
        public void committed(LoggedTable table, long position, long rows) {
            checkNote(table, position, rows);
            noted.merge(table.id(), position, Math::max);
        }

        /** All that is owed came back, but for what is in its table and may have been trimmed. */
        void complete(String id, long forcedPosition, long nowMillis) {
            violations.unless(logId == null || id.equals(logId), () -> "The log's id was " + logId + ", is " + id);
            violations.unless(
                    forcedPosition >= next, () -> "The log ends at " + forcedPosition + ", but had reached " + next);
            notedBefore.forEach((table, position) -> violations.unless(
                    noted(table) >= position, () -> "The log no longer knows that " + table + " was at " + position));
            noted.forEach((table, position) -> notedBefore.merge(table, position, Math::max));
            owed.forEach((position, request) -> {
                boolean isFound = found.containsKey(position);
                violations.unless(isFound || request.landed, () -> "Lost from the log: " + request);
                boolean keyMatters = request.keyed != null && nowMillis - request.receiveTimeMillis < windowMillis;
                violations.unless(
                        isFound || !keyMatters || keys.contains(position),
                        () -> "The log forgot the key of " + request);
            });
        }

        /** How far the log says that a table has its rows. */
        long noted(TableId table) {
            return noted.getOrDefault(table, 0L);
        }

        /** Whether it is known by its key alone. */
        boolean hasKeyOnly(long position) {
            return keys.contains(position) && !found.containsKey(position);
        }

        boolean has(Request request) {
            return found.containsValue(request);
        }

        /** Whether something came back that nobody was told of. */
        boolean hasNew() {
            return mayFollow.size() < offered.size();
        }

        Iterable<Request> found() {
            return found.values();
        }

        /** Whoever opened the log has seen all of it now. */
        void keep(String id, long forcedPosition) {
            logId = id;
            found.forEach(Ledger.this::owe);
            offered.clear();
            next = Math.max(next, forcedPosition);
        }
    }
}
