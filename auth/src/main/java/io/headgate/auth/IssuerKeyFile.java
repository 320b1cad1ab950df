package io.headgate.auth;

import com.nimbusds.jose.JOSEException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.text.ParseException;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The file that holds the issuer's keys. It is only ever replaced whole: written and forced under another name, then
 * renamed, so that a reader, or a machine that lost power, sees the old one or the new one. All calls block.
 */
final class IssuerKeyFile {
    private final Path file;

    /** What tells one state of the file from the next: each replacement is another file. */
    record Stamp(@Nullable Object fileKey, FileTime modified, long size) {}

    IssuerKeyFile(Path file) {
        this.file = file;
    }

    /** Of several processes that do this at once all end up with the same key. */
    IssuerKeys loadOrCreate() throws IOException {
        try {
            return parse(Files.readString(file));
        } catch (NoSuchFileException e) {
            create();
            return load();
        } catch (FileSystemException e) {
            throw unreadable(e);
        }
    }

    IssuerKeys load() throws IOException {
        try {
            return parse(Files.readString(file));
        } catch (FileSystemException e) {
            throw unreadable(e);
        }
    }

    Stamp stamp() throws IOException {
        try {
            BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
            return new Stamp(now.fileKey(), now.lastModifiedTime(), now.size());
        } catch (FileSystemException e) {
            throw unreadable(e);
        }
    }

    private IOException unreadable(FileSystemException e) {
        return new IOException(
                "Cannot read the issuer's key file " + file + ": " + e
                        + ". Make it readable, or name another with auth.issuer.key-file.",
                e);
    }

    private IssuerKeys parse(String text) throws IOException {
        try {
            return IssuerKeys.parse(text);
        } catch (ParseException | JOSEException | RuntimeException e) {
            // Neither the cause nor its message go on: either may quote the key.
            throw new IOException("The issuer's key file " + file
                    + " does not hold a private EC key on curve P-256 as a JWK, or a JWK Set that begins with one. Put"
                    + " such a key there, or remove the file to have a new one made: tokens signed with the old one then"
                    + " stop working.");
        }
    }

    private void create() throws IOException {
        try {
            // If somebody was faster, theirs is as good as ours.
            SecretFile.create(file, text(IssuerKeys.generate()));
        } catch (IOException e) {
            throw new IOException(
                    "Cannot create the issuer's key file " + file + ": " + e
                            + ". Make its directory writable, or name another with auth.issuer.key-file.",
                    e);
        }
    }

    private static String text(IssuerKeys keys) {
        return keys.toJson() + "\n";
    }

    /**
     * Replaces the keys by what {@code change} makes of them, one process at a time; durable on return. Owner and
     * permissions stay as they are. If {@code change} changes nothing, nothing is written.
     *
     * @return the keys that are in the file now
     */
    IssuerKeys replace(UnaryOperator<IssuerKeys> change) throws IOException {
        // Locks are the JVM's, not a thread's.
        synchronized (IssuerKeyFile.class) {
            while (true) {
                // Through a symbolic link, as otherwise the link would be replaced.
                Path real = file.toRealPath();
                Stamp before = new IssuerKeyFile(real).stamp();
                try (FileChannel channel = FileChannel.open(real, StandardOpenOption.READ, StandardOpenOption.WRITE);
                        FileLock lock = channel.lock()) {
                    // Whoever held the lock before us may have put another file in its place.
                    if (lock.isValid() && before.equals(new IssuerKeyFile(real).stamp())) {
                        return replaceLocked(real, change);
                    }
                } catch (FileSystemException e) {
                    throw unwritable(e);
                }
            }
        }
    }

    private IssuerKeys replaceLocked(Path real, UnaryOperator<IssuerKeys> change) throws IOException {
        IssuerKeys before = load();
        IssuerKeys after = change.apply(before);
        if (after == before) {
            return before;
        }
        Path directory = SecretFile.directoryOf(real);
        Path draft = null;
        try {
            draft = SecretFile.newDraft(directory);
            copyAccess(real, draft);
            SecretFile.writeForced(draft, text(after));
            Files.move(draft, real, StandardCopyOption.ATOMIC_MOVE);
            SecretFile.force(directory);
            return after;
        } catch (FileSystemException e) {
            throw unwritable(e);
        } finally {
            if (draft != null) {
                Files.deleteIfExists(draft);
            }
        }
    }

    private IOException unwritable(FileSystemException e) {
        return new IOException(
                "Cannot replace the issuer's key file " + file + ": " + e
                        + ". Nothing was changed. Run this as the owner of the file, with its directory writable.",
                e);
    }

    /** A gateway that runs as somebody else must be able to read the new file if it could read the old one. */
    private static void copyAccess(Path from, Path to) throws IOException {
        PosixFileAttributeView view = Files.getFileAttributeView(to, PosixFileAttributeView.class);
        if (view == null) {
            return;
        }
        PosixFileAttributes wanted = Files.readAttributes(from, PosixFileAttributes.class);
        PosixFileAttributes given = view.readAttributes();
        if (!given.owner().equals(wanted.owner())) {
            view.setOwner(wanted.owner());
        }
        if (!given.group().equals(wanted.group())) {
            view.setGroup(wanted.group());
        }
        view.setPermissions(wanted.permissions());
    }
}
