package io.headgate.schema;

/**
 * How large what is decoded may be. All limits may be reached, none passed.
 *
 * @param maxPayloadBytes typed rows of one request, in the row format
 * @param maxStringChars one JSON string; the largest body there can be, to leave that limit to the body
 * @param maxNumberChars digits of one JSON number
 * @param maxNestingDepth arrays and objects within each other, the request's own array included
 * @param maxRecords records of one request
 * @param maxPartitions partitions of a table that the records of one request are of
 */
public record DecodeLimits(
        int maxPayloadBytes,
        int maxStringChars,
        int maxNumberChars,
        int maxNestingDepth,
        int maxRecords,
        int maxPartitions) {
    private static final int NUMBER_CHARS_MAX = 1_000;
    private static final int NESTING_DEPTH_MAX = 100;
    private static final int RECORDS_MAX = 1_000_000;
    private static final int PARTITIONS_MAX = 1_000;

    /** @throws IllegalArgumentException if a limit is not positive */
    public DecodeLimits {
        if (maxPayloadBytes < 1
                || maxStringChars < 1
                || maxNumberChars < 1
                || maxNestingDepth < 1
                || maxRecords < 1
                || maxPartitions < 1) {
            throw new IllegalArgumentException("Limits are positive: " + maxPayloadBytes + ", " + maxStringChars + ", "
                    + maxNumberChars + ", " + maxNestingDepth + ", " + maxRecords + ", " + maxPartitions);
        }
    }

    /**
     * Limits for bodies of at most {@code maxBodyBytes}: numbers of 1,000 digits, 100 levels of nesting, 1,000,000
     * records of 1,000 partitions.
     */
    public static DecodeLimits of(int maxBodyBytes, int maxPayloadBytes) {
        return of(maxBodyBytes, maxPayloadBytes, NESTING_DEPTH_MAX, RECORDS_MAX, PARTITIONS_MAX);
    }

    /** Limits for bodies of at most {@code maxBodyBytes}, with numbers of 1,000 digits. */
    public static DecodeLimits of(
            int maxBodyBytes, int maxPayloadBytes, int maxNestingDepth, int maxRecords, int maxPartitions) {
        return new DecodeLimits(
                maxPayloadBytes, maxBodyBytes, NUMBER_CHARS_MAX, maxNestingDepth, maxRecords, maxPartitions);
    }
}
