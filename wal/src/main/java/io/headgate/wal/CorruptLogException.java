package io.headgate.wal;

import java.io.IOException;

/** A log file holds what no crash can leave there. Nothing was changed by finding out. */
public final class CorruptLogException extends IOException {
    static final String UNKNOWN_FORMAT = "the file's format is not version 1, the only one that this Headgate reads";

    private final String file;
    private final long offset;
    private final long position;
    private final String problem;

    CorruptLogException(String file, long offset, long position, String problem) {
        super("The log is damaged: file " + file + ", offset " + offset + ", at position " + position + ": " + problem
                + ". Everything was left as it is. Put the file back as it was if you can; else"
                + " 'headgate log repair' exports the damaged range and goes on without it.");
        this.file = file;
        this.offset = offset;
        this.position = position;
        this.problem = problem;
    }

    /** What was found there instead of what should be. */
    String problem() {
        return problem;
    }

    /** The damaged file's name. */
    public String file() {
        return file;
    }

    /** Where the damage begins in the file, in bytes. */
    public long offset() {
        return offset;
    }

    /** The position that was expected there. */
    public long position() {
        return position;
    }
}
