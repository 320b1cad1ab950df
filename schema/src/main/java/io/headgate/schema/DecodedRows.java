package io.headgate.schema;

import java.nio.ByteBuffer;

/**
 * The rows of one request, typed.
 *
 * @param rowCount how many; 0 for an empty array
 * @param payload the rows, from position to limit, as {@link RowLayout} describes
 * @param rejected the records that are none of them, if they were decoded each for itself; none otherwise
 */
public record DecodedRows(int rowCount, ByteBuffer payload, RejectedRecords rejected) {}
