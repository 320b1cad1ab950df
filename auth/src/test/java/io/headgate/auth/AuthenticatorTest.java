package io.headgate.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import io.headgate.model.ManualClock;
import io.headgate.model.Refusal;
import io.headgate.model.RefusedException;
import io.headgate.model.Seed;
import io.headgate.model.TableName;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class AuthenticatorTest {
    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
    private static final Duration SKEW = Duration.ofSeconds(30);
    private static final Duration REFUSED_FOR = Duration.ofSeconds(10);
    private static final TableName TELEMETRY = TableName.parse("main.fleet.telemetry");
    private static final TableName ALARMS = TableName.parse("main.fleet.alarms");

    private final ManualClock clock = new ManualClock(NOW);

    @TempDir
    Path directory;

    private Issuer issuer;
    private Authenticator authenticator;

    @BeforeEach
    void open() throws Exception {
        issuer = Issuer.openOrCreate(keyFile(), "headgate", clock);
        authenticator = authenticator(100, 100);
    }

    @Test
    void aMintedTokenNamesItsSubjectItsTablesAndItsEnd() {
        Principal principal = authenticate(issuer.mint("fleet-a", List.of(TELEMETRY, ALARMS), Duration.ofHours(1)));
        assertEquals(
                new Principal("fleet-a", Set.of(TELEMETRY, ALARMS), Map.of(), NOW.plus(Duration.ofHours(1))),
                principal);
    }

    @Test
    void aTokenIsVerifiedOnce() {
        String token = mint();
        assertEquals(authenticate(token), authenticate(token));
        assertEquals(1, authenticator.verifications());
    }

    @Test
    void theSchemeIsReadInAnyCase() {
        assertEquals("fleet-a", authenticator.authenticate("bEARER " + mint()).subject());
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", " "})
    void withoutAHeaderTheCallerLearnsWhatToSend(@Nullable String header) {
        RefusedException refused = assertThrows(RefusedException.class, () -> authenticator.authenticate(header));
        assertUnauthenticated("has no Authorization header", refused);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Basic Zmxl", "Bearer", "Bearertoken", "token"})
    void otherSchemesAreRefused(String header) {
        RefusedException refused = assertThrows(RefusedException.class, () -> authenticator.authenticate(header));
        assertUnauthenticated("not of the form 'Bearer <token>'", refused);
    }

    @ParameterizedTest
    @ValueSource(strings = {" ", "dapi0123", "a.b", "a.b.c", "a.b.c.d", "..", "eyJhbGciOiJFUzI1NiJ9..", "\u00e9.b.c"})
    void whatIsNoJwtIsMalformed(String token) {
        assertRefused("Malformed token", token);
    }

    @Test
    void aTokenCutShortIsRefused() {
        String token = mint();
        assertRefused("signature is wrong", token.substring(0, token.length() - 4));
        assertRefused("Malformed token", token.substring(0, token.lastIndexOf('.')));
    }

    @Test
    void anAlteredTokenIsRefused() {
        String[] parts = mint().split("\\.", -1);
        String claims = new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8);
        assertTrue(claims.contains("fleet-a"));
        assertRefused(
                "signature is wrong", parts[0] + "." + base64(claims.replace("fleet-a", "fleet-b")) + "." + parts[2]);
    }

    @Test
    void noTokenHoweverDamagedFailsInAnyOtherWay() {
        Random random = Seed.forTest("AuthenticatorTest.damaged").random();
        String header =
                "{\"alg\":\"ES256\",\"typ\":\"JWT\",\"crit\":[\"exp\"],\"jwk\":{\"kty\":\"EC\"},\"x5c\":[\"eA\"],\"b64\":1}";
        for (int i = 0; i < 2_000; i++) {
            StringBuilder damaged = new StringBuilder(header);
            for (int hits = random.nextInt(4); hits >= 0; hits--) {
                damaged.setCharAt(random.nextInt(damaged.length()), "{}[]\",:0a\\".charAt(random.nextInt(10)));
            }
            String token = base64(damaged.toString()) + ".e30.AAAA";
            assertThrows(RefusedException.class, () -> authenticate(token), damaged::toString);
        }
    }

    @Test
    void anUnsignedTokenIsRefused() {
        assertRefused("Malformed token", new PlainJWT(claims().build()).serialize());
    }

    @Test
    void thePublicKeyIsNoPassword() throws Exception {
        byte[] publicKey = key().toECPublicKey().getEncoded();
        String token = sign(JWSAlgorithm.HS256, key().getKeyID(), new MACSigner(publicKey), claims());
        assertRefused("signed with 'HS256', only ES256 is accepted", token);
    }

    @Test
    void aKeyOfSomebodyElseIsRefusedUnderItsOwnNameAndUnderOurs() throws Exception {
        ECKey theirs = new ECKeyGenerator(Curve.P_256).keyIDFromThumbprint(true).generate();
        JWSSigner signer = new ECDSASigner(theirs);
        assertRefused("does not know", sign(JWSAlgorithm.ES256, theirs.getKeyID(), signer, claims()));
        assertRefused("does not know", sign(JWSAlgorithm.ES256, null, signer, claims()));
        assertRefused("signature is wrong", sign(JWSAlgorithm.ES256, key().getKeyID(), signer, claims()));
    }

    @Test
    void claimsAreChecked() throws Exception {
        assertRefused("Invalid token issuer", signed(c -> c.issuer("somebody")));
        assertRefused("Invalid token issuer", signed(c -> c.issuer(null)));
        assertRefused("Invalid token audience", signed(c -> c.audience("another")));
        assertRefused("Invalid token audience", signed(c -> c.audience((String) null)));
        assertRefused("claim 'sub'", signed(c -> c.subject(null)));
        assertRefused("claim 'exp'", signed(c -> c.expirationTime(null)));
        assertEquals(
                "fleet-a",
                authenticate(signed(c -> c.audience(List.of("another", "headgate"))))
                        .subject());
    }

    @Test
    void aTokenEndsAtItsExpiryPlusTheSkewWhetherRememberedOrNot() {
        String remembered = issuer.mint("fleet-a", List.of(TELEMETRY), Duration.ofMinutes(1));
        String fresh = issuer.mint("fleet-b", List.of(TELEMETRY), Duration.ofMinutes(1));
        authenticate(remembered);
        clock.advance(Duration.ofMinutes(1).plus(SKEW).minusMillis(1));
        authenticate(remembered);
        authenticate(fresh);
        clock.advance(Duration.ofMillis(1));
        assertRefused("The token expired at 2026-11-22T12:01:00Z", remembered);
        assertRefused("The token expired at 2026-11-22T12:01:00Z", fresh);
        assertRefused("The token expired", issuer(NOW).mint("new", List.of(TELEMETRY), Duration.ofSeconds(60)));
    }

    @Test
    void aWallClockSetBackDoesNotReviveNorKillARememberedToken() {
        // Only nanoTime ages the memory; the wall clock decides each use.
        ManualClock wall = new ManualClock(NOW);
        Authenticator apart = new Authenticator(issuer, settings(100, 100), wall, () -> 0);
        String token = mint();
        apart.authenticate("Bearer " + token);
        wall.advance(Duration.ofHours(2));
        assertThrows(RefusedException.class, () -> apart.authenticate("Bearer " + token));
        wall.advance(Duration.ofHours(-2));
        assertEquals("fleet-a", apart.authenticate("Bearer " + token).subject());
    }

    @Test
    void aTokenOfTheFutureIsRefusedUntilTheSkewReachesIt() throws Exception {
        Date start = Date.from(NOW.plus(SKEW).plusSeconds(1));
        String token = signed(c -> c.notBeforeTime(start));
        assertRefused("is not valid before 2026-11-22T12:00:31Z", token);
        clock.advance(REFUSED_FOR);
        assertEquals("fleet-a", authenticate(token).subject());
    }

    @Test
    void aBadTokenIsVerifiedOnceInAWhile() {
        for (int i = 0; i < 50; i++) {
            assertRefused("Malformed token", "bad");
        }
        assertEquals(1, authenticator.verifications());
        clock.advance(REFUSED_FOR);
        assertRefused("Malformed token", "bad");
        assertEquals(2, authenticator.verifications());
    }

    @Test
    void aFloodOfBadTokensPushesNoGoodOneOut() {
        String good = mint();
        authenticate(good);
        for (int i = 0; i < 1_000; i++) {
            assertRefused("Malformed token", "bad" + i);
        }
        authenticate(good);
        assertEquals(1_001, authenticator.verifications());
    }

    @Test
    void bothMemoriesAreBounded() {
        authenticator = authenticator(20, 10);
        List<String> tokens = IntStream.range(0, 100)
                .mapToObj(i -> issuer.mint("s" + i, List.of(TELEMETRY), Duration.ofHours(1)))
                .toList();
        tokens.forEach(this::authenticate);
        tokens.forEach(this::authenticate);
        // Ten tokens of weight two fit, so at the least ninety were verified again.
        assertTrue(authenticator.verifications() >= 190, () -> "verified " + authenticator.verifications());
    }

    @Test
    void tokensOfFourKilobytesWork() {
        List<TableName> tables = IntStream.range(0, 16)
                .mapToObj(i -> new TableName("main", "fleet", "telemetry_" + i))
                .toList();
        String token = issuer.mint("fleet-a", tables, Duration.ofHours(1));
        assertTrue(token.length() > 3_300 && token.length() < 4_500, () -> "length " + token.length());
        assertEquals(Set.copyOf(tables), authenticate(token).writableTables());
    }

    @Test
    void twoTokensForTheSameAreNotTheSame() {
        assertEquals(2, Stream.of(mint(), mint()).distinct().count());
    }

    private Principal authenticate(String token) {
        return authenticator.authenticate("Bearer " + token);
    }

    private void assertRefused(String message, String token) {
        assertUnauthenticated(message, assertThrows(RefusedException.class, () -> authenticate(token)));
    }

    private static void assertUnauthenticated(String message, RefusedException refused) {
        assertEquals(Refusal.Code.UNAUTHENTICATED, refused.refusal().code());
        assertTrue(refused.refusal().message().contains(message), refused.refusal()::message);
    }

    private Authenticator authenticator(long acceptedWeightMax, long refusedMax) {
        return new Authenticator(issuer, settings(acceptedWeightMax, refusedMax), clock, clock::nanoTime);
    }

    private static Authenticator.Settings settings(long acceptedWeightMax, long refusedMax) {
        return new Authenticator.Settings(SKEW, acceptedWeightMax, refusedMax, REFUSED_FOR);
    }

    private Issuer issuer(Instant at) {
        try {
            return Issuer.openOrCreate(keyFile(), "headgate", () -> at);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private String mint() {
        return issuer.mint("fleet-a", List.of(TELEMETRY), Duration.ofHours(1));
    }

    private String signed(Consumer<JWTClaimsSet.Builder> change) throws Exception {
        JWTClaimsSet.Builder claims = claims();
        change.accept(claims);
        return sign(JWSAlgorithm.ES256, key().getKeyID(), new ECDSASigner(key()), claims);
    }

    private static String sign(
            JWSAlgorithm algorithm, @Nullable String keyId, JWSSigner signer, JWTClaimsSet.Builder claims)
            throws Exception {
        SignedJWT jwt =
                new SignedJWT(new JWSHeader.Builder(algorithm).keyID(keyId).build(), claims.build());
        jwt.sign(signer);
        return jwt.serialize();
    }

    private static JWTClaimsSet.Builder claims() {
        return new JWTClaimsSet.Builder()
                .issuer("headgate")
                .subject("fleet-a")
                .audience("headgate")
                .expirationTime(Date.from(NOW.plusSeconds(3_600)));
    }

    private static String base64(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private ECKey key() throws Exception {
        return ECKey.parse(Files.readString(keyFile()));
    }

    private Path keyFile() {
        return directory.resolve("issuer.jwk");
    }
}
