package io.headgate.gateway.http;

import io.headgate.model.Refusal;
import io.headgate.model.RefusedException;
import io.vertx.core.buffer.Buffer;
import java.util.Arrays;

/**
 * A body as it arrives. What it holds is reserved first, and never follows from what a client announced alone: ten
 * thousand clients that announce 10 MiB and send nothing cost nothing.
 */
final class RequestBody {
    private static final byte[] EMPTY = {};
    private static final int RETRY_AFTER_SECONDS = 1;

    private final InFlightBytes inFlight;
    private final int maxBytes;
    private byte[] bytes = EMPTY;
    private int length;

    RequestBody(InFlightBytes inFlight, int maxBytes) {
        this.inFlight = inFlight;
        this.maxBytes = maxBytes;
    }

    /**
     * Takes the next piece.
     *
     * @throws RefusedException TOO_LARGE or UNAVAILABLE, and the piece was not taken
     */
    void append(Buffer chunk) {
        int needed = length + chunk.length();
        if (needed > maxBytes) {
            throw tooLarge(maxBytes);
        }
        if (needed > bytes.length) {
            growTo(bytes.length == 0 ? needed : Math.max(needed, (int) Math.min(2L * bytes.length, maxBytes)));
        }
        chunk.getBytes(bytes, length);
        length = needed;
    }

    private void growTo(int capacity) {
        if (!inFlight.grow(capacity - bytes.length)) {
            throw noRoom();
        }
        bytes = bytes.length == 0 ? new byte[capacity] : Arrays.copyOf(bytes, capacity);
    }

    /** The array that holds it, from index 0. */
    byte[] bytes() {
        return bytes;
    }

    int length() {
        return length;
    }

    static RefusedException tooLarge(int maxBytes) {
        return Refusal.of(
                        Refusal.Code.TOO_LARGE,
                        "The body exceeds " + maxBytes
                                + " bytes, the limit http.max-body: send fewer records per request.")
                .asException();
    }

    private static RefusedException noRoom() {
        return Refusal.unavailable(
                        "Too many bytes are in flight already (limits.in-flight-bytes). Nothing was stored; send the"
                                + " request again later.",
                        RETRY_AFTER_SECONDS)
                .asException();
    }
}
