package io.headgate.wal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Finds the valid groups of one file. Reads ahead, so that small groups cost no call each. Not thread-safe. */
final class GroupReader {
    /** What is read at once at the most, unless a group is larger. */
    static final int WINDOW_BYTES = 64 * 1024;

    private final DiskFile file;
    private final GroupFile header;
    private final long fileBytes;
    private final GroupChecksum checksum;
    private ByteBuffer window;
    private int windowOffset;
    private int aheadBytes;

    private int offset;
    private int length;
    private long firstPosition;
    private int positions;
    private int entries;

    GroupReader(DiskFile file, GroupFile header) throws IOException {
        this.file = file;
        this.header = header;
        this.fileBytes = file.sizeBytes();
        this.checksum = new GroupChecksum(header);
        this.window = window((int) Math.min(WINDOW_BYTES, fileBytes));
    }

    private static ByteBuffer window(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN).limit(0);
    }

    /** Reads the group that starts at {@code at}; false if there is no valid one. */
    boolean read(int at) throws IOException {
        return read(at, WINDOW_BYTES);
    }

    /** The same, by somebody who will want no more than so many bytes from there. */
    boolean read(int at, int aheadBytes) throws IOException {
        this.aheadBytes = aheadBytes;
        if (!load(at, LogFormat.GROUP_HEADER_BYTES)) {
            return false;
        }
        offset = at;
        length = window.getInt(start() + 4);
        if (window.getLong(start() + 8) != header.tag() || length < LogFormat.GROUP_HEADER_BYTES || !load(at, length)) {
            return false;
        }
        firstPosition = window.getLong(start() + 16);
        positions = window.getInt(start() + 24);
        entries = window.getInt(start() + 28);
        return window.getInt(start()) == checksum.of(window, start(), length);
    }

    private boolean load(int at, int bytes) throws IOException {
        if (bytes > fileBytes - at) {
            return false;
        }
        if (at < windowOffset || bytes > windowOffset + window.limit() - at) {
            if (bytes > window.capacity()) {
                window = window(bytes);
            }
            windowOffset = at;
            file.read(window.clear().limit(Math.min(window.capacity(), Math.max(bytes, aheadBytes))), at);
            window.flip();
        }
        return bytes <= window.limit() - (at - windowOffset);
    }

    private int start() {
        return offset - windowOffset;
    }

    /** What the group says that its file's tag is. */
    long tag() {
        return header.tag();
    }

    int offset() {
        return offset;
    }

    /** Where the next group starts, if there is one. */
    int nextOffset() {
        return LogFormat.alignUp(offset + length);
    }

    long firstPosition() {
        return firstPosition;
    }

    /** One past the last position that the group takes. */
    long nextPosition() {
        return firstPosition + positions;
    }

    /** The entries; valid until the next {@link #read}. */
    EntryCursor entries() {
        return new EntryCursor(this, window, start(), length, entries);
    }

    /** The same group as one of another segment; valid until the next {@link #read}, and the entries stay valid too. */
    ByteBuffer recast(GroupFile other) {
        window.putLong(start() + 8, other.tag());
        window.putInt(start(), new GroupChecksum(other).of(window, start(), length));
        return window.slice(start(), length);
    }

    CorruptLogException corrupt(int at, long position, String problem) {
        return new CorruptLogException(header.fileName(), at, position, problem);
    }
}
