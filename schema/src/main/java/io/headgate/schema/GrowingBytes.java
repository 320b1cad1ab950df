package io.headgate.schema;

import io.headgate.model.Refusal;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Bytes that are taken from the front on, within a limit and a reservation. Those not taken are zero. One thread. */
final class GrowingBytes {
    private static final byte[] NONE = {};
    private static final ByteBuffer NOTHING = ByteBuffer.wrap(NONE);
    private static final int RETRY_AFTER_SECONDS = 1;

    private final int maxBytes;
    private final ByteReservation reservation;
    private byte[] bytes = NONE;
    private ByteBuffer buffer = NOTHING;
    private int end;

    GrowingBytes(int maxBytes, ByteReservation reservation) {
        this.maxBytes = maxBytes;
        this.reservation = reservation;
    }

    /** The bytes, little-endian. A buffer is of use up to the next {@link #take}, as is an {@link #array}. */
    ByteBuffer buffer() {
        return buffer;
    }

    byte[] array() {
        return bytes;
    }

    /** How many are taken. */
    int end() {
        return end;
    }

    /**
     * Takes the next {@code count} bytes, which are zero.
     *
     * @return where they begin
     * @throws io.headgate.model.RefusedException TOO_LARGE or UNAVAILABLE if they do not fit the limit or the reservation
     */
    int take(long count) {
        int start = end;
        long needed = end + count;
        if (needed > bytes.length) {
            grow(needed);
        }
        end = (int) needed;
        return start;
    }

    /** Gives back what was taken from {@code start} on. */
    void giveBack(int start) {
        Arrays.fill(bytes, start, end, (byte) 0);
        end = start;
    }

    private void grow(long needed) {
        if (needed > maxBytes) {
            throw Refusal.of(
                            Refusal.Code.TOO_LARGE,
                            "The records take more than " + maxBytes
                                    + " bytes as typed rows, the limit for one request: send fewer records at a time.")
                    .asException();
        }
        resize((int) Math.min(maxBytes, Math.max(needed, 2L * bytes.length)));
    }

    /** Has room for {@code capacity} bytes, which is more than it has. */
    void resize(int capacity) {
        reserve(reservation, capacity - bytes.length);
        bytes = Arrays.copyOf(bytes, capacity);
        buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** @throws io.headgate.model.RefusedException UNAVAILABLE if the reservation says no */
    static void reserve(ByteReservation reservation, int more) {
        if (!reservation.grow(more)) {
            throw Refusal.unavailable(
                            "The gateway holds as many bytes of unfinished requests as it may: try again shortly.",
                            RETRY_AFTER_SECONDS)
                    .asException();
        }
    }
}
