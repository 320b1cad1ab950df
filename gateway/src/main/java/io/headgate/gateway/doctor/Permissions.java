package io.headgate.gateway.doctor;

import static java.nio.file.attribute.PosixFilePermission.GROUP_READ;
import static java.nio.file.attribute.PosixFilePermission.OTHERS_READ;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;

/** Who may read a file. */
final class Permissions {
    private Permissions() {}

    /** Whether anybody but the owner may; false where the file system does not know. */
    static boolean othersMayRead(Path file) throws IOException {
        try {
            Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
            return permissions.contains(GROUP_READ) || permissions.contains(OTHERS_READ);
        } catch (UnsupportedOperationException e) {
            return false;
        }
    }
}
