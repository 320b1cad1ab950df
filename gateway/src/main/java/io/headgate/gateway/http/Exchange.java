package io.headgate.gateway.http;

import io.headgate.auth.TokenRefusedException;
import io.headgate.gateway.limits.Admittance;
import io.headgate.model.Excerpt;
import io.headgate.model.Refusal;
import io.headgate.model.RefusedException;
import io.headgate.model.TableName;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One request and its answer, which is given at most once. Confined to the request's event loop. Everything that every
 * answer has, whatever the operation, is here: the request's id, its count, and what becomes of a body that was not
 * read.
 *
 * <p>An answer may come before the body did. A short rest is read and dropped, and the connection lives on. A long one,
 * one of unknown length, or one that waits for {@code 100 Continue} ends the connection, see {@link Linger}.
 */
final class Exchange {
    private static final Logger LOG = LoggerFactory.getLogger(Exchange.class);
    private static final CharSequence REQUEST_ID = HttpHeaders.createOptimized("x-request-id");
    private static final CharSequence RETRY_AFTER = HttpHeaders.createOptimized("retry-after");
    private static final CharSequence RATE_LIMIT = HttpHeaders.createOptimized("ratelimit");
    private static final CharSequence RATE_LIMIT_POLICY = HttpHeaders.createOptimized("ratelimit-policy");
    private static final CharSequence AUTHENTICATE = HttpHeaders.createOptimized("www-authenticate");
    private static final CharSequence JSON = HttpHeaders.createOptimized("application/json");
    private static final CharSequence BEARER = HttpHeaders.createOptimized("Bearer");
    private static final CharSequence BASIC =
            HttpHeaders.createOptimized("Basic realm=\"headgate\", charset=\"UTF-8\"");
    private static final CharSequence NO_STORE = HttpHeaders.createOptimized("no-store");
    private static final int REST_BYTES_MAX = 64 << 10;
    private static final int UNAUTHORIZED = 401;
    private static final int REQUEST_TIMEOUT = 408;

    private final EdgeLoop edge;
    private final HttpServerRequest http;
    private final Connection connection;
    private final String id;
    private final long startNanos;
    private @Nullable String path;
    private @Nullable String subject;
    private @Nullable TableName table;
    private @Nullable String errorCode;
    private int records;
    private int bodyBytes;
    private boolean continueSent;
    private boolean over;

    Exchange(EdgeLoop edge, HttpServerRequest http) {
        this.edge = edge;
        this.http = http;
        this.connection = Connection.of(http);
        this.id = edge.ids().next();
        this.startNanos = edge.nanoTime().getAsLong();
        connection.requestBegun();
    }

    /** As {@code X-Request-Id} says. */
    String id() {
        return id;
    }

    HttpServerRequest http() {
        return http;
    }

    /** The raw path, neither decoded nor normalised. */
    String path() {
        String known = path;
        if (known == null) {
            String raw = http.path();
            known = raw == null ? "" : raw;
            path = known;
        }
        return known;
    }

    long elapsedNanos() {
        return edge.nanoTime().getAsLong() - startNanos;
    }

    /** Who calls, for the access log. */
    void calledBy(String who) {
        subject = who;
    }

    /** Which table is meant, for the access log. */
    void concerns(TableName name) {
        table = name;
    }

    /** Has the answer, whatever it will be, tell of the bounds on what its caller may send. */
    void tellRates(Admittance admittance) {
        http.response().putHeader(RATE_LIMIT_POLICY, admittance.policies());
        http.response().putHeader(RATE_LIMIT, admittance.standing());
    }

    /** How much of the body arrived, for the access log. */
    void received(int bytes) {
        bodyBytes = bytes;
    }

    /** How many records that was, for the access log. */
    void decoded(int count) {
        records = count;
    }

    /** Where it waits for others of its connection; null if there are none. */
    @Nullable
    Turns turns() {
        return isHttp1() ? null : connection.turns();
    }

    /** Lets a client that asked first send its body. */
    void sendContinueIfExpected() {
        if (expectsContinue()) {
            continueSent = true;
            http.response().writeContinue();
        }
    }

    private boolean expectsContinue() {
        return http.version() != HttpVersion.HTTP_1_0
                && http.headers().contains(HttpHeaders.EXPECT, HttpHeaders.CONTINUE, true);
    }

    /** Answers 200 with JSON. */
    void ok(Buffer json) {
        ok(JSON, json);
    }

    /** Answers with JSON, and a status that is no refusal's. */
    void json(int status, Buffer json) {
        end(status, JSON, json);
    }

    void ok(CharSequence contentType, Buffer body) {
        end(200, contentType, body);
    }

    /** Answers with what {@code problem} carries; anything but a refusal is our fault, logged, and told to nobody. */
    void fail(Throwable problem) {
        Throwable cause = problem instanceof CompletionException e && e.getCause() != null ? e.getCause() : problem;
        if (cause instanceof RefusedException refused) {
            refuse(refused.refusal());
            return;
        }
        if (cause instanceof TokenRefusedException refused) {
            OAuthStatus status = OAuthStatus.of(refused.problem().code());
            edge.metrics().refused(status.countedAs());
            refuse(status, refused.problem().description());
            return;
        }
        LOG.atError().addKeyValue("request_id", id).setCause(Fault.of(cause)).log("A request failed");
        refuse(Refusal.of(
                Refusal.Code.INTERNAL,
                "The gateway failed to serve this request. Its log says more under request id " + id + "."));
    }

    void refuse(Refusal refusal) {
        HttpServerResponse response = http.response();
        switch (refusal.code()) {
            case UNAUTHENTICATED -> response.putHeader(AUTHENTICATE, BEARER);
            case RATE_LIMITED -> retryAfter(Math.max(1, refusal.retryAfterSeconds()));
            case UNAVAILABLE ->
                retryAfter(edge.returnTimes().secondsFor(subject == null ? id : subject, refusal.retryAfterSeconds()));
            default -> {}
        }
        edge.metrics().refused(refusal.code());
        if (isOAuth()) {
            refuse(OAuthStatus.of(refusal.code()), refusal.message());
            return;
        }
        RefusalStatus status = RefusalStatus.of(refusal.code());
        errorCode = status.errorCode();
        end(status.status(), JSON, Buffer.buffer(ErrorBody.of(refusal)));
    }

    private void retryAfter(int seconds) {
        connection.pause(edge.refusalPace().refused());
        http.response().putHeader(RETRY_AFTER, Integer.toString(seconds));
    }

    private void refuse(OAuthStatus status, String description) {
        if (status.status() == UNAUTHORIZED) {
            http.response().putHeader(AUTHENTICATE, BASIC);
        }
        errorCode = status.error();
        end(status.status(), JSON, Buffer.buffer(OAuthErrorBody.of(status.error(), description, id)));
    }

    private boolean isOAuth() {
        return path().startsWith(OAuthStatus.PATHS);
    }

    /** The request's head could not be read, or breaks a rule. */
    void refuseMalformed() {
        Throwable cause = http.decoderResult().cause();
        if (cause instanceof RefusedException refused) {
            refuse(refused.refusal());
        } else if (cause instanceof TooLongHttpLineException) {
            refuse(Refusal.of(
                    Refusal.Code.URI_TOO_LONG,
                    "The request line exceeds the limit http.max-request-line: shorten the path."));
        } else if (cause instanceof TooLongHttpHeaderException) {
            refuse(Refusal.of(
                    Refusal.Code.HEADERS_TOO_LARGE,
                    "The request's headers exceed the limit http.max-header: send fewer or shorter ones."));
        } else {
            refuse(Refusal.invalid(
                    "This is not a valid HTTP request: " + Excerpt.of(String.valueOf(cause.getMessage()))));
        }
    }

    /** The body's chunks, or what follows them, could not be read. */
    void refuseBrokenBody(Throwable cause) {
        refuse(Refusal.invalid("The body is not valid in chunked encoding: "
                + Excerpt.of(String.valueOf(cause.getMessage())) + ". Nothing was stored."));
    }

    /** @param allow the methods that the path has */
    void refuseMethod(String allow) {
        http.response().putHeader(HttpHeaders.ALLOW, allow);
        refuse(Refusal.of(
                Refusal.Code.METHOD_NOT_ALLOWED,
                "The method " + http.method().name() + " is not allowed here: use " + allow + "."));
    }

    /** Answers with any status. An answer that was given already stands, and this one is dropped. */
    void end(int status, CharSequence contentType, Buffer body) {
        if (over) {
            return;
        }
        over = true;
        edge.metrics().answered(status);
        HttpServerResponse response = http.response();
        if (status != 200) {
            response.setStatusCode(status);
        }
        response.putHeader(REQUEST_ID, id);
        response.putHeader(HttpHeaders.CONTENT_TYPE, contentType);
        if (isOAuth()) {
            // RFC 6749 (5.1): nobody on the way may keep a token.
            response.putHeader(HttpHeaders.CACHE_CONTROL, NO_STORE);
        }
        boolean bodyRead = http.isEnded() || isMalformed();
        boolean leaveUnread = !bodyRead && mustClose(status);
        if (isHttp1() && (leaveUnread || isMalformed() || edge.draining().getAsBoolean())) {
            response.putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
        }
        if (leaveUnread || isMalformed()) {
            connection.lingerAtClose();
        }
        connection.requestOver(bodyRead);
        response.end(body);
        if (leaveUnread) {
            http.connection().close();
        } else if (!bodyRead) {
            dropRest();
        }
        log(status);
    }

    /** The client left before its request was complete: there is nobody to answer. */
    void unanswered() {
        if (over) {
            return;
        }
        over = true;
        connection.requestOver(true);
        edge.metrics().unanswered();
        log(Access.CLIENT_LEFT);
    }

    private void log(int status) {
        if (edge.accessLog().wants(status)) {
            edge.accessLog()
                    .record(new Access(
                            id,
                            String.valueOf(http.remoteAddress()),
                            http.method().name(),
                            path(),
                            status,
                            errorCode,
                            records,
                            bodyBytes,
                            elapsedNanos(),
                            subject,
                            table,
                            http.getHeader(HttpHeaders.USER_AGENT)));
        }
    }

    /** Whether what is still to come of the body is not worth keeping the connection for. */
    private boolean mustClose(int status) {
        if (!isHttp1()) {
            return false;
        }
        String length = http.getHeader(HttpHeaders.CONTENT_LENGTH);
        if (length == null) {
            return http.headers().contains(HttpHeaders.TRANSFER_ENCODING);
        }
        return (expectsContinue() && !continueSent)
                || status == REQUEST_TIMEOUT
                || BodyRules.exceeds(length, REST_BYTES_MAX);
    }

    /** Vert.x closes the connection by itself after the answer to a request that it could not read. */
    private boolean isMalformed() {
        return http.decoderResult().isFailure();
    }

    private void dropRest() {
        http.handler(isHttp1() ? null : new RestOfStream());
        http.endHandler(end -> connection.restRead());
        http.resume();
    }

    private boolean isHttp1() {
        return http.version() != HttpVersion.HTTP_2;
    }

    /** A stream ends alone: once its rest is long, the client is told to stop (RFC 9113, 8.1). */
    private final class RestOfStream implements Handler<Buffer> {
        private int bytes;

        @Override
        public void handle(Buffer chunk) {
            bytes += chunk.length();
            if (bytes > REST_BYTES_MAX) {
                http.handler(null);
                http.response().reset(0);
            }
        }
    }
}
