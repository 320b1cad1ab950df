package io.headgate.gateway.doctor;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Whether, of several commits of the same version, exactly one wins: link(2) must exist and refuse a name that is taken. */
final class LinkCheck implements Check {
    private static final String REMEDY =
            "Keep tables (catalog.path) on a file system with hard links, such as ext4 or xfs.";

    private final Path tables;

    LinkCheck(Path tables) {
        this.tables = tables;
    }

    @Override
    public String name() {
        return "exclusive-link";
    }

    @Override
    public Finding examine() throws IOException {
        Path directory = Places.existing(tables);
        try {
            return probe(Files.createFile(Places.probe(directory)), Places.probe(directory));
        } catch (IOException e) {
            return Finding.fail(
                    "cannot write in " + directory + ": " + e,
                    "Let catalog.path name a directory that the gateway may write to.");
        }
    }

    private static Finding probe(Path file, Path name) throws IOException {
        try {
            return link(file, name);
        } finally {
            Files.deleteIfExists(name);
            Files.deleteIfExists(file);
        }
    }

    private static Finding link(Path file, Path name) throws IOException {
        String at = Files.getFileStore(file).type() + " at " + file.getParent();
        try {
            Files.createLink(name, file);
        } catch (IOException | UnsupportedOperationException e) {
            return Finding.fail(at + " has no hard links: " + e, REMEDY);
        }
        try {
            Files.createLink(name, file);
            return Finding.fail(at + " links over a name that is taken: commits could overwrite one another", REMEDY);
        } catch (FileAlreadyExistsException e) {
            return Files.isSameFile(file, name)
                    ? Finding.ok(at + " links, and refuses a name that is taken")
                    : Finding.fail(at + " copies instead of linking", REMEDY);
        }
    }
}
