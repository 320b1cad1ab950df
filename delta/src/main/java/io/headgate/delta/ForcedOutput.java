package io.headgate.delta;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A new file that is either complete and on the medium, or not there. Whoever writes it says so with {@link #complete};
 * closing it before removes it. Unless {@link #create} says otherwise it is created with its first bytes that do not fit a
 * buffer, so that many small ones can be filled side by side. Written bytes are forced every few megabytes, so that the
 * last force has little left to do and the page cache of a big file does not flood the disk at once.
 */
final class ForcedOutput implements Closeable {
    private static final int BUFFER_BYTES = 64 * 1024;
    private static final int FORCE_STEP_BYTES = 8 * 1024 * 1024;

    private final Storage storage;
    private final Path file;
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
    private Storage.@Nullable Output output;
    private long writtenBytes;
    private long unforcedBytes;
    private boolean failed;
    private boolean closed;
    private boolean complete;

    ForcedOutput(Storage storage, Path file) {
        this.storage = storage;
        this.file = file;
    }

    Path file() {
        return file;
    }

    /** Bytes taken so far. */
    long position() {
        return writtenBytes + buffer.position();
    }

    /**
     * Creates the file now.
     *
     * @throws java.nio.file.FileAlreadyExistsException if there is such a file; as {@link #write} and {@link #complete}
     *     throw otherwise
     */
    ForcedOutput create() throws IOException {
        output();
        return this;
    }

    void write(byte[] bytes, int offset, int length) throws IOException {
        if (length > buffer.remaining()) {
            flush();
        }
        if (length > buffer.capacity()) {
            drain(ByteBuffer.wrap(bytes, offset, length));
        } else {
            buffer.put(bytes, offset, length);
        }
    }

    /**
     * Returns once everything is on the medium, under a name that may still be lost.
     *
     * @throws IOException if it is not; or if any write before failed, as then bytes are missing
     */
    void complete() throws IOException {
        if (failed || closed) {
            throw new IOException("Cannot complete " + file + ": a write to it failed, or it was closed before");
        }
        flush();
        force();
        closeOutput();
        complete = true;
    }

    /** Removes the file unless it is complete. Never throws: there is nothing more to be lost. */
    @Override
    public void close() {
        if (!complete) {
            remove();
        }
    }

    /** Removes the file, complete or not. Never throws. */
    void remove() {
        boolean created = output != null;
        try {
            closeOutput();
        } catch (IOException e) {
            // The file goes away all the same.
        }
        if (created) {
            StorageSteps.unlinkQuietly(storage, file);
        }
    }

    private void flush() throws IOException {
        buffer.flip();
        drain(buffer);
        buffer.clear();
    }

    private void drain(ByteBuffer bytes) throws IOException {
        int length = bytes.remaining();
        failed = true;
        output().write(bytes);
        failed = false;
        writtenBytes += length;
        unforcedBytes += length;
        if (unforcedBytes >= FORCE_STEP_BYTES) {
            force();
        }
    }

    private void force() throws IOException {
        failed = true;
        output().force();
        failed = false;
        unforcedBytes = 0;
    }

    private Storage.Output output() throws IOException {
        Storage.Output created = output;
        if (created == null) {
            created = storage.create(file);
            output = created;
        }
        return created;
    }

    private void closeOutput() throws IOException {
        Storage.Output created = output;
        if (!closed && created != null) {
            created.close();
        }
        closed = true;
    }
}
