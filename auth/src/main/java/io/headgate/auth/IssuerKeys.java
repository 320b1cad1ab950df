package io.headgate.auth;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.util.JSONObjectUtils;
import java.text.ParseException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The issuer's keys at one time: one signs, and it and the retired ones verify, each of these until its end. As text
 * they are one JWK (RFC 7517, 4) or a JWK Set (5) whose first key signs:
 *
 * <pre>
 *   { "keys": [ { the key that signs, private },
 *               { a retired key, public half, "exp": when the last token signed with it ends } ... ],
 *     "tokens_end": by when the tokens signed with the first key will all have ended, if some hold unusually long }
 * </pre>
 *
 * Immutable. Equal only to itself, so that nobody takes a verdict of earlier keys for one of these.
 */
final class IssuerKeys {
    /** Bounds the file, and what is published. */
    static final int KEYS_MAX = 100;

    private static final String KEYS = "keys";
    private static final String TOKENS_END = "tokens_end";

    private final ECKey signing;
    private final List<ECKey> retired;
    private final Instant tokensEnd;
    private final JWSSigner signer;
    private final Map<String, Verifying> verifying = new HashMap<>();

    /** @param end from when on it verifies no more; null for never */
    private record Verifying(JWSVerifier verifier, @Nullable Instant end) {
        boolean at(Instant now) {
            return end == null || now.isBefore(end);
        }
    }

    private IssuerKeys(ECKey signing, List<ECKey> retired, Instant tokensEnd) throws JOSEException {
        this.signing = published(signing);
        this.retired = new ArrayList<>();
        this.tokensEnd = tokensEnd;
        this.signer = new ECDSASigner(signing);
        for (ECKey each : retired) {
            ECKey key = published(each.toPublicJWK());
            this.retired.add(key);
            verifying.put(key.getKeyID(), new Verifying(new ECDSAVerifier(key), endOf(key)));
        }
        verifying.put(this.signing.getKeyID(), new Verifying(new ECDSAVerifier(signing), null));
    }

    /** A retired key without an end, which only somebody's own file has, verifies until it is taken out. */
    private static @Nullable Instant endOf(ECKey key) {
        Date end = key.getExpirationTime();
        return end == null ? null : end.toInstant();
    }

    /** A key as others should see it: its id is its thumbprint (RFC 7638), its use plain. */
    private static ECKey published(ECKey key) throws JOSEException {
        return new ECKey.Builder(key)
                .keyUse(KeyUse.SIGNATURE)
                .algorithm(JWSAlgorithm.ES256)
                .keyIDFromThumbprint()
                .build();
    }

    /** One new key. */
    static IssuerKeys generate() {
        try {
            return new IssuerKeys(newKey(), List.of(), Instant.EPOCH);
        } catch (JOSEException e) {
            throw cannotHappen(e);
        }
    }

    private static ECKey newKey() throws JOSEException {
        return new ECKeyGenerator(Curve.P_256).generate();
    }

    private static IllegalStateException cannotHappen(JOSEException e) {
        return new IllegalStateException("Every JDK since 7 can use P-256 keys", e);
    }

    /**
     * Reads what {@link #toJson} wrote, or one JWK.
     *
     * @throws ParseException if it is anything else; its message may quote the key
     */
    static IssuerKeys parse(String json) throws ParseException, JOSEException {
        Map<String, Object> object = JSONObjectUtils.parse(json);
        if (!object.containsKey(KEYS)) {
            return new IssuerKeys(signingKey(JWK.parse(object)), List.of(), Instant.EPOCH);
        }
        List<JWK> keys = JWKSet.parse(object).getKeys();
        if (keys.isEmpty() || keys.size() > KEYS_MAX) {
            throw new ParseException("Not 1 to " + KEYS_MAX + " keys", 0);
        }
        List<ECKey> retired = new ArrayList<>();
        for (JWK key : keys.subList(1, keys.size())) {
            retired.add(p256(key));
        }
        Date tokensEnd = JSONObjectUtils.getEpochSecondAsDate(object, TOKENS_END);
        return new IssuerKeys(
                signingKey(keys.get(0)), retired, tokensEnd == null ? Instant.EPOCH : tokensEnd.toInstant());
    }

    private static ECKey signingKey(JWK key) throws ParseException {
        if (!key.isPrivate()) {
            throw new ParseException("The first key is not private", 0);
        }
        return p256(key);
    }

    private static ECKey p256(JWK key) throws ParseException {
        if (key instanceof ECKey ec && Curve.P_256.equals(ec.getCurve())) {
            return ec;
        }
        throw new ParseException("Not an EC key on curve P-256", 0);
    }

    /** A single key that promises nothing is written as the plain JWK that it always was. */
    String toJson() {
        if (retired.isEmpty() && tokensEnd.equals(Instant.EPOCH)) {
            return signing.toJSONString();
        }
        List<JWK> keys = new ArrayList<>(List.of(signing));
        keys.addAll(retired);
        Map<String, Object> more =
                tokensEnd.equals(Instant.EPOCH) ? Map.of() : Map.of(TOKENS_END, tokensEnd.getEpochSecond());
        return new JWKSet(keys, more).toString(false);
    }

    /** The public halves of the keys that verify at {@code now}, as a JWK Set. */
    String publicJson(Instant now) {
        List<JWK> keys = new ArrayList<>(List.of(signing.toPublicJWK()));
        keys.addAll(unended(now));
        return new JWKSet(keys).toString();
    }

    /**
     * The same with a new key that signs. The one that signed until now verifies until {@code end}, or until all tokens
     * known to be signed with it have ended, if that is later.
     *
     * @throws IllegalStateException if there are {@link #KEYS_MAX} keys already, fit for the operator
     */
    IssuerKeys rotated(Instant now, Instant end) {
        List<ECKey> old = new ArrayList<>();
        old.add(new ECKey.Builder(signing.toPublicJWK())
                .expirationTime(Date.from(end.isAfter(tokensEnd) ? end : tokensEnd))
                .build());
        old.addAll(unended(now));
        if (old.size() >= KEYS_MAX) {
            throw new IllegalStateException(
                    "There are " + KEYS_MAX + " keys whose tokens may still be in use, as many as"
                            + " a key file may hold. Wait until some have ended, or drop all of them: headgate issuer rotate"
                            + " --drop-old");
        }
        try {
            return new IssuerKeys(newKey(), old, Instant.EPOCH);
        } catch (JOSEException e) {
            throw cannotHappen(e);
        }
    }

    private List<ECKey> unended(Instant now) {
        return retired.stream().filter(key -> verifies(key.getKeyID(), now)).toList();
    }

    /** The same, knowing that tokens signed now may hold until {@code end}. */
    IssuerKeys signingUntil(Instant end) {
        if (!end.isAfter(tokensEnd)) {
            return this;
        }
        try {
            return new IssuerKeys(signing, retired, end);
        } catch (JOSEException e) {
            throw cannotHappen(e);
        }
    }

    /** Whether tokens signed with this key count at {@code now}. */
    boolean verifies(String keyId, Instant now) {
        Verifying key = verifying.get(keyId);
        return key != null && key.at(now);
    }

    /** What checks the signatures of a key that {@link #verifies}; null if it does not. */
    @Nullable
    JWSVerifier verifier(String keyId, Instant now) {
        Verifying key = verifying.get(keyId);
        return key != null && key.at(now) ? key.verifier : null;
    }

    JWSSigner signer() {
        return signer;
    }

    String signingKeyId() {
        return signing.getKeyID();
    }

    /** When the key that was retired last ends; the far future if there is none, or it has no end. */
    Instant lastRetiredEnd() {
        Instant end = retired.isEmpty() ? null : endOf(retired.get(0));
        return end == null ? Instant.MAX : end;
    }

    int size() {
        return 1 + retired.size();
    }
}
