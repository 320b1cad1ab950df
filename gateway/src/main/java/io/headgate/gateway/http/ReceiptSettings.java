package io.headgate.gateway.http;

import java.util.concurrent.Executor;
import javax.crypto.SecretKey;

/**
 * What receipts are made and answered with.
 *
 * @param key seals them: for AES, of 16 bytes
 * @param logId whose positions they are
 * @param waitMaxMillis the longest that a request waits for its rows to be in their table
 * @param lookUps where tables are asked about old commits; blocks, and refuses what is more than it takes
 */
public record ReceiptSettings(SecretKey key, String logId, int waitMaxMillis, Executor lookUps) {
    /** @throws IllegalArgumentException if there is no time to wait */
    public ReceiptSettings {
        if (waitMaxMillis < 1) {
            throw new IllegalArgumentException("A wait takes 1 ms or more");
        }
    }

    /** A codec for one thread. */
    Receipts codec() {
        return new Receipts(key, logId);
    }
}
