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
        ECKey key = IssuerKeyFile.loadOrCreate(file);
        assertEquals(key.computeThumbprint().toString(), key.getKeyID());
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        assertEquals(List.of("issuer.jwk"), names(directory.resolve("new")));
    }

    @Test
    void theKeyStaysTheSame() throws Exception {
        Path file = directory.resolve("issuer.jwk");
        assertEquals(IssuerKeyFile.loadOrCreate(file), IssuerKeyFile.loadOrCreate(file));
    }

    @Test
    void whoeverComesAtOnceGetsTheSameKey() throws Exception {
        Path file = directory.resolve("issuer.jwk");
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            Callable<String> open = () -> IssuerKeyFile.loadOrCreate(file).getKeyID();
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
        assertEquals(
                key.computeThumbprint().toString(),
                IssuerKeyFile.loadOrCreate(file).getKeyID());
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
    }

    @Test
    void aDirectoryInItsPlaceIsReportedAsSuch() {
        assertThrows(IOException.class, () -> IssuerKeyFile.loadOrCreate(directory));
    }

    @Test
    void whereNoneCanBeCreatedTheMessageNamesTheSetting() throws Exception {
        Path file = Files.writeString(directory.resolve("file"), "").resolve("issuer.jwk");
        IOException failure = assertThrows(IOException.class, () -> IssuerKeyFile.loadOrCreate(file));
        assertTrue(String.valueOf(failure.getMessage()).contains("auth.issuer.key-file"), failure::getMessage);
    }

    private void assertUnusable(String content) throws IOException {
        Path file = Files.writeString(directory.resolve("issuer.jwk"), content);
        IOException failure = assertThrows(IOException.class, () -> IssuerKeyFile.loadOrCreate(file));
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
