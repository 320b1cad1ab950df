package io.headgate.batching;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Names one request across its retries, as digests. Whoever made them took in who called and for which table: equal
 * names are the same request of the same caller for the same table, or a misuse of its key if the bodies differ.
 *
 * @param high upper half of a 128-bit digest of caller, table and key
 * @param low its lower half
 * @param body 64-bit digest of the body as it was received
 */
public record IdempotencyKey(long high, long low, long body) {
    /** The tag that carries it in an entry's header. */
    public static final int TAG = 1;

    /** Bytes of the tag's value: high, low and body, each little-endian. */
    public static final int BYTES = 3 * Long.BYTES;

    /** This key as an entry's only tag. */
    List<EntryTag> asTags() {
        ByteBuffer value = ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN);
        value.putLong(high).putLong(low).putLong(body).flip();
        return List.of(new EntryTag(TAG, value));
    }

    /** The key among an entry's tags; null if it has none that can be read. */
    public static @Nullable IdempotencyKey of(List<EntryTag> tags) {
        for (EntryTag tag : tags) {
            if (tag.id() == TAG && tag.value().remaining() == BYTES) {
                ByteBuffer value = tag.value().duplicate().order(ByteOrder.LITTLE_ENDIAN);
                return new IdempotencyKey(value.getLong(), value.getLong(), value.getLong());
            }
        }
        return null;
    }
}
