package io.headgate.auth;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import io.headgate.model.Refusal;
import io.headgate.model.RefusedException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Tells who is calling from the {@code Authorization} header (RFC 6750, 2.1). A device sends the same token over and
 * over, and a broken device the same broken one: both verdicts are remembered by the token's SHA-256, the good ones
 * until the token expires, the bad ones for a short while. They are kept apart, so that no flood of bad tokens pushes
 * out a good one. A good one is good as long as its key is; a bad one may have become good once the keys are others. Never
 * blocks; any thread.
 */
public final class Authenticator {
    private static final String SCHEME = "Bearer ";

    private final Issuer issuer;
    private final TokenVerifier verifier;
    private final Cache<TokenDigest, TokenVerifier.Verified> accepted;
    private final Cache<TokenDigest, Refused> refused;
    private final LongAdder verifications = new LongAdder();
    private final LongAdder acceptances = new LongAdder();
    private final LongAdder refusals = new LongAdder();

    /** A bad token, and the keys by which it was. */
    private record Refused(Refusal refusal, IssuerKeys keys) {}

    /**
     * How lenient and how large.
     *
     * @param clockSkew by how much the issuer's clock and ours may differ, 0 or more
     * @param acceptedWeightMax how much is remembered about good tokens; a token counts 1, and 1 per table that it grants
     *     and per column that it pins
     * @param refusedMax how many bad tokens are remembered
     * @param refusedFor how long a bad token is remembered; one that becomes good meanwhile waits as long
     */
    public record Settings(Duration clockSkew, long acceptedWeightMax, long refusedMax, Duration refusedFor) {
        /** Half a minute of skew; memory for some 50,000 tokens of one table each, about 20 MB, and 10,000 bad ones. */
        public static Settings defaults() {
            return new Settings(Duration.ofSeconds(30), 100_000, 10_000, Duration.ofSeconds(10));
        }
    }

    /**
     * @param issuer whose tokens are accepted
     * @param clock wall time: tokens are checked against it at each use
     * @param nanoTime {@link System#nanoTime()}: ages what is remembered
     */
    public Authenticator(Issuer issuer, Settings settings, InstantSource clock, LongSupplier nanoTime) {
        this.issuer = issuer;
        this.verifier = new TokenVerifier(issuer, settings.clockSkew(), clock);
        this.accepted = Caffeine.newBuilder()
                .maximumWeight(settings.acceptedWeightMax())
                .weigher((TokenDigest digest, TokenVerifier.Verified token) -> weight(token.principal()))
                .expireAfter(Expiry.creating((TokenDigest digest, TokenVerifier.Verified token) -> Duration.between(
                                clock.instant(), token.principal().expiresAt())
                        .plus(settings.clockSkew())))
                .ticker(nanoTime::getAsLong)
                .executor(Runnable::run)
                .build();
        this.refused = Caffeine.newBuilder()
                .maximumSize(settings.refusedMax())
                .expireAfterWrite(settings.refusedFor())
                .ticker(nanoTime::getAsLong)
                .executor(Runnable::run)
                .build();
    }

    /**
     * Who sends this header.
     *
     * @param authorizationHeader the header's value, or null if there is none; its length is the caller's to bound
     * @throws RefusedException UNAUTHENTICATED, saying what is wrong with it
     */
    public Principal authenticate(@Nullable String authorizationHeader) {
        try {
            Principal principal = check(authorizationHeader);
            acceptances.increment();
            return principal;
        } catch (RefusedException e) {
            refusals.increment();
            throw e;
        }
    }

    private static int weight(Principal principal) {
        int weight = 1 + principal.writableTables().size();
        for (Set<String> pins : principal.pinnedColumns().values()) {
            weight += pins.size();
        }
        return weight;
    }

    private Principal check(@Nullable String authorizationHeader) {
        String header = requireBearer(authorizationHeader);
        TokenDigest digest = TokenDigest.of(header, SCHEME.length());
        TokenVerifier.Verified known = accepted.getIfPresent(digest);
        if (known != null) {
            verifier.requireStillGood(known);
            return known.principal();
        }
        IssuerKeys keys = issuer.keys();
        Refused bad = refused.getIfPresent(digest);
        if (bad != null && bad.keys == keys) {
            throw bad.refusal.asException();
        }
        return verify(header.substring(SCHEME.length()).strip(), digest, keys);
    }

    /** Two threads may do this for the same token at once: cheaper than having one wait for the other. */
    private Principal verify(String token, TokenDigest digest, IssuerKeys keys) {
        verifications.increment();
        try {
            TokenVerifier.Verified verified = verifier.verify(token);
            accepted.put(digest, verified);
            return verified.principal();
        } catch (RefusedException e) {
            // By the keys from before, at the least: if they changed meanwhile, the token is looked at again.
            refused.put(digest, new Refused(e.refusal(), keys));
            throw e;
        }
    }

    /** How many callers were let in. */
    public long acceptances() {
        return acceptances.sum();
    }

    /** How many callers were not let in, those without credentials included. */
    public long refusals() {
        return refusals.sum();
    }

    /** How many tokens were verified in full because neither memory knew them. */
    public long verifications() {
        return verifications.sum();
    }

    private static String requireBearer(@Nullable String header) {
        if (header == null || header.isBlank()) {
            throw AuthErrors.missing().asException();
        }
        if (!header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            throw AuthErrors.notBearer().asException();
        }
        return header;
    }
}
