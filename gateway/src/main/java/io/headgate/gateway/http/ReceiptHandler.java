package io.headgate.gateway.http;

import io.headgate.auth.Authenticator;
import io.headgate.auth.Principal;
import io.headgate.model.Refusal;
import io.vertx.core.http.HttpHeaders;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * {@code getReceipt}: what became of the rows of an insert, told to whoever sent it and may still write the table. In
 * order: who calls (401), the receipt's shape (400), the grant (403), the table (404 501 503), whether the receipt is of
 * this caller and table (404, whatever is wrong with it). One for each event loop.
 */
final class ReceiptHandler implements Operation {
    static final String PATH_PREFIX = "/zerobus/v1/receipts/";

    private final Authenticator authenticator;
    private final Targets targets;
    private final Receipts receipts;
    private final ReceiptAnswers answers;
    private final Executor loop;

    ReceiptHandler(IngestServices services, Targets targets, ReceiptAnswers answers, Executor loop) {
        this.authenticator = services.authenticator();
        this.targets = targets;
        this.receipts = services.receipts().codec();
        this.answers = answers;
        this.loop = loop;
    }

    @Override
    public void serve(Exchange exchange) {
        Principal principal = authenticator.authenticate(exchange.http().getHeader(HttpHeaders.AUTHORIZATION));
        exchange.calledBy(principal.subject());
        ReceiptText text = ReceiptText.parse(exchange.path().substring(PATH_PREFIX.length()));
        exchange.concerns(text.table());
        principal.requireWrite(text.table());
        boolean waits = WaitParameter.isTable(exchange.http());
        CompletableFuture<Target> target = targets.of(text.table());
        if (target.isDone()) {
            tell(exchange, text, principal, waits, target.join());
        } else {
            CompletableFuture<Target> unused = target.whenCompleteAsync(
                    (found, problem) -> resume(exchange, text, principal, waits, found, problem), loop);
        }
    }

    private void resume(
            Exchange exchange,
            ReceiptText text,
            Principal principal,
            boolean waits,
            @Nullable Target found,
            @Nullable Throwable problem) {
        try {
            if (found == null) {
                exchange.fail(problem == null ? new IllegalStateException("No target and no reason") : problem);
            } else {
                tell(exchange, text, principal, waits, found);
            }
        } catch (RuntimeException | Error e) {
            exchange.fail(e);
        }
    }

    private void tell(Exchange exchange, ReceiptText text, Principal principal, boolean waits, Target target) {
        OptionalLong position = receipts.open(text.sealed(), target.schema().id(), principal.subject());
        if (position.isEmpty()) {
            throw Refusal.of(
                            Refusal.Code.NOT_FOUND,
                            "There is no such receipt of this caller: it was given to another, for another table of"
                                    + " this name, by another gateway, or it was changed.")
                    .asException();
        }
        ReceiptAnswers.Receipt receipt = new ReceiptAnswers.Receipt(text, target.stream(), position.getAsLong());
        if (waits) {
            answers.inTable(exchange, receipt, () -> {});
        } else {
            answers.now(exchange, receipt);
        }
    }
}
