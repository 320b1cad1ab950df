package io.headgate.delta.parquet;

import java.io.IOException;

/** What a data file's output stream must also be, so that half a file never shows under its name. */
public interface Abortable {
    /**
     * Gives up what was written: frees what the stream holds and publishes nothing, now or by a later close. Called
     * instead of close; a second call does nothing.
     */
    void abort() throws IOException;
}
