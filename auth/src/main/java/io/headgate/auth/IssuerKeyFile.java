package io.headgate.auth;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.text.ParseException;
import java.util.Objects;

/** The file that holds the issuer's private key: one P-256 JWK, whose key id is its thumbprint (RFC 7638). */
final class IssuerKeyFile {
    private IssuerKeyFile() {}

    static ECKey loadOrCreate(Path file) throws IOException {
        try {
            return parse(file, Files.readString(file));
        } catch (NoSuchFileException e) {
            create(file);
            return parse(file, Files.readString(file));
        } catch (FileSystemException e) {
            throw new IOException(
                    "Cannot read the issuer's key file " + file + ": " + e
                            + ". Make it readable, or name another with auth.issuer.key-file.",
                    e);
        }
    }

    private static ECKey parse(Path file, String text) throws IOException {
        try {
            ECKey key = ECKey.parse(text);
            if (!Curve.P_256.equals(key.getCurve()) || !key.isPrivate()) {
                throw new IOException(unusable(file));
            }
            return new ECKey.Builder(key).keyIDFromThumbprint().build();
        } catch (ParseException | JOSEException e) {
            // Neither the cause nor its message go on: either may quote the key.
            throw new IOException(unusable(file));
        }
    }

    private static String unusable(Path file) {
        return "The issuer's key file " + file
                + " does not hold a private EC key on curve P-256 as a JWK. Put such a key"
                + " there, or remove the file to have a new one made: tokens signed with the old one then stop working.";
    }

    /** Writes a whole, forced file under another name and links it: nobody ever sees half a key, and nobody's is replaced. */
    private static void create(Path file) throws IOException {
        Path directory = Objects.requireNonNull(file.toAbsolutePath().getParent(), "a key file lies in a directory");
        Path draft = null;
        try {
            Files.createDirectories(directory);
            draft = Files.createTempFile(directory, ".issuer", ".tmp"); // 0600, see its Javadoc
            writeForced(draft, newKey().toJSONString() + "\n");
            Files.createLink(file, draft);
            force(directory);
        } catch (FileAlreadyExistsException somebodyWasFaster) {
            // Theirs is as good as ours.
        } catch (IOException e) {
            throw new IOException(
                    "Cannot create the issuer's key file " + file + ": " + e
                            + ". Make its directory writable, or name another with auth.issuer.key-file.",
                    e);
        } finally {
            if (draft != null) {
                Files.deleteIfExists(draft);
            }
        }
    }

    private static ECKey newKey() {
        try {
            return new ECKeyGenerator(Curve.P_256)
                    .keyUse(KeyUse.SIGNATURE)
                    .algorithm(JWSAlgorithm.ES256)
                    .keyIDFromThumbprint(true)
                    .generate();
        } catch (JOSEException e) {
            throw new IllegalStateException("Every JDK since 7 can generate P-256 keys", e);
        }
    }

    private static void writeForced(Path file, String text) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            ByteBuffer bytes = StandardCharsets.UTF_8.encode(text);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
    }

    private static void force(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
