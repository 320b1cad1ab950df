package io.headgate.delta;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * A new file that is either complete and on the medium, or not there. Whoever writes it says so with {@link #complete};
 * closing it before removes it. Written bytes are forced every few megabytes, so that the last force has little left to
 * do and the page cache of a big file does not flood the disk at once.
 */
final class ForcedOutput implements Closeable {
    private static final int BUFFER_BYTES = 64 * 1024;
    private static final int FORCE_STEP_BYTES = 8 * 1024 * 1024;

    private final Storage storage;
    private final Path file;
    private final Storage.Output output;
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
    private long writtenBytes;
    private long unforcedBytes;
    private boolean failed;
    private boolean closed;
    private boolean complete;

    /** @throws java.nio.file.FileAlreadyExistsException if there is such a file */
    ForcedOutput(Storage storage, Path file) throws IOException {
        this.storage = storage;
        this.file = file;
        output = storage.create(file);
    }

    Path file() {
        return file;
    }

    /** Bytes taken so far. */
    long position() {
        return writtenBytes + buffer.position();
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
        try {
            closeOutput();
        } catch (IOException e) {
            // The file goes away all the same.
        }
        StorageSteps.unlinkQuietly(storage, file);
    }

    private void flush() throws IOException {
        buffer.flip();
        drain(buffer);
        buffer.clear();
    }

    private void drain(ByteBuffer bytes) throws IOException {
        int length = bytes.remaining();
        failed = true;
        output.write(bytes);
        failed = false;
        writtenBytes += length;
        unforcedBytes += length;
        if (unforcedBytes >= FORCE_STEP_BYTES) {
            force();
        }
    }

    private void force() throws IOException {
        failed = true;
        output.force();
        failed = false;
        unforcedBytes = 0;
    }

    private void closeOutput() throws IOException {
        if (!closed) {
            closed = true;
            output.close();
        }
    }
}
