package io.headgate.gateway.http;

import io.headgate.gateway.limits.Admittance;
import io.headgate.gateway.limits.RateLimits;
import io.headgate.model.RefusedException;
import io.headgate.model.TableName;
import io.vertx.core.http.HttpHeaders;
import org.jspecify.annotations.Nullable;

/** What one request counts as against the rates: as announced, later as received. */
final class RateCount {
    private final RateLimits rates;
    private final String subject;
    private final TableName table;
    private int countedBytes;

    private RateCount(RateLimits rates, String subject, TableName table, int countedBytes) {
        this.rates = rates;
        this.subject = subject;
        this.table = table;
        this.countedBytes = countedBytes;
    }

    /**
     * Counts a request whose caller may write to {@code table}, and has its answer tell of the bounds.
     *
     * @param maxBytes more is not counted: a body that is announced as larger is refused
     * @return null if nothing bounds it
     * @throws RefusedException RATE_LIMITED, and nothing was counted
     */
    static @Nullable RateCount of(RateLimits rates, Exchange exchange, String subject, TableName table, int maxBytes) {
        if (!rates.bound(table)) {
            return null;
        }
        String length = exchange.http().getHeader(HttpHeaders.CONTENT_LENGTH);
        int bytes = length == null || BodyRules.exceeds(length, maxBytes) ? 0 : Integer.parseInt(length.strip());
        Admittance admittance = rates.admit(subject, table, bytes);
        exchange.tellRates(admittance);
        if (admittance.refusal() != null) {
            throw admittance.refusal().asException();
        }
        return new RateCount(rates, subject, table, bytes);
    }

    /** So much of the body came in all. */
    void received(int bytes) {
        if (bytes > countedBytes) {
            rates.charge(subject, table, (long) bytes - countedBytes);
            countedBytes = bytes;
        }
    }
}
