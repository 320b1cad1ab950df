package io.headgate.gateway.http;

import io.headgate.auth.IssuedToken;
import io.headgate.auth.TokenEndpoint;
import io.headgate.batching.ByteBudget;
import io.headgate.model.Refusal;
import io.netty.handler.codec.DecoderException;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code createToken}: reads a small form and has the token endpoint answer it, on the request's event loop. One handler
 * per event loop.
 */
final class TokenHandler implements Operation {
    static final String PATH = "/oidc/v1/token";

    /** What all forms together may hold on one event loop: some thousand that are being sent. */
    private static final long FORMS_BYTES_MAX = 4 << 20;

    private final TokenEndpoint tokens;
    private final Deadlines deadlines;
    private final ByteBudget forms = new ByteBudget(FORMS_BYTES_MAX);

    TokenHandler(TokenEndpoint tokens, Deadlines deadlines) {
        this.tokens = tokens;
        this.deadlines = deadlines;
    }

    @Override
    public void serve(Exchange exchange) {
        HttpServerRequest http = exchange.http();
        FormBody.check(http);
        String credentials = onlyOne(http.headers().getAll(HttpHeaders.AUTHORIZATION));
        new TokenRequest(exchange, credentials).receive();
    }

    private static @Nullable String onlyOne(List<String> headers) {
        if (headers.size() > 1) {
            throw Refusal.invalid("The request has " + headers.size() + " Authorization headers: send one.")
                    .asException();
        }
        return headers.isEmpty() ? null : headers.get(0);
    }

    private final class TokenRequest extends Deadlines.Waiting implements Handler<Buffer> {
        private final Exchange exchange;
        private final @Nullable String credentials;
        private final InFlightBytes held = new InFlightBytes(forms);
        private final FormBody form = new FormBody(held);
        private boolean done;

        TokenRequest(Exchange exchange, @Nullable String credentials) {
            this.exchange = exchange;
            this.credentials = credentials;
        }

        void receive() {
            HttpServerRequest http = exchange.http();
            deadlines.add(this);
            http.exceptionHandler(this::ended);
            if (http.version() == HttpVersion.HTTP_2) {
                http.response().closeHandler(closed -> clientLeft());
            }
            http.handler(this);
            http.endHandler(end -> formComplete());
            exchange.sendContinueIfExpected();
        }

        @Override
        public void handle(Buffer chunk) {
            try {
                form.append(chunk);
            } catch (RuntimeException | Error e) {
                fail(e);
            }
        }

        private void formComplete() {
            if (done) {
                return;
            }
            try {
                IssuedToken token = tokens.issue(credentials, form.parameters());
                finish();
                exchange.calledBy(token.subject());
                exchange.ok(Buffer.buffer(token.toJson()));
            } catch (RuntimeException | Error e) {
                fail(e);
            }
        }

        @Override
        void overdue() {
            fail(Refusal.of(Refusal.Code.REQUEST_TIMEOUT, "The form did not arrive in time: send the request again.")
                    .asException());
        }

        /** The request cannot go on: its framing is broken, or there is nobody left. */
        private void ended(Throwable cause) {
            if (done) {
                return;
            }
            if (cause instanceof DecoderException || cause instanceof IllegalArgumentException) {
                finish();
                exchange.refuseBrokenBody(cause);
            } else {
                clientLeft();
            }
        }

        private void clientLeft() {
            if (!done) {
                finish();
                exchange.unanswered();
            }
        }

        private void fail(Throwable problem) {
            finish();
            exchange.fail(problem);
        }

        /** Ends the request, whatever it came to. */
        private void finish() {
            done = true;
            exchange.received(form.length());
            leave();
            held.release();
        }
    }
}
