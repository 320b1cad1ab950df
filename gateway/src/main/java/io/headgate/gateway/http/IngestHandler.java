package io.headgate.gateway.http;

import io.headgate.auth.Authenticator;
import io.headgate.auth.Principal;
import io.headgate.gateway.coding.Expander;
import io.headgate.gateway.limits.RateLimits;
import io.headgate.model.TableName;
import io.vertx.core.http.HttpHeaders;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * {@code insertRows}: one request from its head to its answer, in order:
 *
 * <pre>
 *   clock          it can be right, see {@link IngestServer}                   503
 *   authenticate   the header alone; nothing of the body was read              401
 *   table          which one the path names, and what is to be waited for      400
 *   authorize      says nothing about whether the table exists                 403
 *   rates          of subject, table and all                                   429
 *   target         its schema and its stream; cached, so at once as a rule     404 501 503
 *   pins           the table has the columns that the grant pins               403
 *   body rules     size and type as announced; then 100 Continue               400 413 415
 *   key            Idempotency-Key, if there is one                            400
 *   room           unless a key may say that it has been stored before         503
 *   receive        every piece reserved before it is kept                      408 413 503
 *   turn           after the same caller's that came before on the connection
 *   expand         what is compressed, here or on a decoding thread           400 413 503
 *   known          a key that came before is answered for the first            200 422
 *   decode         into typed rows, here or, if large, on a decoding thread    400 413 503
 *   recheck        of the table, once, if it has no column for a field; then
 *                  decode again, or refuse                                     400
 *                  with {@code ?validate_only=true} that is all              200
 *   quarantine     with {@code ?accept_partial=true}, what was rejected goes
 *                  into a table of its own, if there is one                    501 503
 *   append         from here on the answer is 200, or there is none            422 503
 *   durable        200 with a receipt; or, if asked to wait, once the rows are
 *                  in the table, or 202
 * </pre>
 *
 * <p>If the target is known and the body came with the head, all of it up to the append runs in one go on the event
 * loop. Everything but what takes long with a large body runs on the request's own event loop; there is one handler per
 * event loop. A connection has one HTTP/1.1 request in work at a time, and those of HTTP/2 take {@link Turns}, so the
 * requests of a caller on one connection are appended in the order in which their bodies were complete.
 */
final class IngestHandler implements Operation {
    static final String PATH_PREFIX = "/zerobus/v1/tables/";
    static final String PATH_SUFFIX = "/insert";

    private final Authenticator authenticator;
    private final TablePaths paths = new TablePaths(PATH_PREFIX, PATH_SUFFIX);
    private final RateLimits rates;
    private final InsertContext inserts;

    /**
     * @param deadlines of bodies
     * @param decoders for what takes long
     * @param expander of the event loop
     */
    IngestHandler(
            IngestServices services,
            Targets targets,
            RequestLimits limits,
            Deadlines deadlines,
            Executor decoders,
            Expander expander,
            ReceiptAnswers answers,
            Executor loop) {
        this.authenticator = services.authenticator();
        this.rates = services.rates();
        this.inserts = new InsertContext(
                targets,
                services.quarantine(),
                services.inFlight(),
                limits,
                services.decoding().limits().maxPayloadBytes(),
                deadlines,
                expander,
                new KeyDigests(),
                decoders,
                services.receipts().codec(),
                answers,
                services.returnTimes(),
                services.clock(),
                services.clockGuard(),
                services.metrics(),
                loop);
    }

    @Override
    public void serve(Exchange exchange) {
        Principal principal = authenticator.authenticate(exchange.http().getHeader(HttpHeaders.AUTHORIZATION));
        exchange.calledBy(principal.subject());
        TableName table = paths.tableOf(exchange.path());
        exchange.concerns(table);
        principal.requireWrite(table);
        boolean awaitsTable = WaitParameter.isTable(exchange.http());
        RateCount count = RateCount.of(
                rates, exchange, principal.subject(), table, inserts.limits().maxBodyBytes());
        CompletableFuture<Target> target = inserts.targets().of(table);
        Insert insert =
                new Insert(inserts, exchange, principal.subject(), principal.pinnedColumns(table), count, awaitsTable);
        if (target.isDone()) {
            insert.receive(target.join());
        } else {
            insert.await(target);
        }
    }
}
