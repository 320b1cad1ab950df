package io.headgate.wal;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;

/**
 * The log's one directory on a medium: everything that can fail or be lost under the log goes through here. Files have
 * plain names. A change of names (create, rename, delete) survives a crash only once {@link #forceDirectory} returned
 * after it; bytes survive only once {@link DiskFile#force} did. Renames are atomic, also across a crash.
 */
public interface Disk {
    /** The names of all files, in no order. */
    List<String> list() throws IOException;

    /** Creates an empty file to read and write; fails if the name is taken. */
    DiskFile create(String name) throws IOException;

    /** Opens an existing file to read and write. */
    DiskFile open(String name) throws IOException;

    /** Opens an existing file to read. */
    DiskFile openReadOnly(String name) throws IOException;

    /** Renames a file to a name that is free; open files stay open. */
    void rename(String from, String to) throws IOException;

    /** Renames a file to a name that may be taken: whoever looks finds the one or the other under it, also after a crash. */
    default void replace(String from, String to) throws IOException {
        rename(from, to);
    }

    /** Deletes a file; does nothing if there is none. */
    void delete(String name) throws IOException;

    /** Makes all changes of names so far durable. */
    void forceDirectory() throws IOException;

    /** Bytes that new files can still take. */
    long usableBytes() throws IOException;

    /**
     * Takes the directory for this process alone, until the result is closed or the process ends.
     *
     * @throws IOException if another process, or another log in this one, holds it
     */
    Closeable lock() throws IOException;
}
