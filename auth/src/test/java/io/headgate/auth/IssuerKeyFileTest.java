package io.headgate.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IssuerKeyFileTest {
    @TempDir
    Path directory;

    @Test
    void aNewKeyIsItsOwnersAlone() throws Exception {
        Path file = directory.resolve("new").resolve("issuer.jwk");
        String keyId = loadOrCreate(file).signingKeyId();
        assertEquals(ECKey.parse(Files.readString(file)).computeThumbprint().toString(), keyId);
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        assertEquals(List.of("issuer.jwk"), names(directory.resolve("new")));
    }

    @Test
    void theKeyStaysTheSame() throws Exception {
        Path file = directory.resolve("issuer.jwk");
        assertEquals(loadOrCreate(file).toJson(), loadOrCreate(file).toJson());
    }

    @Test
    void whoeverComesAtOnceGetsTheSameKey() throws Exception {
        Path file = directory.resolve("issuer.jwk");
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            Callable<String> open = () -> loadOrCreate(file).signingKeyId();
            Set<String> keys = threads.invokeAll(List.of(open, open, open, open, open, open, open, open)).stream()
                    .map(IssuerKeyFileTest::get)
                    .collect(Collectors.toSet());
            assertEquals(1, keys.size());
            assertEquals(List.of("issuer.jwk"), names(directory));
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void aKeyIdOfSomebodysChoiceIsReplacedByTheThumbprint() throws Exception {
        ECKey key = new ECKeyGenerator(Curve.P_256).keyID("mine").generate();
        Path file = Files.writeString(directory.resolve("issuer.jwk"), key.toJSONString());
        assertEquals(key.computeThumbprint().toString(), loadOrCreate(file).signingKeyId());
    }

    @Test
    void whatIsNoPrivateP256KeyIsRefusedAndNeverQuoted() throws Exception {
        ECKey p384 = new ECKeyGenerator(Curve.P_384).generate();
        ECKey p256 = new ECKeyGenerator(Curve.P_256).generate();
        assertUnusable(p384.toJSONString());
        assertUnusable(p256.toPublicJWK().toJSONString());
        assertUnusable("{\"kty\":\"oct\",\"k\":\"c2VjcmV0\"}");
        assertUnusable("secret");
        assertUnusable("");
        assertUnusable("{\"keys\":[]}");
        assertUnusable("{\"keys\":\"secret\"}");
        assertUnusable("{\"keys\":[" + p256.toPublicJWK() + "," + p256 + "]}");
        assertUnusable("{\"keys\":[" + p256 + "," + p384 + "]}");
        assertUnusable("{\"keys\":[" + p256 + ("," + p256.toPublicJWK()).repeat(IssuerKeys.KEYS_MAX) + "]}");
    }

    @Test
    void aDirectoryInItsPlaceIsReportedAsSuch() {
        assertThrows(IOException.class, () -> loadOrCreate(directory));
    }

    @Test
    void whereNoneCanBeCreatedTheMessageNamesTheSetting() throws Exception {
        Path file = Files.writeString(directory.resolve("file"), "").resolve("issuer.jwk");
        IOException failure = assertThrows(IOException.class, () -> loadOrCreate(file));
        assertTrue(String.valueOf(failure.getMessage()).contains("auth.issuer.key-file"), failure::getMessage);
    }

    @Test
    void replacingKeepsWhoMayReadItAndLeavesNothingElse() throws Exception {
        Path file = directory.resolve("issuer.jwk");
        loadOrCreate(file);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
        IssuerKeys after = new IssuerKeyFile(file).replace(before -> IssuerKeys.generate());
        assertEquals(after.toJson(), loadOrCreate(file).toJson());
        assertEquals("rw-r-----", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        assertEquals(List.of("issuer.jwk"), names(directory));
    }

    @Test
    void aLinkToTheFileStaysALink() throws Exception {
        Path file = directory.resolve("real").resolve("issuer.jwk");
        loadOrCreate(file);
        Path link = Files.createSymbolicLink(directory.resolve("issuer.jwk"), file);
        IssuerKeys after = new IssuerKeyFile(link).replace(before -> IssuerKeys.generate());
        assertTrue(Files.isSymbolicLink(link));
        assertEquals(after.toJson(), loadOrCreate(file).toJson());
    }

    @Test
    void whatChangesNothingWritesNothing() throws Exception {
        Path file = directory.resolve("issuer.jwk");
        loadOrCreate(file);
        IssuerKeyFile.Stamp before = new IssuerKeyFile(file).stamp();
        new IssuerKeyFile(file).replace(keys -> keys);
        assertEquals(before, new IssuerKeyFile(file).stamp());
    }

    @Test
    void noReplacementIsLostWhenManyComeAtOnce() throws Exception {
        Path file = directory.resolve("issuer.jwk");
        loadOrCreate(file);
        Instant now = Instant.parse("2026-11-22T12:00:00Z");
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            Callable<String> rotate = () -> new IssuerKeyFile(file)
                    .replace(keys -> keys.rotated(now, now.plusSeconds(3_600)))
                    .signingKeyId();
            Set<String> rotated = threads.invokeAll(Collections.nCopies(20, rotate)).stream()
                    .map(IssuerKeyFileTest::get)
                    .collect(Collectors.toSet());
            IssuerKeys keys = loadOrCreate(file);
            assertEquals(20, rotated.size());
            assertEquals(21, keys.size());
            assertTrue(rotated.stream().allMatch(id -> keys.verifies(id, now)));
        } finally {
            threads.shutdownNow();
        }
    }

    private static IssuerKeys loadOrCreate(Path file) throws IOException {
        return new IssuerKeyFile(file).loadOrCreate();
    }

    private void assertUnusable(String content) throws IOException {
        Path file = Files.writeString(directory.resolve("issuer.jwk"), content);
        IOException failure = assertThrows(IOException.class, () -> loadOrCreate(file));
        assertTrue(
                String.valueOf(failure.getMessage()).contains("does not hold a private EC key"), failure::getMessage);
        assertFalse(String.valueOf(failure.getMessage()).contains("secret"), failure::getMessage);
        assertEquals(content, Files.readString(file));
    }

    private static String get(Future<String> future) {
        try {
            return future.get();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static List<String> names(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }
}
