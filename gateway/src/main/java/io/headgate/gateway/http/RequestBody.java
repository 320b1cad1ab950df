package io.headgate.gateway.http;

import io.headgate.gateway.coding.ContentCoding;
import io.headgate.gateway.coding.Expander;
import io.headgate.gateway.coding.Expansion;
import io.headgate.model.Refusal;
import io.headgate.model.RefusedException;
import io.vertx.core.buffer.Buffer;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A body as it arrives; and as it expands, if it was compressed for its way. What it holds is reserved first, and never
 * follows from what a client announced alone: ten thousand clients that announce 10 MiB and send nothing cost nothing.
 *
 * <p>It arrives in blocks of 64 KiB, since to move a large body into a still larger array, again and again, would hold up
 * everybody else on the event loop: memory that is touched for the first time costs 10 ms per MiB and more on some
 * machines. Whoever first asks for all of it in one array pays for that, on a decoding thread.
 */
final class RequestBody {
    /** What is expanded on an event loop: the worst that can be made of it takes 1 ms, and JSON of 64 KiB is less. */
    private static final int SMALL_SENT_BYTES_MAX = 16 << 10;

    /** Native code holds the garbage collector up while it works on an array. */
    private static final int STEP_BYTES = 64 << 10;

    /** How much more a body usually expands to, at least; it is not expanded twice to find out. */
    private static final int USUAL_RATIO = 4;

    private static final int BLOCK_BYTES = 64 << 10;
    private static final byte[] EMPTY = {};
    private static final int RETRY_AFTER_SECONDS = 1;

    private final InFlightBytes inFlight;
    private final RequestLimits limits;
    private List<byte[]> fullBlocks = List.of();
    private byte[] bytes = EMPTY; // what follows the full blocks
    private int length; // of all
    private int sentBytes;

    RequestBody(InFlightBytes inFlight, RequestLimits limits) {
        this.inFlight = inFlight;
        this.limits = limits;
    }

    /**
     * Takes the next piece.
     *
     * @throws RefusedException TOO_LARGE or UNAVAILABLE, and the body is of no use any more
     */
    void append(Buffer chunk) {
        int needed = length + chunk.length();
        if (needed > limits.maxBodyBytes()) {
            throw tooLarge(limits.maxBodyBytes());
        }
        for (int taken = 0; taken < chunk.length(); ) {
            int count = Math.min(chunk.length() - taken, BLOCK_BYTES - length % BLOCK_BYTES);
            makeRoom(length % BLOCK_BYTES + count);
            chunk.getBytes(taken, taken + count, bytes, length % BLOCK_BYTES);
            taken += count;
            length += count;
        }
        sentBytes = length;
    }

    /** Has the block that is being filled hold so much, and begins another one once it is full. */
    private void makeRoom(int blockBytes) {
        if (length > 0 && length % BLOCK_BYTES == 0) {
            byte[] next = grown(EMPTY, BLOCK_BYTES);
            if (fullBlocks.isEmpty()) {
                fullBlocks = new ArrayList<>();
            }
            fullBlocks.add(bytes);
            bytes = next;
        } else if (blockBytes > bytes.length) {
            int capacity =
                    bytes.length == 0 ? blockBytes : Math.max(blockBytes, Math.min(2 * bytes.length, BLOCK_BYTES));
            bytes = grown(bytes, capacity);
        }
    }

    private byte[] grown(byte[] from, int capacity) {
        if (!inFlight.grow(capacity - from.length)) {
            throw noRoom();
        }
        return from.length == 0 ? new byte[capacity] : Arrays.copyOf(from, capacity);
    }

    /**
     * Puts the content of a compressed body that is complete in its place, if it is small.
     *
     * @return false if it is not, and nothing was done
     * @throws RefusedException INVALID_PARAMETER if it is not what {@code coding} says, or UNAVAILABLE
     */
    boolean expandIfSmall(ContentCoding coding, Expander expander) {
        if (length > SMALL_SENT_BYTES_MAX) {
            return false;
        }
        int maxBytes = Math.min(Expander.SMALL_BYTES_MAX, limits.expandedBytesMax(length));
        ByteBuffer small = expander.small(coding, bytes, length, maxBytes);
        if (small == null) {
            return false;
        }
        byte[] content = grown(EMPTY, small.remaining());
        small.get(content);
        replaceBy(content, content.length);
        return true;
    }

    /**
     * Puts the content of a compressed body that is complete in its place.
     *
     * @throws RefusedException INVALID_PARAMETER if it is not what {@code coding} says, TOO_LARGE or UNAVAILABLE
     */
    void expand(ContentCoding coding) {
        byte[] sent = bytes();
        int maxBytes = limits.expandedBytesMax(length);
        byte[] content = grown(EMPTY, (int) Math.min(maxBytes, Math.max(STEP_BYTES, (long) USUAL_RATIO * length)));
        byte[] next = new byte[1];
        int at = 0;
        try (Expander expander = new Expander();
                Expansion expansion = expander.begin(coding, sent, length)) {
            int count;
            do {
                boolean isFull = at == content.length;
                count = isFull
                        ? expansion.read(next, 0, 1)
                        : expansion.read(content, at, Math.min(STEP_BYTES, content.length - at));
                if (isFull && count > 0) {
                    content = grownFor(content, maxBytes);
                    content[at] = next[0];
                }
                at += Math.max(0, count);
            } while (count >= 0);
        }
        replaceBy(content, at);
    }

    private byte[] grownFor(byte[] content, int maxBytes) {
        if (content.length == maxBytes) {
            throw expandsTooMuch(maxBytes);
        }
        return grown(content, (int) Math.min(2L * content.length, maxBytes));
    }

    private void replaceBy(byte[] content, int contentBytes) {
        inFlight.giveBack(bytes.length);
        bytes = content;
        length = contentBytes;
    }

    /**
     * The array that holds it, from index 0. If it is large, and was never asked for, that takes a while.
     *
     * @throws RefusedException UNAVAILABLE
     */
    byte[] bytes() {
        if (!fullBlocks.isEmpty()) {
            byte[] all = grown(EMPTY, length);
            int at = 0;
            for (byte[] block : fullBlocks) {
                System.arraycopy(block, 0, all, at, BLOCK_BYTES);
                at += BLOCK_BYTES;
            }
            System.arraycopy(bytes, 0, all, at, length - at);
            inFlight.giveBack(fullBlocks.size() * BLOCK_BYTES + bytes.length);
            fullBlocks = List.of();
            bytes = all;
        }
        return bytes;
    }

    int length() {
        return length;
    }

    /** How much came, whatever it expanded to. */
    int sentBytes() {
        return sentBytes;
    }

    static RefusedException tooLarge(int maxBytes) {
        return Refusal.of(
                        Refusal.Code.TOO_LARGE,
                        "The body exceeds " + maxBytes
                                + " bytes, the limit http.max-body: send fewer records per request.")
                .asException();
    }

    private RefusedException expandsTooMuch(int maxBytes) {
        String limit = maxBytes == limits.maxExpandedBytes()
                ? "the limit http.max-expanded-body: send fewer records per request."
                : "the limit http.max-expansion-ratio for a body of " + sentBytes
                        + ": send fewer records per request, or send it as it is, without a Content-Encoding.";
        return Refusal.of(Refusal.Code.TOO_LARGE, "The body expands to more than " + maxBytes + " bytes, " + limit)
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
