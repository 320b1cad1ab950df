package io.headgate.wal;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/** An open file of a {@link Disk}. Writes and forces come from one thread at a time. */
public interface DiskFile extends Closeable {
    /** Its length. */
    long sizeBytes() throws IOException;

    /** Reads into {@code target} until that is full or the file ends; returns the number of bytes read, 0 at the end. */
    int read(ByteBuffer target, long offset) throws IOException;

    /** Writes all of {@code source}, extending the file where needed. After a failure any part may have been written. */
    void write(ByteBuffer source, long offset) throws IOException;

    /**
     * Makes all bytes written so far durable, and what is needed to find them under the file's name, once that is
     * durable. After a failure nothing is known about them, and forcing again does not tell.
     */
    void force() throws IOException;
}
