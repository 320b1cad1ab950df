package io.headgate.gateway.http;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.headgate.batching.ByteBudget;
import io.headgate.gateway.coding.Coded;
import io.headgate.gateway.coding.ContentCoding;
import io.headgate.gateway.coding.Expander;
import io.headgate.model.Refusal;
import io.headgate.model.RefusedException;
import io.vertx.core.buffer.Buffer;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a body holds while it arrives and expands. */
class RequestBodyTest {
    private static final int MAX_BYTES = 1 << 20;
    private static final byte[] CONTENT = Edge.readingsArray(20_000).getBytes(StandardCharsets.UTF_8);

    private final ByteBudget budget = new ByteBudget(8 * MAX_BYTES);
    private final InFlightBytes held = new InFlightBytes(budget);
    private final RequestBody body = new RequestBody(held, new RequestLimits(MAX_BYTES, MAX_BYTES, 200, 1, 1, 1, 1));

    private void arrives(byte[] bytes) {
        for (int at = 0; at < bytes.length; at += 1_000) {
            body.append(Buffer.buffer(Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + 1_000))));
        }
    }

    @Test
    void contentTakesThePlaceOfWhatWasSent() {
        for (ContentCoding coding : List.of(ContentCoding.GZIP, ContentCoding.ZSTD)) {
            byte[] sent = coding == ContentCoding.GZIP ? Coded.gzip(CONTENT) : Coded.zstd(CONTENT);
            RequestBody body = new RequestBody(held, new RequestLimits(MAX_BYTES, MAX_BYTES, 200, 1, 1, 1, 1));
            body.append(Buffer.buffer(sent));
            body.expand(coding);
            assertArrayEquals(CONTENT, Arrays.copyOf(body.bytes(), body.length()));
            assertEquals(sent.length, body.sentBytes());
            assertEquals(body.bytes().length, budget.usedBytes());
            assertTrue(budget.usedBytes() <= 2L * CONTENT.length, "at most twice its size");
            held.release();
            assertEquals(0, budget.usedBytes());
        }
    }

    @Test
    void aSmallBodyTakesItsOwnSize() {
        byte[] content = Arrays.copyOf(CONTENT, 3_000);
        arrives(Coded.zstd(content));
        try (Expander expander = new Expander()) {
            assertTrue(body.expandIfSmall(ContentCoding.ZSTD, expander));
        }
        assertArrayEquals(content, body.bytes());
        assertEquals(3_000, budget.usedBytes());
    }

    @Test
    void whatIsNotSmallIsLeftAsItIs() {
        byte[] sent = Coded.gzip(CONTENT);
        arrives(sent);
        long before = budget.usedBytes();
        try (Expander expander = new Expander()) {
            assertFalse(body.expandIfSmall(ContentCoding.GZIP, expander));
        }
        assertEquals(before, budget.usedBytes());
        assertArrayEquals(sent, Arrays.copyOf(body.bytes(), body.length()));
    }

    /** Beyond a limit, or out of budget: neither is more memory taken than was reserved, nor more time than it takes. */
    @Test
    void aBombTakesNoMoreThanItIsAllowed() {
        byte[] bomb = Coded.gzip(new byte[64 << 20]);
        arrives(bomb);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        RefusedException refused = assertThrows(RefusedException.class, () -> body.expand(ContentCoding.GZIP));
        long taken = threads.getCurrentThreadAllocatedBytes() - before;
        assertEquals(Refusal.Code.TOO_LARGE, refused.refusal().code());
        assertTrue(taken < 3 * MAX_BYTES, () -> "It took " + taken + " bytes");
        held.release();
        assertEquals(0, budget.usedBytes());
    }

    @Test
    void itEndsWhereTheBudgetDoes() {
        arrives(Coded.gzip(CONTENT));
        long left = budget.maxBytes() - budget.usedBytes();
        for (int room : new int[] {0, 60_000, CONTENT.length / 2, CONTENT.length - 1}) {
            long others = left - room;
            assertTrue(budget.tryReserve(others));
            long before = held.bytes();
            RefusedException refused = assertThrows(RefusedException.class, () -> body.expand(ContentCoding.GZIP));
            assertEquals(Refusal.Code.UNAVAILABLE, refused.refusal().code());
            assertTrue(held.bytes() - before <= room);
            held.releaseTo(before);
            budget.release(others);
        }
        body.expand(ContentCoding.GZIP);
        assertArrayEquals(CONTENT, Arrays.copyOf(body.bytes(), body.length()));
        held.release();
        assertEquals(0, budget.usedBytes());
    }
}
