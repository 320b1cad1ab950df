package io.headgate.gateway.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Whether the key that signs tokens is its owner's alone. */
final class KeyFileCheck implements Check {
    private final Path file;

    KeyFileCheck(Path file) {
        this.file = file;
    }

    @Override
    public String name() {
        return "issuer-key";
    }

    @Override
    public Finding examine() throws IOException {
        if (!Files.exists(file)) {
            return Finding.skipped(file + " is not there yet; the first start makes it");
        }
        if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
            return Finding.fail(
                    file + " is no file that can be read here",
                    "Let auth.issuer.key-file name a private JWK, or nothing yet.");
        }
        return Permissions.othersMayRead(file)
                ? Finding.fail(
                        file + " may be read by others, who could then sign tokens for every table",
                        "chmod 600 " + file + "; if others were here, run 'headgate issuer rotate'.")
                : Finding.ok(file + " is its owner's alone");
    }
}
