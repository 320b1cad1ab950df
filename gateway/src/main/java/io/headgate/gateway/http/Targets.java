package io.headgate.gateway.http;

import io.headgate.batching.LoggedSchema;
import io.headgate.batching.LoggedTable;
import io.headgate.batching.SharedStreams;
import io.headgate.model.TableName;
import io.headgate.schema.SchemaCache;
import io.headgate.schema.TableSchema;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * The targets of all tables in use, one per table, replaced when the schema cache has another version of its schema.
 * Any thread.
 */
final class Targets {
    private static final int TARGETS_MAX = 10_000;

    /** A target, also as the future that is handed out, made once. */
    private record Known(TableSchema schema, CompletableFuture<Target> target) {}

    private final SchemaCache schemas;
    private final SharedStreams streams;
    private final SetColumnRules rules;
    private final DecodeSettings decoding;
    private final ConcurrentMap<TableName, Known> known = new ConcurrentHashMap<>();

    Targets(SchemaCache schemas, SharedStreams streams, SetColumnRules rules, DecodeSettings decoding) {
        this.schemas = schemas;
        this.streams = streams;
        this.rules = rules;
        this.decoding = decoding;
    }

    /**
     * Completed already if the table is in use and unchanged; fails with what the catalog, the configuration
     * or the streams refuse.
     */
    CompletableFuture<Target> of(TableName name) {
        return targetFor(name, schemas.get(name));
    }

    /**
     * The same for a caller whose rows have a field that the target does not know: the table is looked at again, by one
     * load for all who ask meanwhile, unless it was a moment ago.
     */
    CompletableFuture<Target> recheck(TableName name) {
        return targetFor(name, schemas.recheck(name));
    }

    private CompletableFuture<Target> targetFor(TableName name, CompletableFuture<TableSchema> schema) {
        if (schema.isDone() && !schema.isCompletedExceptionally()) {
            Known target = known.get(name);
            if (target != null
                    && target.schema.equals(schema.join())
                    && !target.target.join().stream().isRetired()) {
                return target.target;
            }
        }
        return schema.thenCompose(this::open);
    }

    private CompletableFuture<Target> open(TableSchema schema) {
        TableColumns columns = rules.columnsOf(schema);
        LoggedTable table = new LoggedTable(schema.id(), schema.name(), schema.location());
        return streams.open(table).thenApply(stream -> {
            Target target = new Target(
                    schema,
                    decoding.decoder(schema),
                    columns,
                    new LoggedSchema(stream.table(), schema.schemaJson()),
                    stream);
            remember(target);
            return target;
        });
    }

    /** Dropped tables stay behind; should they ever be many, all begin anew. */
    private void remember(Target target) {
        if (known.size() >= TARGETS_MAX) {
            known.clear();
        }
        known.put(target.schema().name(), new Known(target.schema(), CompletableFuture.completedFuture(target)));
    }
}
