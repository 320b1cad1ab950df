package io.headgate.wal;

import java.io.IOException;
import java.util.UUID;

/** What the groups of a file are checked against; the header of the file says it. */
interface GroupFile {
    String fileName();

    UUID logId();

    long number();

    long tag();

    /** Reads the header of a segment or of a parked file. */
    static GroupFile read(DiskFile file, String name) throws IOException {
        return LogFormat.isParked(name) ? ParkedHeader.read(file, name) : SegmentHeader.read(file, name);
    }
}
