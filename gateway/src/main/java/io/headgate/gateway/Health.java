package io.headgate.gateway;

import io.headgate.batching.SharedStreams;
import io.headgate.batching.TableStatus;
import io.headgate.gateway.clock.ClockGuard;
import io.headgate.gateway.http.Readiness;
import io.headgate.gateway.http.ReadinessCheck;
import io.headgate.schema.SchemaCache;
import io.headgate.wal.LocalLog;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

/** What {@code /health/ready} looks at. */
final class Health {
    private static final int TABLES_NAMED_MAX = 5;

    private final LocalLog log;
    private final SharedStreams streams;
    private final SchemaCache schemas;
    private final ClockGuard clock;
    private final BooleanSupplier stopping;

    Health(LocalLog log, SharedStreams streams, SchemaCache schemas, ClockGuard clock, BooleanSupplier stopping) {
        this.log = log;
        this.streams = streams;
        this.schemas = schemas;
        this.clock = clock;
        this.stopping = stopping;
    }

    List<ReadinessCheck> checks() {
        return List.of(
                new ReadinessCheck("process", this::process),
                new ReadinessCheck("clock", this::clock),
                new ReadinessCheck("log", this::log),
                new ReadinessCheck("catalog", this::catalog),
                new ReadinessCheck("commits", this::commits));
    }

    private Readiness process() {
        return stopping.getAsBoolean() ? Readiness.notReady("the gateway is stopping") : Readiness.ready();
    }

    private Readiness clock() {
        return clock.problem().map(Readiness::notReady).orElseGet(Readiness::ready);
    }

    private Readiness log() {
        return log.state().problem().map(Readiness::notReady).orElseGet(Readiness::ready);
    }

    /** Known tables go on while the catalog is away. */
    private Readiness catalog() {
        return schemas.trouble().map(Readiness::degraded).orElseGet(Readiness::ready);
    }

    /** Rows are accepted while a table is in trouble; only being fenced ends that. */
    private Readiness commits() {
        if (!streams.fencedBy().isEmpty()) {
            return Readiness.notReady(streams.fencedBy());
        }
        List<TableStatus> inTrouble = streams.tables().stream()
                .filter(table -> table.state() != TableStatus.State.OPEN)
                .toList();
        if (inTrouble.isEmpty()) {
            return Readiness.ready();
        }
        return Readiness.degraded(inTrouble.stream()
                .limit(TABLES_NAMED_MAX)
                .map(table -> table.table() + " " + table.state() + ": " + table.problem())
                .collect(Collectors.joining("; ", "tables that do not commit (" + inTrouble.size() + "): ", "")));
    }
}
