package io.headgate.gateway;

import io.headgate.auth.SecretFile;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/**
 * The file that holds the key of receipts: 32 hex digits, its owner's alone. Without it old receipts open no more, and
 * nothing else is lost. All calls block.
 */
final class ReceiptKeyFile {
    private static final int KEY_BYTES = 16;

    private ReceiptKeyFile() {}

    /** Of several processes that do this at once all end up with the same key. */
    static SecretKey loadOrCreate(Path file) throws IOException {
        try {
            if (!Files.exists(file)) {
                byte[] key = new byte[KEY_BYTES];
                new SecureRandom().nextBytes(key);
                SecretFile.create(file, HexFormat.of().formatHex(key) + "\n");
            }
        } catch (IOException e) {
            throw new IOException(
                    "Cannot create the key file of receipts " + file + ": " + e
                            + ". Make its directory writable, or name another with receipts.key-file.",
                    e);
        }
        return load(file);
    }

    private static SecretKey load(Path file) throws IOException {
        String text;
        try {
            text = Files.readString(file).strip();
        } catch (NoSuchFileException e) {
            throw new IOException("The key file of receipts " + file + " was just removed. Start again.", e);
        } catch (FileSystemException e) {
            throw new IOException(
                    "Cannot read the key file of receipts " + file + ": " + e
                            + ". Make it readable, or name another with receipts.key-file.",
                    e);
        }
        if (!text.matches("[0-9a-fA-F]{" + 2 * KEY_BYTES + "}")) {
            // What is in it is not quoted: it may be most of a key.
            throw new IOException("The key file of receipts " + file + " does not hold " + 2 * KEY_BYTES
                    + " hex digits. Put them there, or remove the file to have a new key made: old receipts then open no"
                    + " more.");
        }
        return new SecretKeySpec(HexFormat.of().parseHex(text), "AES");
    }
}
