package io.headgate.auth;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.headgate.model.TableName;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Date;
import java.util.UUID;

/**
 * Issues the gateway's own tokens: JWTs signed with ES256 (RFC 7518, 3.4) that carry their grants, so that verifying
 * one needs the public key only. Any thread.
 */
public final class Issuer {
    /** What our tokens name as {@code iss}. */
    static final String NAME = "headgate";

    private final ECKey key;
    private final JWSSigner signer;
    private final String audience;
    private final InstantSource clock;

    private Issuer(ECKey key, String audience, InstantSource clock) throws JOSEException {
        this.key = key;
        this.signer = new ECDSASigner(key);
        this.audience = audience;
        this.clock = clock;
    }

    /**
     * Opens the issuer whose private key is in {@code keyFile}, a JWK (RFC 7517). If there is no such file it is
     * created, readable by its owner only, durable on return. Of several processes that do this at once all end up with
     * the same key.
     *
     * @param audience what the tokens name as {@code aud}
     * @throws IOException with a message fit for the operator, if the file cannot be read or created, or holds
     *     something else
     */
    public static Issuer openOrCreate(Path keyFile, String audience, InstantSource clock) throws IOException {
        try {
            return new Issuer(IssuerKeyFile.loadOrCreate(keyFile), audience, clock);
        } catch (JOSEException e) {
            throw new IOException("This JVM cannot sign with the key in " + keyFile + ": " + e.getMessage(), e);
        }
    }

    /**
     * A token that lets its bearer write to {@code tables}.
     *
     * @param subject who it is for, not empty
     * @param ttl how long it holds, at least a second
     */
    public String mint(String subject, Collection<TableName> tables, Duration ttl) {
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
                .claim(AuthorizationDetails.CLAIM, AuthorizationDetails.toWrite(tables))
                .build();
        return sign(claims);
    }

    private String sign(JWTClaimsSet claims) {
        JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.ES256)
                .type(JOSEObjectType.JWT)
                .keyID(key.getKeyID())
                .build();
        SignedJWT token = new SignedJWT(header, claims);
        try {
            token.sign(signer);
        } catch (JOSEException e) {
            throw new IllegalStateException("Signing with a key that was checked when it was opened failed", e);
        }
        return token.serialize();
    }

    String audience() {
        return audience;
    }

    /** The public half of the key that signs. */
    ECKey publicKey() {
        return key.toPublicJWK();
    }
}
