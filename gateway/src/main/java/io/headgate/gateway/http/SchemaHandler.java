package io.headgate.gateway.http;

import io.headgate.auth.Authenticator;
import io.headgate.auth.Principal;
import io.headgate.model.TableName;
import io.headgate.schema.SchemaCache;
import io.headgate.schema.TableSchema;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * {@code getTableSchema}: a table's columns, for those who may write to it, so that they can check their records before
 * they send them, and ask cheaply whether anything changed. The checks and their order are those of an insert. Whether
 * the table takes rows now does not matter. One handler per event loop.
 */
final class SchemaHandler implements Operation {
    static final String PATH_SUFFIX = "/schema";

    private static final CharSequence JSON = HttpHeaders.createOptimized("application/json");

    /** What it says depends on the caller's grant. */
    private static final CharSequence REVALIDATE = HttpHeaders.createOptimized("private, no-cache");

    private final Authenticator authenticator;
    private final SchemaCache schemas;
    private final SetColumnRules rules;
    private final Executor loop;
    private final TablePaths paths = new TablePaths(IngestHandler.PATH_PREFIX, PATH_SUFFIX);

    SchemaHandler(IngestServices services, Executor loop) {
        this.authenticator = services.authenticator();
        this.schemas = services.schemas();
        this.rules = services.setColumns();
        this.loop = loop;
    }

    @Override
    public void serve(Exchange exchange) {
        Principal principal = authenticator.authenticate(exchange.http().getHeader(HttpHeaders.AUTHORIZATION));
        exchange.calledBy(principal.subject());
        TableName table = paths.tableOf(exchange.path());
        exchange.concerns(table);
        principal.requireWrite(table);
        CompletableFuture<TableSchema> schema = schemas.get(table);
        Set<String> pins = principal.pinnedColumns(table);
        if (schema.isDone()) {
            answer(exchange, pins, schema.join());
        } else {
            await(exchange, pins, schema);
        }
    }

    /** The table is not in the cache. A client that leaves meanwhile is not answered. */
    private void await(Exchange exchange, Set<String> pins, CompletableFuture<TableSchema> schema) {
        HttpServerRequest http = exchange.http();
        http.pause();
        http.exceptionHandler(cause -> exchange.unanswered());
        if (http.version() == HttpVersion.HTTP_2) {
            http.response().closeHandler(closed -> exchange.unanswered());
        }
        CompletableFuture<TableSchema> unused =
                schema.whenCompleteAsync((loaded, problem) -> resume(exchange, pins, loaded, problem), loop);
    }

    private void resume(
            Exchange exchange, Set<String> pins, @Nullable TableSchema loaded, @Nullable Throwable problem) {
        try {
            if (loaded == null) {
                exchange.fail(problem == null ? new IllegalStateException("No schema and no reason") : problem);
            } else {
                answer(exchange, pins, loaded);
            }
        } catch (RuntimeException | Error e) {
            exchange.fail(e);
        }
    }

    private void answer(Exchange exchange, Set<String> pins, TableSchema schema) {
        byte[] body = SchemaBody.of(schema, rules.columnsOf(schema).pinnedTo(pins));
        EntityTag tag = EntityTag.of(body);
        MultiMap headers = exchange.http().response().headers();
        headers.set(HttpHeaders.ETAG, tag.value());
        headers.set(HttpHeaders.CACHE_CONTROL, REVALIDATE);
        if (tag.isKnownTo(exchange.http())) {
            exchange.end(EntityTag.NOT_MODIFIED, JSON, Buffer.buffer());
        } else {
            exchange.ok(Buffer.buffer(body));
        }
    }
}
