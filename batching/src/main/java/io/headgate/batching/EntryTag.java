package io.headgate.batching;

import java.nio.ByteBuffer;

/**
 * An optional field of an entry's header, such as a key digest. Readers skip the tags that they do not know.
 *
 * @param id which field, 1 to 255
 * @param value its bytes, from position to limit, at most 65,535
 */
public record EntryTag(int id, ByteBuffer value) {
    private static final int VALUE_BYTES_MAX = 65_535;

    /** @throws IllegalArgumentException if the id or the length is out of range */
    public EntryTag {
        if (id < 1 || id > 255 || value.remaining() > VALUE_BYTES_MAX) {
            throw new IllegalArgumentException("Tag " + id + " with " + value.remaining() + " bytes is out of range");
        }
    }
}
