package io.headgate.schema;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Steps through the rows of a payload and reads them where they lie; see {@link RowLayout}. One reader serves any number
 * of payloads of its layout.
 */
public final class RowReader extends ValueReader {
    private final int fixedBytes;
    private int next;

    /** @param layout what the rows were written with */
    public RowReader(RowLayout layout) {
        super(layout.tuple(), layout.fixedBytes());
        fixedBytes = layout.fixedBytes();
    }

    /** Goes before the first row of {@code payload}, position to limit. Its position stays as it is. */
    public RowReader wrap(ByteBuffer payload) {
        moveToRow(payload.slice().order(ByteOrder.LITTLE_ENDIAN), 0, 0);
        next = 0;
        return this;
    }

    /**
     * Goes to the next row.
     *
     * @return false if there is none
     * @throws CorruptRowException if what follows is not a row
     */
    public boolean next() {
        ByteBuffer payload = buffer();
        int remaining = payload.limit() - next;
        if (remaining == 0) {
            return false;
        }
        int row = next;
        int length = remaining < RowLayout.LENGTH_BYTES ? -1 : payload.getInt(row);
        if (length < fixedBytes || length > remaining) {
            throw new CorruptRowException("Row at byte " + row + " claims " + length + " bytes: not between the "
                    + fixedBytes + " of its fixed part and the " + remaining + " left in the payload");
        }
        next = row + length;
        moveToRow(payload, row, next);
        return true;
    }
}
