package io.headgate.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import io.headgate.model.ManualClock;
import io.headgate.model.RefusedException;
import io.headgate.model.TableName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A gateway that runs while an operator's command, another process, replaces the keys in the file. */
class KeyRotationTest {
    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
    private static final Duration HOUR = Duration.ofHours(1);
    private static final List<TableName> TABLES = List.of(TableName.parse("main.fleet.telemetry"));

    private final ManualClock clock = new ManualClock(NOW);

    @TempDir
    Path directory;

    private Path file;
    private Issuer gateway;
    private Issuer command;
    private Authenticator authenticator;

    @BeforeEach
    void open() throws IOException {
        file = directory.resolve("issuer.jwk");
        gateway = open(file);
        command = open(file);
        authenticator = new Authenticator(gateway, Authenticator.Settings.defaults(), clock, clock::nanoTime);
    }

    private Issuer open(Path keyFile) throws IOException {
        return Issuer.openOrCreate(keyFile, "headgate", clock);
    }

    private static String mint(Issuer issuer, Duration ttl) {
        return issuer.mint("fleet-a", TABLES, ttl);
    }

    private void accepted(String token) {
        assertEquals("fleet-a", authenticator.authenticate("Bearer " + token).subject());
    }

    private void refused(String token) {
        RefusedException refused =
                assertThrows(RefusedException.class, () -> authenticator.authenticate("Bearer " + token));
        assertTrue(refused.refusal().message().contains("a key that this gateway does not know"), refused::toString);
    }

    @Test
    void withoutARotationThereIsNothingToReload() throws Exception {
        assertFalse(gateway.reload());
        assertFalse(gateway.reload());
    }

    @Test
    void theNewKeySignsAndBothVerify() throws Exception {
        String old = mint(command, HOUR);
        String before = gateway.signingKeyId();
        command.rotate(HOUR);
        String fresh = mint(command, HOUR);
        refused(fresh);
        accepted(old);
        assertTrue(gateway.reload());
        assertFalse(gateway.reload());
        accepted(fresh);
        accepted(old);
        assertNotEquals(before, gateway.signingKeyId());
        assertEquals(command.signingKeyId(), gateway.signingKeyId());
        accepted(mint(gateway, HOUR));
    }

    @Test
    void theOldKeyEndsWithTheLastTokenSignedWithIt() throws Exception {
        Instant end = command.rotate(HOUR);
        // The gateway has not noticed yet, and signs its last token with the old key.
        clock.advance(Duration.ofSeconds(1));
        String last = mint(gateway, HOUR);
        gateway.reload();
        clock.advance(HOUR);
        accepted(last);
        assertFalse(end.isBefore(NOW.plus(HOUR).plusSeconds(1)));
        assertEquals(2, published().size());
        clock.advance(Duration.between(clock.instant(), end));
        assertThrows(RefusedException.class, () -> authenticator.authenticate("Bearer " + last));
        assertEquals(1, published().size());
    }

    @Test
    void anEndedKeyIsTakenOutOfTheFileByTheNextRotation() throws Exception {
        Instant end = command.rotate(HOUR);
        clock.advance(Duration.between(NOW, end));
        command.rotate(HOUR);
        assertEquals(2, JWKSet.load(file.toFile()).size());
    }

    @Test
    void tokensThatHoldLongerKeepTheirKeyForAsLong() throws Exception {
        Duration year = Duration.ofDays(365);
        command.rememberTtl(year);
        String burntIn = mint(command, year);
        Instant end = command.rotate(HOUR);
        assertTrue(end.isAfter(NOW.plus(year)) && end.isBefore(NOW.plus(year).plus(Duration.ofDays(2))), end::toString);
        // The new key has signed no such token.
        assertTrue(command.rotate(HOUR).isBefore(NOW.plus(Duration.ofDays(1))));
        gateway.reload();
        clock.advance(year.minusSeconds(1));
        accepted(burntIn);
    }

    @Test
    void rememberingIsDoneOnceADay() throws Exception {
        command.rememberTtl(HOUR.multipliedBy(48));
        Object first = Files.readAttributes(file, "unix:ino").get("ino");
        clock.advance(Duration.ofMinutes(10));
        command.rememberTtl(HOUR.multipliedBy(48));
        assertEquals(first, Files.readAttributes(file, "unix:ino").get("ino"));
        clock.advance(Duration.ofDays(1));
        command.rememberTtl(HOUR.multipliedBy(48));
        assertNotEquals(first, Files.readAttributes(file, "unix:ino").get("ino"));
    }

    @Test
    void droppedKeysEndAtOnceEvenForTokensThatAreRemembered() throws Exception {
        command.rememberTtl(Duration.ofDays(30));
        String leaked = mint(command, HOUR);
        command.rotate(HOUR);
        String alsoOld = mint(command, HOUR);
        gateway.reload();
        accepted(leaked);
        accepted(alsoOld);
        command.rotateAndDropOld();
        gateway.reload();
        refused(leaked);
        refused(alsoOld);
        accepted(mint(command, HOUR));
        assertEquals(1, published().size());
        assertEquals(1, authenticatorsKeys());
    }

    private int authenticatorsKeys() throws Exception {
        return IssuerKeys.parse(Files.readString(file)).size();
    }

    @Test
    void whatIsPublishedAndWhatIsRetiredHoldsNoPrivateHalf() throws Exception {
        command.rotate(HOUR);
        gateway.reload();
        for (JWK key : published()) {
            assertFalse(key.isPrivate());
            assertEquals("ES256", key.getAlgorithm().getName());
            assertEquals("sig", key.getKeyUse().identifier());
        }
        List<JWK> kept = JWKSet.load(file.toFile()).getKeys();
        assertTrue(kept.get(0).isPrivate());
        assertFalse(kept.get(1).isPrivate());
    }

    private List<JWK> published() throws Exception {
        return JWKSet.parse(gateway.publicKeys()).getKeys();
    }

    @Test
    void aFileThatCannotBeUsedChangesNothingAndIsLookedAtAgain() throws Exception {
        String old = mint(gateway, HOUR);
        byte[] good = Files.readAllBytes(file);
        Files.writeString(file, "{");
        assertThrows(IOException.class, gateway::reload);
        assertThrows(IOException.class, gateway::reload);
        Files.delete(file);
        assertThrows(IOException.class, gateway::reload);
        accepted(old);
        Files.write(file, good);
        assertFalse(gateway.reload());
        Files.delete(file);
        open(file);
        assertTrue(gateway.reload());
        refused(old);
    }

    @Test
    void thereIsAnEndToHowManyKeysAreKept() throws Exception {
        for (int keys = 1; keys < IssuerKeys.KEYS_MAX; keys++) {
            command.rotate(HOUR);
        }
        assertEquals(IssuerKeys.KEYS_MAX, JWKSet.load(file.toFile()).size());
        IOException full = assertThrows(IOException.class, () -> command.rotate(HOUR));
        assertTrue(String.valueOf(full.getMessage()).contains("--drop-old"), full::getMessage);
        assertEquals(IssuerKeys.KEYS_MAX, JWKSet.load(file.toFile()).size());
    }
}
