package io.headgate.delta.batch;

import io.delta.kernel.data.ColumnVector;
import org.jspecify.annotations.Nullable;

/** Reads a column of a file, or what is in one, value by value. Levels are those of Parquet ("Nested Encoding"). */
interface FieldReader {
    /**
     * Appends the next value, or NULL.
     *
     * @return the bytes that it takes in memory, roughly
     */
    long append();

    /** Passes over what stands for a value in a list that is NULL or empty. */
    void pass();

    /** All that was appended since the last call. */
    ColumnVector take();

    /** Any of the file's columns that this reads, whose levels tell what comes next; null if it reads none. */
    @Nullable
    ColumnCursor guide();
}
