package io.headgate.gateway.http;

import io.headgate.auth.Authenticator;
import io.headgate.auth.Principal;
import io.headgate.batching.AckHandler;
import io.headgate.batching.ByteBudget;
import io.headgate.batching.IdempotencyKey;
import io.headgate.gateway.clock.ClockGuard;
import io.headgate.gateway.coding.ContentCoding;
import io.headgate.gateway.coding.Expander;
import io.headgate.gateway.limits.RateLimits;
import io.headgate.gateway.limits.ReturnTimes;
import io.headgate.model.Refusal;
import io.headgate.model.RefusedException;
import io.headgate.model.TableName;
import io.headgate.schema.BodyForm;
import io.headgate.schema.DecodedRows;
import io.headgate.schema.RejectedRecords;
import io.headgate.schema.RequestValues;
import io.headgate.schema.RowDecoder;
import io.headgate.schema.ServerColumns;
import io.headgate.schema.TableSchema;
import io.headgate.schema.UnknownFieldException;
import io.netty.handler.codec.DecoderException;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

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

    private static final int LOOP_DECODE_BYTES_MAX = 64 << 10;
    private static final int RETRY_AFTER_SECONDS = 2;
    private static final long NOWHERE = -1;
    private static final Buffer EMPTY_OBJECT = Buffer.buffer("{}");
    private static final String VALIDATE_ONLY = "validate_only";
    private static final String ACCEPT_PARTIAL = "accept_partial";
    private static final CharSequence REPLAYED = HttpHeaders.createOptimized("idempotency-replayed");
    private static final CharSequence TRUE = HttpHeaders.createOptimized("true");
    private static final CharSequence VALIDATED = HttpHeaders.createOptimized("headgate-validated");
    private static final CharSequence RECEIPT = HttpHeaders.createOptimized("headgate-receipt");

    private final Authenticator authenticator;
    private final TablePaths paths = new TablePaths(PATH_PREFIX, PATH_SUFFIX);
    private final Targets targets;
    private final ByteBudget inFlight;
    private final RateLimits rates;
    private final ReturnTimes returnTimes;
    private final RequestLimits limits;
    private final Deadlines deadlines;
    private final Executor decoders;
    private final Receipts receipts;
    private final ReceiptAnswers answers;
    private final Executor loop;
    private final InstantSource clock;
    private final ClockGuard clockGuard;
    private final HttpMetrics metrics;
    private final KeyDigests digests = new KeyDigests();
    private final @Nullable TableName quarantine;
    private final int maxPayloadBytes;
    private final Expander expander;

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
        this.targets = targets;
        this.inFlight = services.inFlight();
        this.rates = services.rates();
        this.returnTimes = services.returnTimes();
        this.limits = limits;
        this.deadlines = deadlines;
        this.decoders = decoders;
        this.expander = expander;
        this.receipts = services.receipts().codec();
        this.answers = answers;
        this.loop = loop;
        this.clock = services.clock();
        this.clockGuard = services.clockGuard();
        this.metrics = services.metrics();
        this.quarantine = services.quarantine();
        this.maxPayloadBytes = services.decoding().limits().maxPayloadBytes();
    }

    @Override
    public void serve(Exchange exchange) {
        Principal principal = authenticator.authenticate(exchange.http().getHeader(HttpHeaders.AUTHORIZATION));
        exchange.calledBy(principal.subject());
        TableName table = paths.tableOf(exchange.path());
        exchange.concerns(table);
        principal.requireWrite(table);
        boolean awaitsTable = WaitParameter.isTable(exchange.http());
        RateCount count = RateCount.of(rates, exchange, principal.subject(), table, limits.maxBodyBytes());
        CompletableFuture<Target> target = targets.of(table);
        Insert insert = new Insert(exchange, principal.subject(), principal.pinnedColumns(table), count, awaitsTable);
        if (target.isDone()) {
            insert.receive(target.join());
        } else {
            insert.await(target);
        }
    }

    /**
     * Rejected records on their way into quarantine.
     *
     * @param key what they are known by across retries of their request; null if that has none
     */
    private record Quarantined(
            Target into, DecodedRows rows, @Nullable IdempotencyKey key) {}

    /** Where a request stands; decides what a client that leaves means. */
    private enum Stage {
        BEFORE_BODY,
        BODY,
        ROWS,
        DONE
    }

    /** One request after its caller was let in. */
    private final class Insert extends Deadlines.Waiting implements Handler<Buffer>, AckHandler, Turns.Turn {
        private final Exchange exchange;
        private final HttpServerRequest http;
        private final String subject;
        private final Set<String> pins;
        private final @Nullable RateCount count;
        private final boolean awaitsTable;
        private final InFlightBytes held = new InFlightBytes(inFlight);
        private final RequestBody body = new RequestBody(held, limits);
        private BodyKind kind = BodyKind.PLAIN_JSON;
        private @Nullable Target target;
        private ServerColumns serverColumns = ServerColumns.NONE;
        private long receivedMillis;
        private boolean validateOnly;
        private boolean acceptPartial;
        private @Nullable String givenKey;
        private @Nullable IdempotencyKey key;
        private int rowCount;
        private Stage stage = Stage.BEFORE_BODY;
        private int bytesInTime;
        private Buffer answer = EMPTY_OBJECT;
        private boolean rechecked;
        /** What is left to do if a table is waited for and does not come in time; null if none is. */
        private @Nullable Runnable withoutTable;
        /** Appends that are not durable yet. */
        private int acksDue;

        private long position = NOWHERE;
        private boolean replayed;

        Insert(Exchange exchange, String subject, Set<String> pins, @Nullable RateCount count, boolean awaitsTable) {
            this.exchange = exchange;
            this.subject = subject;
            this.pins = pins;
            this.count = count;
            this.http = exchange.http();
            this.awaitsTable = awaitsTable;
        }

        /** The table is not in the cache: nothing of the body is read meanwhile. */
        void await(CompletableFuture<Target> future) {
            http.pause();
            watchClient();
            CompletableFuture<Target> unused = future.whenCompleteAsync(this::resume, loop);
        }

        private void resume(@Nullable Target loaded, @Nullable Throwable problem) {
            if (stage == Stage.DONE) {
                return;
            }
            try {
                if (loaded == null) {
                    fail(problem == null ? new IllegalStateException("No target and no reason") : problem);
                } else {
                    receive(loaded);
                    http.resume();
                }
            } catch (RuntimeException | Error e) {
                fail(e);
            }
        }

        void receive(Target into) {
            use(into);
            validateOnly = QueryFlag.of(http, VALIDATE_ONLY);
            acceptPartial = QueryFlag.of(http, ACCEPT_PARTIAL);
            if (acceptPartial && awaitsTable) {
                throw Refusal.invalid("wait=table and accept_partial=true do not go together, since an answer tells of"
                                + " one alone: leave one out, and ask for the receipt later. Nothing was stored.")
                        .asException();
            }
            kind = BodyRules.check(http, limits.maxBodyBytes());
            givenKey = KeyHeader.of(http);
            if (givenKey == null && !validateOnly) {
                into.stream().requireRoom();
            }
            stage = Stage.BODY;
            deadlines.add(this);
            watchClient();
            http.handler(this);
            http.endHandler(end -> bodyComplete());
            exchange.sendContinueIfExpected();
        }

        /** @throws RefusedException PERMISSION_DENIED if the table cannot hold what the caller's grant pins */
        private void use(Target into) {
            target = into;
            serverColumns = into.columns().pinnedTo(pins);
        }

        private void watchClient() {
            http.exceptionHandler(this::ended);
            if (http.version() == HttpVersion.HTTP_2) {
                http.response().closeHandler(closed -> clientLeft());
            }
        }

        @Override
        public void handle(Buffer chunk) {
            try {
                body.append(chunk);
            } catch (RuntimeException | Error e) {
                fail(e);
            }
        }

        private void bodyComplete() {
            if (stage != Stage.BODY) {
                return;
            }
            leave();
            stage = Stage.ROWS;
            try {
                receivedMillis = clock.millis();
                Turns turns = exchange.turns();
                if (turns == null) {
                    begin();
                } else {
                    turns.enter(this);
                }
            } catch (RuntimeException | Error e) {
                fail(e);
            }
        }

        @Override
        public String subject() {
            return subject;
        }

        @Override
        public void begin() {
            ContentCoding coding = kind.coding();
            try {
                if (coding == ContentCoding.IDENTITY || body.expandIfSmall(coding, expander)) {
                    identifyAndDecode();
                } else {
                    CompletableFuture<Void> unused = CompletableFuture.runAsync(() -> body.expand(coding), decoders)
                            .whenCompleteAsync((done, problem) -> expanded(problem), loop);
                }
            } catch (RuntimeException | Error e) {
                fail(e);
            }
        }

        private void expanded(@Nullable Throwable problem) {
            try {
                if (problem == null) {
                    identifyAndDecode();
                } else {
                    fail(problem);
                }
            } catch (RuntimeException | Error e) {
                fail(e);
            }
        }

        /** The next request of the caller may go on: this one is appended, or will not be. */
        private void endTurn() {
            Turns turns = exchange.turns();
            if (turns != null) {
                turns.leave(this, loop);
            }
        }

        private void identifyAndDecode() {
            String given = givenKey;
            if (given == null || validateOnly) {
                decodeAndAppend();
            } else {
                identify(given);
            }
        }

        private void identify(String given) {
            try {
                if (body.length() <= LOOP_DECODE_BYTES_MAX) {
                    identified(name(digests, given), null);
                } else {
                    CompletableFuture<IdempotencyKey> unused = CompletableFuture.supplyAsync(
                                    () -> name(new KeyDigests(), given), decoders)
                            .whenCompleteAsync(this::identified, loop);
                }
            } catch (RuntimeException | Error e) {
                fail(e);
            }
        }

        private IdempotencyKey name(KeyDigests by, String given) {
            return by.of(subject, target().schema().id(), given, body.bytes(), body.length());
        }

        /** A retry is answered before its rows are looked at: the table may have changed since. */
        private void identified(@Nullable IdempotencyKey name, @Nullable Throwable problem) {
            try {
                if (name == null) {
                    fail(problem == null ? new IllegalStateException("No key and no reason") : problem);
                    return;
                }
                key = name;
                if (!acceptPartial && isKnown(name)) {
                    endTurn();
                } else {
                    decodeAndAppend();
                }
            } catch (RuntimeException | Error e) {
                fail(e);
            }
        }

        /** The answer to one that is taken in parts tells of its records again, so these are looked at first. */
        private boolean isKnown(IdempotencyKey name) {
            acksDue = 1;
            return target().stream().answer(name, loop, this);
        }

        private void decodeAndAppend() {
            try {
                if (body.length() <= LOOP_DECODE_BYTES_MAX) {
                    take(decode());
                } else {
                    CompletableFuture<DecodedRows> unused = CompletableFuture.supplyAsync(this::decode, decoders)
                            .whenCompleteAsync(this::decoded, loop);
                }
            } catch (RuntimeException | Error e) {
                failOrRecheck(e);
            }
        }

        /** Of rows that do not come to be nothing is held any more. */
        private DecodedRows decode() {
            byte[] bytes = body.bytes();
            long bodyBytes = held.bytes();
            try {
                RowDecoder decoder = target().decoder();
                return acceptPartial
                        ? decoder.decodeEach(bytes, 0, body.length(), kind.form(), held, serverColumns, requestValues())
                        : decoder.decode(bytes, 0, body.length(), kind.form(), held, serverColumns, requestValues());
            } catch (UnknownFieldException e) {
                held.releaseTo(bodyBytes);
                throw e;
            }
        }

        private RequestValues requestValues() {
            return serverColumns.isEmpty()
                    ? RequestValues.NONE
                    : RequestValues.of(receivedMillis, subject, exchange.id());
        }

        private void decoded(@Nullable DecodedRows rows, @Nullable Throwable problem) {
            try {
                if (rows == null) {
                    failOrRecheck(problem == null ? new IllegalStateException("No rows and no reason") : problem);
                } else {
                    take(rows);
                }
            } catch (RuntimeException | Error e) {
                failOrRecheck(e);
            }
        }

        private void failOrRecheck(Throwable problem) {
            Throwable cause = problem instanceof CompletionException e && e.getCause() != null ? e.getCause() : problem;
            if (!rechecked && cause instanceof UnknownFieldException unknown) {
                recheck(() -> fail(unknown));
            } else {
                fail(problem);
            }
        }

        /** The table may have got the column a moment ago. */
        private void recheck(Runnable ifNot) {
            rechecked = true;
            TableName name = target().schema().name();
            awaitTable(targets.recheck(name), ifNot, now -> {
                if (now.schema().equals(target().schema())) {
                    ifNot.run();
                } else {
                    again(now);
                }
            });
        }

        /** Goes on with a table that is looked at. Waits no longer than for a body. */
        private void awaitTable(CompletableFuture<Target> table, Runnable ifLate, Consumer<Target> next) {
            if (table.isDone()) {
                CompletableFuture<Target> unused = table.whenComplete((now, problem) -> goOn(now, problem, next));
            } else {
                withoutTable = ifLate;
                deadlines.add(this);
                CompletableFuture<Target> unused =
                        table.whenCompleteAsync((now, problem) -> goOn(now, problem, next), loop);
            }
        }

        private void goOn(@Nullable Target now, @Nullable Throwable problem, Consumer<Target> next) {
            if (stage == Stage.DONE) {
                return;
            }
            leave();
            if (now == null) {
                fail(problem == null ? new IllegalStateException("No target and no reason") : problem);
                return;
            }
            try {
                next.accept(now);
            } catch (RuntimeException | Error e) {
                fail(e);
            }
        }

        /** It may be another table, under the old one's name. */
        private void again(Target now) {
            use(now);
            identifyAndDecode();
        }

        private void take(DecodedRows rows) {
            if (rows.rejected().count() == 0) {
                append(rows, null);
            } else if (rows.rejected().hasUnknownField() && !rechecked) {
                recheck(() -> quarantine(rows));
            } else {
                quarantine(rows);
            }
        }

        private void quarantine(DecodedRows rows) {
            TableName into = validateOnly ? null : quarantine;
            answer = RejectedBody.of(rows, into);
            if (into == null) {
                append(rows, null);
                return;
            }
            awaitTable(
                    targets.of(into),
                    () -> fail(quarantineIsLate(into).asException()),
                    table -> quarantine(rows, new Quarantine(table)));
        }

        private static Refusal quarantineIsLate(TableName into) {
            return Refusal.unavailable(
                    "Records were rejected, and the table " + into
                            + " (quarantine.table) that they are to go to was not"
                            + " there in time. Nothing was stored; send the request again.",
                    RETRY_AFTER_SECONDS);
        }

        private void quarantine(DecodedRows rows, Quarantine into) {
            if (body.length() <= LOOP_DECODE_BYTES_MAX && rows.rejected().isEachExplained()) {
                append(rows, rejectedRows(rows, into));
                return;
            }
            CompletableFuture<Quarantined> unused = CompletableFuture.supplyAsync(
                            () -> rejectedRows(rows, into), decoders)
                    .whenCompleteAsync((rejected, problem) -> quarantined(rows, rejected, problem), loop);
        }

        private void quarantined(DecodedRows rows, @Nullable Quarantined rejected, @Nullable Throwable problem) {
            try {
                if (rejected == null) {
                    fail(problem == null ? new IllegalStateException("No rows and no reason") : problem);
                } else {
                    append(rows, rejected);
                }
            } catch (RuntimeException | Error e) {
                fail(e);
            }
        }

        private Quarantined rejectedRows(DecodedRows rows, Quarantine into) {
            TableSchema source = target().schema();
            Quarantine.Origin origin = new Quarantine.Origin(subject, source.name(), receivedMillis);
            byte[] bytes = body.bytes();
            DecodedRows rejected = into.rows(bytes, rows.rejected(), this::lookAgain, origin, maxPayloadBytes, held);
            String given = givenKey;
            IdempotencyKey name = given == null
                    ? null
                    : new KeyDigests()
                            .of(
                                    subject,
                                    into.target().schema().id(),
                                    source.id().value() + ' ' + given,
                                    bytes,
                                    body.length());
            return new Quarantined(into.target(), rejected, name);
        }

        private RejectedRecords lookAgain(int offset, int length) {
            long before = held.bytes();
            try {
                return target().decoder()
                        .decodeEach(body.bytes(), offset, length, BodyForm.JSON, held, serverColumns, requestValues())
                        .rejected();
            } finally {
                held.releaseTo(before);
            }
        }

        /** Rejected records go first: once the others are taken, nothing can be refused any more. */
        private void append(DecodedRows rows, @Nullable Quarantined rejected) {
            rowCount = rows.rowCount();
            exchange.decoded(rowCount);
            if (validateOnly) {
                http.response().putHeader(VALIDATED, Integer.toString(rowCount));
            }
            acksDue = (rejected == null ? 0 : 1) + (rowCount == 0 ? 0 : 1);
            if (validateOnly || acksDue == 0) {
                finish();
                exchange.ok(answer);
                return;
            }
            if (rejected != null) {
                append(rejected);
            }
            if (rowCount > 0) {
                append(target(), rows, key, this);
            }
            endTurn();
            clockGuard.received(receivedMillis);
        }

        private void append(Quarantined rejected) {
            Target into = rejected.into();
            int count = rejected.rows().rowCount();
            append(into, rejected.rows(), rejected.key(), (where, again) -> {
                if (!again) {
                    into.stream().answered(count);
                }
                isDurable();
            });
        }

        private void append(Target into, DecodedRows rows, @Nullable IdempotencyKey name, AckHandler ack) {
            into.stream().append(into.logged(), rows.rowCount(), receivedMillis, rows.payload(), name, loop, ack);
        }

        @Override
        public void durable(long where, boolean again) {
            position = where;
            replayed = again;
            isDurable();
        }

        private void isDurable() {
            acksDue--;
            // If the rows were refused after the rejected ones were taken, the request has its answer already.
            if (acksDue == 0 && stage != Stage.DONE) {
                acknowledge();
            }
        }

        private void acknowledge() {
            returnTimes.accepted();
            if (rowCount == 0 && !replayed) {
                finish();
                exchange.ok(answer);
                return;
            }
            Target into = target();
            if (replayed) {
                http.response().putHeader(REPLAYED, TRUE);
            } else {
                into.stream().answered(rowCount);
                metrics.acked(exchange.elapsedNanos(), body.sentBytes(), rowCount);
            }
            ReceiptText receipt = receipt(position, into);
            http.response().putHeader(RECEIPT, receipt.toString());
            if (awaitsTable) {
                answers.inTable(exchange, new ReceiptAnswers.Receipt(receipt, into.stream(), position), this::finish);
            } else {
                finish();
                exchange.ok(answer);
            }
        }

        private ReceiptText receipt(long position, Target into) {
            String sealed = receipts.seal(position, into.schema().id(), subject);
            return new ReceiptText(sealed, into.schema().name());
        }

        @Override
        void overdue() {
            Runnable late = withoutTable;
            if (late != null) {
                late.run();
                return;
            }
            if (body.sentBytes() - bytesInTime >= limits.minBodyBytesPerTimeout()) {
                bytesInTime = body.sentBytes();
                deadlines.add(this);
                return;
            }
            fail(Refusal.of(
                            Refusal.Code.REQUEST_TIMEOUT,
                            "The body did not arrive in time (http.body-timeout, http.min-body-rate). Nothing was"
                                    + " stored; send the request again.")
                    .asException());
        }

        /** The request cannot go on: its framing is broken, or there is nobody left. */
        private void ended(Throwable cause) {
            if (!isBodyExpected()) {
                return;
            }
            if (cause instanceof DecoderException || cause instanceof IllegalArgumentException) {
                finish();
                exchange.refuseBrokenBody(cause);
            } else {
                clientLeft();
            }
        }

        /** Before its body is complete a client that leaves undoes its request; afterwards its rows may be stored. */
        private void clientLeft() {
            if (isBodyExpected()) {
                finish();
                exchange.unanswered();
            }
        }

        private boolean isBodyExpected() {
            return stage == Stage.BEFORE_BODY || stage == Stage.BODY;
        }

        private void fail(Throwable problem) {
            finish();
            exchange.fail(problem);
        }

        /** Ends the request, whatever it came to. What it held goes back exactly once. */
        private void finish() {
            stage = Stage.DONE;
            leave();
            exchange.received(body.sentBytes());
            if (count != null) {
                count.received(body.sentBytes());
            }
            held.release();
            endTurn();
        }

        private Target target() {
            Target known = target;
            if (known == null) {
                throw new IllegalStateException("The body came before its table was known");
            }
            return known;
        }
    }
}
