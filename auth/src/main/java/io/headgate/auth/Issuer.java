package io.headgate.auth;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.headgate.model.TableName;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Issues the gateway's own tokens: JWTs signed with ES256 (RFC 7518, 3.4) that carry their grants, so that verifying
 * one needs the public key only. Its keys are those of a file, which another process may replace: {@link #reload} takes
 * them over. Any thread; what touches the file says that it blocks.
 */
public final class Issuer {
    /** What our tokens name as {@code iss}. */
    static final String NAME = "headgate";

    /** Clocks may be ten minutes apart, and a gateway signs with the old key for a second after a rotation. */
    private static final Duration RETIREMENT_MARGIN = Duration.ofMinutes(11);

    private final IssuerKeyFile file;
    private final String audience;
    private final InstantSource clock;
    private volatile IssuerKeys keys;
    private IssuerKeyFile.@Nullable Stamp loaded;

    private Issuer(IssuerKeyFile file, String audience, InstantSource clock) throws IOException {
        this.file = file;
        this.audience = audience;
        this.clock = clock;
        this.keys = file.loadOrCreate();
    }

    /**
     * Opens the issuer whose private key is in {@code keyFile}: a JWK, or a JWK Set (RFC 7517) whose first key signs and
     * whose others verify only. If there is no such file it is created, readable by its owner only, durable on return.
     * Of several processes that do this at once all end up with the same key. Blocks.
     *
     * @param audience what the tokens name as {@code aud}
     * @throws IOException with a message fit for the operator, if the file cannot be read or created, or holds
     *     something else
     */
    public static Issuer openOrCreate(Path keyFile, String audience, InstantSource clock) throws IOException {
        return new Issuer(new IssuerKeyFile(keyFile), audience, clock);
    }

    /**
     * A token that lets its bearer write to {@code tables}.
     *
     * @param subject who it is for, not empty
     * @param ttl how long it holds, at least a second
     */
    public String mint(String subject, Collection<TableName> tables, Duration ttl) {
        return mint(subject, tables, Set.of(), ttl);
    }

    /**
     * The same, but for some columns.
     *
     * @param pins columns of each of the tables that are to hold the subject and nothing else
     */
    public String mint(String subject, Collection<TableName> tables, Collection<String> pins, Duration ttl) {
        return mint(subject, AuthorizationDetails.toWrite(tables, pins), ttl);
    }

    /** A token that carries {@code details} as they are. */
    String mint(String subject, List<Map<String, Object>> details, Duration ttl) {
        if (subject.isEmpty() || ttl.toSeconds() < 1) {
            throw new IllegalArgumentException("A token needs a subject and a lifetime of a second or more");
        }
        Instant now = clock.instant();
        JWTClaimsSet claims = new JWTClaimsSet.Builder()
                .issuer(NAME)
                .subject(subject)
                .audience(audience)
                .issueTime(Date.from(now))
                .expirationTime(Date.from(now.plus(ttl)))
                .jwtID(UUID.randomUUID().toString())
                .claim(AuthorizationDetails.CLAIM, details)
                .build();
        return sign(claims, keys);
    }

    private static String sign(JWTClaimsSet claims, IssuerKeys keys) {
        JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.ES256)
                .type(JOSEObjectType.JWT)
                .keyID(keys.signingKeyId())
                .build();
        SignedJWT token = new SignedJWT(header, claims);
        try {
            token.sign(keys.signer());
        } catch (JOSEException e) {
            throw new IllegalStateException("Signing with a key that was checked when it was opened failed", e);
        }
        return token.serialize();
    }

    /**
     * Has the key file remember that tokens minted from now on may hold for {@code ttl}, so that a rotation keeps their
     * key for as long. To be called before minting a token that holds longer than those that the gateway itself mints,
     * which a rotation knows of. Blocks; durable on return.
     *
     * @throws IOException with a message fit for the operator, if the file cannot be replaced
     */
    public void rememberTtl(Duration ttl) throws IOException {
        // To the end of the day, so that ten thousand tokens made in a row do not replace the file ten thousand times.
        Instant end = clock.instant()
                .plus(ttl)
                .plus(RETIREMENT_MARGIN)
                .truncatedTo(ChronoUnit.DAYS)
                .plus(Duration.ofDays(1));
        replaceKeys(before -> before.signingUntil(end));
    }

    /**
     * Replaces the key that signs by a new one. The old one goes on verifying until all tokens signed with it have
     * ended: for {@code ttl}, or longer if tokens were made that hold longer ({@link #rememberTtl}). Blocks; durable on
     * return.
     *
     * @param ttl how long the gateway's tokens hold
     * @return until when the old key verifies
     * @throws IOException with a message fit for the operator, if the file cannot be replaced
     */
    public Instant rotate(Duration ttl) throws IOException {
        Instant now = clock.instant();
        try {
            IssuerKeys after =
                    replaceKeys(before -> before.rotated(now, now.plus(ttl).plus(RETIREMENT_MARGIN)));
            return after.lastRetiredEnd();
        } catch (IllegalStateException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    /**
     * Replaces all keys by a new one: every token signed so far stops working, wherever this file is read. Blocks;
     * durable on return.
     *
     * @throws IOException with a message fit for the operator, if the file cannot be replaced
     */
    public void rotateAndDropOld() throws IOException {
        replaceKeys(before -> IssuerKeys.generate());
    }

    private IssuerKeys replaceKeys(UnaryOperator<IssuerKeys> change) throws IOException {
        IssuerKeys after = file.replace(change);
        keys = after;
        return after;
    }

    /**
     * Takes over the keys of the file if somebody replaced it. Blocks on the disk; one thread at a time.
     *
     * @return whether the keys are others now
     * @throws IOException with a message fit for the operator, if the file cannot be used; the keys stay as they are
     */
    public boolean reload() throws IOException {
        IssuerKeyFile.Stamp stamp = file.stamp();
        if (stamp.equals(loaded)) {
            return false;
        }
        IssuerKeys fresh = file.load();
        // Only now: a file that could not be used is looked at again.
        loaded = stamp;
        boolean changed = !fresh.toJson().equals(keys.toJson());
        if (changed) {
            keys = fresh;
        }
        return changed;
    }

    /** The public halves of the keys that verify now, as a JWK Set (RFC 7517, 5). */
    public String publicKeys() {
        return keys.publicJson(clock.instant());
    }

    /** The id of the key that signs. */
    public String signingKeyId() {
        return keys.signingKeyId();
    }

    String audience() {
        return audience;
    }

    IssuerKeys keys() {
        return keys;
    }
}
