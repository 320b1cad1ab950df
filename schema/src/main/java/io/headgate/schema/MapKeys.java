package io.headgate.schema;

import java.security.SecureRandom;
import java.util.Arrays;

/**
 * The keys of one map so far, to find one that occurs twice. What they are is read where the writer has them; kept here are
 * their hashes, by polynomials modulo 2^61 - 1 at a secret place, so that nobody can choose keys which collide. Used for
 * one map after another.
 */
final class MapKeys {
    /** So few keys are compared one by one. */
    private static final int SCANNED_MAX = 8;

    private static final int TABLE_MIN = 4 * SCANNED_MAX;
    private static final long PRIME = (1L << 61) - 1;
    private static final int CHUNK_BYTES = 7;
    private static final long SECRET = PRIME - 1 - (new SecureRandom().nextLong() >>> 4);

    private final ByteReservation reservation;
    private int[] hashes = new int[SCANNED_MAX];
    /** Which of the map's entries they are of. */
    private int[] entries = new int[SCANNED_MAX];

    private int count;
    /** By hash, up to {@link #size}: which key it is, from 1; 0 where there is none. */
    private int[] table = {};

    private int size;

    /** @param reservation asked before memory for many keys is taken */
    MapKeys(ByteReservation reservation) {
        this.reservation = reservation;
    }

    /** Begins with a map that has no keys. */
    void clear() {
        Arrays.fill(table, 0, size, 0);
        size = 0;
        count = 0;
    }

    /**
     * Adds the key of the writer's current entry.
     *
     * @return false if an earlier entry has it
     */
    boolean add(RowWriter rows) {
        int entry = rows.items() - 1;
        int start = rows.keyStart(entry);
        int hash = hash(rows.keyBytes(), start, start + rows.keyLength(entry));
        if (count == hashes.length) {
            GrowingBytes.reserve(reservation, 2 * Integer.BYTES * count);
            hashes = Arrays.copyOf(hashes, 2 * count);
            entries = Arrays.copyOf(entries, 2 * count);
        }
        hashes[count] = hash;
        entries[count] = entry;
        boolean isNew = count < SCANNED_MAX ? !scan(rows) : !find(rows);
        count++;
        return isNew;
    }

    private boolean scan(RowWriter rows) {
        for (int i = 0; i < count; i++) {
            if (hashes[i] == hashes[count] && isSame(rows, i)) {
                return true;
            }
        }
        return false;
    }

    /** Finds the last key in the table, or puts it there. */
    private boolean find(RowWriter rows) {
        if (2 * count >= size) {
            grow();
        }
        int at = hashes[count] & (size - 1);
        while (table[at] != 0) {
            int other = table[at] - 1;
            if (hashes[other] == hashes[count] && isSame(rows, other)) {
                return true;
            }
            at = (at + 1) & (size - 1);
        }
        table[at] = count + 1;
        return false;
    }

    private void grow() {
        Arrays.fill(table, 0, size, 0);
        size = Math.max(TABLE_MIN, 2 * size);
        if (size > table.length) {
            GrowingBytes.reserve(reservation, Integer.BYTES * (size - table.length));
            table = new int[size];
        }
        for (int i = 0; i < count; i++) {
            int at = hashes[i] & (size - 1);
            while (table[at] != 0) {
                at = (at + 1) & (size - 1);
            }
            table[at] = i + 1;
        }
    }

    private boolean isSame(RowWriter rows, int other) {
        int a = rows.keyStart(entries[other]);
        int b = rows.keyStart(entries[count]);
        int length = rows.keyLength(entries[count]);
        byte[] bytes = rows.keyBytes();
        return length == rows.keyLength(entries[other]) && Arrays.equals(bytes, a, a + length, bytes, b, b + length);
    }

    private static int hash(byte[] bytes, int from, int to) {
        long hash = (long) to - from;
        for (int i = from; i < to; i += CHUNK_BYTES) {
            long chunk = 0;
            for (int j = i; j < Math.min(i + CHUNK_BYTES, to); j++) {
                chunk = chunk << Byte.SIZE | (bytes[j] & 0xFF);
            }
            hash = modulo(product(hash, SECRET) + chunk);
        }
        hash = product(hash, SECRET);
        return (int) (hash ^ hash >>> Integer.SIZE);
    }

    /** Modulo 2^61 - 1, of two numbers below it. */
    private static long product(long a, long b) {
        long low = a * b;
        return modulo((low & PRIME) + (low >>> 61 | Math.multiplyHigh(a, b) << 3));
    }

    private static long modulo(long sum) {
        return sum >= PRIME ? sum - PRIME : sum;
    }
}
