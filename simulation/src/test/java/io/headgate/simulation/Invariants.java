package io.headgate.simulation;

import io.headgate.batching.LoggedTable;
import io.headgate.wal.LocalLog;
import io.headgate.wal.LogMetrics;
import io.headgate.wal.SimulatedDisk;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** What must hold, at every step and at the end. */
final class Invariants {
    private final World world;

    Invariants(World world) {
        this.world = world;
    }

    /** Cheap enough for every step. */
    void afterStep() {
        world.landings.look();
        for (Machine machine : world.machines) {
            Gateway gateway = machine.gateway();
            if (gateway != null && gateway.isOpen()) {
                check(machine, gateway);
            }
        }
        world.violations.rethrow();
    }

    private void check(Machine machine, Gateway gateway) {
        // Notes that keep a segment from being deleted may take one beyond the limit, where it is the smallest there
        // is.
        long maxBytes = machine.settings().maxBytes() + machine.settings().segmentBytes();
        long logBytes = gateway.log().sizeBytes();
        world.violations.unless(logBytes <= maxBytes, () -> "The log takes " + logBytes + " of " + maxBytes);
        long used = machine.disk().usedBytes();
        long allowed = maxBytes + gateway.log().parkedBytes() + gateway.log().keyBytes();
        world.violations.unless(used <= allowed, () -> "The log's files take " + used + " of " + allowed);
        long parked = gateway.log().parkedBytes();
        world.violations.unless(parked <= machine.settings().parkedBytes(), () -> "Parked are " + parked + " bytes");
        String fencedBy = gateway.streams().fencedBy();
        if (!fencedBy.isEmpty()) {
            world.violations.unless(world.mayFence(), () -> "Fenced without a rival: " + fencedBy);
            if (!machine.isFenced()) {
                world.coverage.saw(Event.FENCED);
                world.trace.step(machine + " is fenced: " + fencedBy);
            }
            machine.fenced();
        }
    }

    /** A process lets its log go of what is below a position: all of that must be in its table. */
    void trimmed(Gateway gateway, long position) {
        world.landings.look();
        world.coverage.saw(Event.TRIMMED);
        for (Request request : gateway.machine().ledger().owedBelow(position)) {
            world.violations.unless(
                    request.landed || gateway.isParked(request),
                    () -> "Trimmed up to " + position + ", but not in its table: " + request);
        }
    }

    /** A request was accepted: its table had the bytes for it. */
    void accepted(Machine machine, Request request, List<Request> unlanded) {
        world.landings.look();
        unlanded.removeIf(done -> done.landed);
        long bytes = 0;
        for (Request other : unlanded) {
            if (other.table().id().equals(request.table().id()) && !other.replaced) {
                bytes += other.entryBytes();
            }
        }
        long pending = bytes;
        world.violations.unless(
                pending <= world.unflushedBytes(),
                () -> machine + " has " + pending + " bytes of "
                        + request.table().id() + " not in the table");
    }

    /** If the power went now, all that is owed would be there. */
    void probe(Machine machine) {
        world.coverage.saw(Event.PROBED);
        world.landings.look();
        reopenCopy(machine);
    }

    /** What a process would find that started on a copy of what is durable now. */
    Ledger.Recovery reopenCopy(Machine machine) {
        Random own = new Random(1);
        SimulatedDisk copy = machine.disk().copyOfDurable(own);
        copy.capacity(Long.MAX_VALUE / 2);
        Ledger.Recovery recovery = machine.ledger().recovery();
        try {
            LocalLog log = LocalLog.openStepwise(
                    copy, machine.settings(), LogMetrics.none(), own, world.clock, () -> 0, recovery, cause -> {});
            recovery.complete(log.id(), log.forcedPosition(), world.clock.millis());
        } catch (IOException e) {
            throw world.violations.found(new AssertionError("What is durable cannot be opened", e));
        }
        return recovery;
    }

    /** All is healed and had its time. */
    void atTheEnd() {
        afterStep();
        for (Machine machine : world.machines) {
            Ledger.Recovery recovery = reopenCopy(machine);
            boolean stuck = machine.isFenced();
            for (Request request : machine.ledger().owed()) {
                world.violations.unless(
                        request.landed || ((stuck || world.isDropped(request.table())) && recovery.has(request)),
                        () -> "Acked and lost: " + request);
            }
        }
        for (Request request : world.requests.all()) {
            boolean owed = request.outcome != Request.Outcome.ACKED || request.position >= 0;
            world.violations.unless(owed, () -> "Acked, but never forced: " + request);
            if (request.outcome == Request.Outcome.OFFERED) {
                world.coverage.saw(Event.NEVER_ANSWERED);
            }
        }
        world.violations.rethrow();
    }

    /** Requests that are owed and not in their tables, which are there; a commit may have been replaced. */
    List<String> notLanded(Machine machine) {
        List<String> missing = new ArrayList<>();
        for (Request request : machine.ledger().owed()) {
            if (!request.landed && !world.isDropped(request.table())) {
                missing.add(request.toString());
            }
        }
        return missing;
    }

    /** Tables that a process still has rows for, and might not. */
    List<String> pending(Gateway gateway) {
        List<String> pending = new ArrayList<>();
        gateway.streams().tables().forEach(table -> {
            boolean another = table.problem().contains("another one");
            if (!another && (table.pendingBytes() > 0 || !table.problem().isEmpty())) {
                pending.add(table.toString());
            }
        });
        return pending;
    }

    /** A table that has nothing pending took some entries and then refused one: what was reserved before is free again. */
    void budgetIsFree(LoggedTable table, long taken, Request last) {
        boolean full = taken + last.entryBytes() > world.unflushedBytes();
        world.violations.unless(
                last.refusal.contains(Clients.FOR_LOG_ROOM) || (last.refusal.contains(Clients.FOR_BUDGET) && full),
                () -> "Table " + table.id() + " takes only " + taken + " bytes when nothing is pending: "
                        + last.refusal);
    }
}
