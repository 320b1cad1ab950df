package io.headgate.delta;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * The primitive disk operations that the durability of a commit rests on, one system call each, so that a test can fail
 * or cut every one of them. Reading needs no such care and goes to {@link java.nio.file.Files}.
 */
interface Storage {
    /** A file being written. */
    interface Output extends Closeable {
        /** Appends all that remains in {@code bytes}. */
        void write(ByteBuffer bytes) throws IOException;

        /** Returns once all written bytes are on the medium. */
        void force() throws IOException;
    }

    /** @throws java.nio.file.FileAlreadyExistsException if there is such a file: none is ever written over */
    Output create(Path file) throws IOException;

    /**
     * Gives a file a second name, atomically.
     *
     * @throws java.nio.file.FileAlreadyExistsException if {@code name} is taken
     */
    void link(Path file, Path name) throws IOException;

    /** Moves a file to a name, atomically, replacing what had that name. */
    void rename(Path file, Path name) throws IOException;

    /** @return false if there was no such file */
    boolean unlink(Path file) throws IOException;

    /** @throws java.nio.file.FileAlreadyExistsException if the name is taken */
    void createDirectory(Path directory) throws IOException;

    /** Returns once the names in {@code directory} are on the medium. */
    void forceDirectory(Path directory) throws IOException;
}
