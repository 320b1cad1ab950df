package io.headgate.simulation;

import io.headgate.batching.LoggedTable;
import io.headgate.batching.SimulatedTables;
import io.headgate.model.TableId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Follows what arrives in the tables: only rows that were accepted, each request's all together, once, and in the order of
 * the log.
 */
final class Landings {
    private final Violations violations;
    private final Requests requests;
    private final SimulatedTables tables;
    private final Coverage coverage;
    private final Map<LoggedTable, Follower> followers = new LinkedHashMap<>();

    Landings(Violations violations, Requests requests, SimulatedTables tables, Coverage coverage) {
        this.violations = violations;
        this.requests = requests;
        this.tables = tables;
        this.coverage = coverage;
    }

    void follow(LoggedTable table) {
        followers.put(table, new Follower());
    }

    /** Looks at what arrived since the last look. */
    void look() {
        followers.forEach(
                (table, follower) -> follower.look(table.id(), tables.rows(table.id()), tables.rejected(table.id())));
    }

    /** Somebody removes the last commit from a table, if that can be; the requests that were in it. */
    List<Request> replace(LoggedTable table) {
        look();
        tables.foreignReplace(table.id());
        Follower follower = followers.get(table);
        return follower == null
                ? List.of()
                : follower.shrink(
                        tables.rows(table.id()).size(),
                        tables.rejected(table.id()).size());
    }

    /** A table has two lists: its rows, and those that were put aside. */
    private final class Follower {
        private final Deque<Request> arrived = new ArrayDeque<>();
        private int seenRows;
        private int seenRejected;

        void look(TableId table, List<Integer> rows, List<Integer> rejected) {
            if (rows.size() == seenRows && rejected.size() == seenRejected) {
                return;
            }
            NavigableMap<Integer, BitSet> found = new TreeMap<>();
            check(table, rows.subList(seenRows, rows.size()), found);
            check(table, rejected.subList(seenRejected, rejected.size()), found);
            if (rejected.size() > seenRejected) {
                coverage.saw(Event.ROWS_REJECTED);
            }
            seenRows = rows.size();
            seenRejected = rejected.size();
            List<Request> requestsFound = new ArrayList<>();
            found.forEach((firstRow, bits) -> requestsFound.add(whole(firstRow, bits)));
            requestsFound.sort(Comparator.comparingLong(request -> request.position));
            requestsFound.forEach(this::arrived);
        }

        /** Each list is in the order of the log. */
        private void check(TableId table, List<Integer> rows, NavigableMap<Integer, BitSet> found) {
            long lastPosition = -1;
            int lastRow = -1;
            for (int row : rows) {
                Request request = requests.of(row);
                if (request == null || !request.table().id().equals(table)) {
                    throw violations.found(new AssertionError("Row " + row + " is not of " + table + ": " + request));
                }
                boolean follows =
                        request.position > lastPosition || (request.position == lastPosition && row > lastRow);
                violations.unless(follows, () -> "Out of order, or twice: row " + row + " of " + request);
                lastPosition = request.position;
                lastRow = row;
                found.computeIfAbsent(request.firstRow, r -> new BitSet()).set(row - request.firstRow);
            }
        }

        private Request whole(int firstRow, BitSet rows) {
            Request request = requests.of(firstRow);
            if (request == null) {
                throw new IllegalStateException("No request begins with row " + firstRow);
            }
            violations.unless(rows.cardinality() == request.rowCount, () -> "Only a part is in the table: " + request);
            return request;
        }

        private void arrived(Request request) {
            violations.unless(!request.landed, () -> "In the table twice: " + request);
            violations.unless(
                    request.outcome == Request.Outcome.OFFERED || request.outcome == Request.Outcome.ACKED,
                    () -> "In the table without having been accepted: " + request);
            violations.unless(request.position >= 0, () -> "In the table before it was forced: " + request);
            Request last = arrived.peekLast();
            violations.unless(
                    last == null || request.position > last.position,
                    () -> "Out of order, after " + last + ": " + request);
            if (request.outcome != Request.Outcome.ACKED) {
                coverage.saw(Event.LANDED_WITHOUT_ACK);
            }
            request.landed = true;
            arrived.add(request);
        }

        private List<Request> shrink(int rows, int rejected) {
            List<Request> gone = new ArrayList<>();
            int left = seenRows - rows + seenRejected - rejected;
            while (left > 0) {
                Request last = arrived.removeLast();
                last.landed = false;
                last.replaced = true;
                left -= last.rowCount;
                gone.add(last);
            }
            seenRows = rows;
            seenRejected = rejected;
            return gone;
        }
    }
}
