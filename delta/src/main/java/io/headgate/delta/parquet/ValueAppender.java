package io.headgate.delta.parquet;

import io.headgate.schema.ValueReader;

/**
 * Moves values of one type from where they lie to its column writers: one, or if it is nested one for each type that it
 * comes down to. Levels are those of Parquet ("Nested Encoding").
 */
interface ValueAppender {
    /**
     * Appends a value that is not NULL.
     *
     * @param repetition at which level the value repeats another
     * @return the bytes that it takes before it is encoded, its levels included
     * @throws IllegalArgumentException if NULL is in it where nothing may be NULL
     */
    long append(ValueReader values, int i, int repetition);

    /**
     * Appends what there is instead of a value.
     *
     * @param definition how far down to it something is there: less than if it were there itself
     * @return as {@link #append} does
     */
    long appendNull(int repetition, int definition);
}
