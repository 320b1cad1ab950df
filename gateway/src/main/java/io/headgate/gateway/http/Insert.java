package io.headgate.gateway.http;

import io.headgate.batching.AckHandler;
import io.headgate.batching.IdempotencyKey;
import io.headgate.gateway.coding.ContentCoding;
import io.headgate.model.Refusal;
import io.headgate.model.RefusedException;
import io.headgate.model.TableId;
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
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One request after its caller was let in, as {@link IngestHandler} says; on its event loop, but for what takes long with a
 * large body.
 */
final class Insert extends Deadlines.Waiting implements Handler<Buffer>, AckHandler, Turns.Turn {
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

    /** Where a request stands; decides what a client that leaves means. */
    private enum Stage {
        BEFORE_BODY,
        BODY,
        ROWS,
        DONE
    }

    private final InsertContext shared;
    private final Exchange exchange;
    private final HttpServerRequest http;
    private final String subject;
    private final Set<String> pins;
    private final @Nullable RateCount count;
    private final boolean awaitsTable;
    private final InFlightBytes held;
    private final RequestBody body;
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
    /** What refuses the request if a table is waited for and does not come in time; null if none is. */
    private @Nullable RefusedException late;
    /** Appends that are not durable yet. */
    private int acksDue;

    private long position = NOWHERE;
    private boolean replayed;

    Insert(
            InsertContext shared,
            Exchange exchange,
            String subject,
            Set<String> pins,
            @Nullable RateCount count,
            boolean awaitsTable) {
        this.shared = shared;
        this.held = new InFlightBytes(shared.inFlight());
        this.body = new RequestBody(held, shared.limits());
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
        CompletableFuture<Target> unused = future.whenCompleteAsync(
                (loaded, problem) -> goOn(loaded, problem, into -> {
                    receive(into);
                    http.resume();
                }),
                shared.loop());
    }

    /** Goes on with what was waited for, on the event loop, unless the request is over. */
    private <T> void goOn(@Nullable T result, @Nullable Throwable problem, Consumer<T> next) {
        if (stage == Stage.DONE) {
            return;
        }
        leave();
        if (result == null) {
            fail(problem == null ? new IllegalStateException("No result and no reason") : problem);
            return;
        }
        try {
            next.accept(result);
        } catch (RuntimeException | Error e) {
            fail(e);
        }
    }

    /** Has a decoding thread do what takes long, and goes on with what it came to. */
    private <T> void offLoop(Supplier<T> work, Consumer<T> next) {
        CompletableFuture<T> unused = CompletableFuture.supplyAsync(work, shared.decoders())
                .whenCompleteAsync((result, problem) -> goOn(result, problem, next), shared.loop());
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
        kind = BodyRules.check(http, shared.limits().maxBodyBytes());
        givenKey = KeyHeader.of(http);
        if (givenKey == null && !validateOnly) {
            into.stream().requireRoom();
        }
        stage = Stage.BODY;
        shared.deadlines().add(this);
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
            receivedMillis = shared.clock().millis();
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
            if (coding == ContentCoding.IDENTITY || body.expandIfSmall(coding, shared.expander())) {
                identifyAndDecode();
            } else {
                offLoop(() -> expanded(coding), content -> identifyAndDecode());
            }
        } catch (RuntimeException | Error e) {
            fail(e);
        }
    }

    private RequestBody expanded(ContentCoding coding) {
        body.expand(coding);
        return body;
    }

    /** The next request of the caller may go on: this one is appended, or will not be. */
    private void endTurn() {
        Turns turns = exchange.turns();
        if (turns != null) {
            turns.leave(this, shared.loop());
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
        TableId table = target().schema().id();
        if (body.length() <= LOOP_DECODE_BYTES_MAX) {
            identified(name(shared.digests(), table, given));
        } else {
            offLoop(() -> name(new KeyDigests(), table, given), this::identified);
        }
    }

    private IdempotencyKey name(KeyDigests by, TableId table, String given) {
        return by.of(subject, table, given, body.bytes(), body.length());
    }

    /** A retry is answered before its rows are looked at: the table may have changed since. */
    private void identified(IdempotencyKey name) {
        key = name;
        if (!acceptPartial && isKnown(name)) {
            endTurn();
        } else {
            decodeAndAppend();
        }
    }

    /** The answer to one that is taken in parts tells of its records again, so these are looked at first. */
    private boolean isKnown(IdempotencyKey name) {
        acksDue = 1;
        return target().stream().answer(name, shared.loop(), this);
    }

    private void decodeAndAppend() {
        try {
            if (body.length() <= LOOP_DECODE_BYTES_MAX) {
                take(decode());
            } else {
                CompletableFuture<DecodedRows> unused = CompletableFuture.supplyAsync(this::decode, shared.decoders())
                        .whenCompleteAsync(this::decoded, shared.loop());
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
        return serverColumns.isEmpty() ? RequestValues.NONE : RequestValues.of(receivedMillis, subject, exchange.id());
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
            recheck(unknown, () -> fail(unknown));
        } else {
            fail(problem);
        }
    }

    /** The table may have got the column a moment ago. */
    private void recheck(RefusedException ifLate, Runnable ifNot) {
        rechecked = true;
        TableName name = target().schema().name();
        awaitTable(shared.targets().recheck(name), ifLate, now -> {
            if (now.schema().equals(target().schema())) {
                ifNot.run();
            } else {
                again(now);
            }
        });
    }

    /** Goes on with a table that is looked at. Waits no longer than for a body. */
    private void awaitTable(CompletableFuture<Target> table, RefusedException ifLate, Consumer<Target> next) {
        if (table.isDone()) {
            CompletableFuture<Target> unused = table.whenComplete((now, problem) -> goOn(now, problem, next));
        } else {
            late = ifLate;
            shared.deadlines().add(this);
            CompletableFuture<Target> unused =
                    table.whenCompleteAsync((now, problem) -> goOn(now, problem, next), shared.loop());
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
            recheck(isLate(target().schema().name()), () -> quarantine(rows));
        } else {
            quarantine(rows);
        }
    }

    private void quarantine(DecodedRows rows) {
        TableName into = validateOnly ? null : shared.quarantine();
        answer = RejectedBody.of(rows, into);
        if (into == null) {
            append(rows, null);
            return;
        }
        awaitTable(shared.targets().of(into), isLate(into), table -> quarantine(rows, new Quarantine(table)));
    }

    private static RefusedException isLate(TableName table) {
        return Refusal.unavailable(
                        "Records were rejected, and the table " + table
                                + " was not looked at in time, which must be known"
                                + " then. Nothing was stored; send the request again.",
                        RETRY_AFTER_SECONDS)
                .asException();
    }

    private void quarantine(DecodedRows rows, Quarantine into) {
        if (body.length() <= LOOP_DECODE_BYTES_MAX && rows.rejected().isEachExplained()) {
            append(rows, rejectedRows(rows, into));
        } else {
            offLoop(() -> rejectedRows(rows, into), rejected -> append(rows, rejected));
        }
    }

    private Quarantined rejectedRows(DecodedRows rows, Quarantine into) {
        TableSchema source = target().schema();
        Quarantine.Origin origin = new Quarantine.Origin(subject, source.name(), receivedMillis);
        DecodedRows rejected =
                into.rows(body.bytes(), rows.rejected(), this::lookAgain, origin, shared.maxPayloadBytes(), held);
        String given = givenKey;
        IdempotencyKey name = given == null
                ? null
                : name(
                        new KeyDigests(),
                        into.target().schema().id(),
                        source.id().value() + ' ' + given);
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
            rejected.append(receivedMillis, shared.loop(), this::isDurable);
        }
        if (rowCount > 0) {
            append(target(), rows);
        }
        endTurn();
        shared.clockGuard().received(receivedMillis);
    }

    private void append(Target into, DecodedRows rows) {
        into.stream().append(into.logged(), rows.rowCount(), receivedMillis, rows.payload(), key, shared.loop(), this);
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
        shared.returnTimes().accepted();
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
            shared.metrics().acked(exchange.elapsedNanos(), body.sentBytes(), rowCount);
        }
        ReceiptText receipt = receipt(position, into);
        http.response().putHeader(RECEIPT, receipt.toString());
        if (awaitsTable) {
            shared.answers()
                    .inTable(exchange, new ReceiptAnswers.Receipt(receipt, into.stream(), position), this::finish);
        } else {
            finish();
            exchange.ok(answer);
        }
    }

    private ReceiptText receipt(long position, Target into) {
        String sealed = shared.receipts().seal(position, into.schema().id(), subject);
        return new ReceiptText(sealed, into.schema().name());
    }

    @Override
    void overdue() {
        RefusedException refusal = late;
        if (refusal != null) {
            fail(refusal);
            return;
        }
        if (body.sentBytes() - bytesInTime >= shared.limits().minBodyBytesPerTimeout()) {
            bytesInTime = body.sentBytes();
            shared.deadlines().add(this);
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
