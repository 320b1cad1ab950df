package io.headgate.wal;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Which groups of a file have entries under which of the schemas that it declares, so that whoever reads one table does not
 * pass over the rows of all others. Takes a byte, seldom two, for each schema of each group. One thread adds, any looks up.
 */
final class SchemaGroups {
    private static final int STEPS_MIN = 16;
    private static final int MORE = 0x80;
    private static final int LOW = 0x7f;
    private static final int LOW_BITS = 7;

    private Groups[] bySchema = new Groups[0];
    private int end;

    /** Starts of groups: how many units each lies behind the one before, seven bits to a byte. */
    private static final class Groups {
        private byte[] steps = {};
        private int size;
        private int last;

        void add(int offset) {
            if (offset == last) {
                return;
            }
            int units = (offset - last) / LogFormat.UNIT_BYTES;
            last = offset;
            while (units > LOW) {
                put((byte) (units | MORE));
                units >>>= LOW_BITS;
            }
            put((byte) units);
        }

        private void put(byte step) {
            if (size == steps.length) {
                steps = Arrays.copyOf(steps, Math.max(STEPS_MIN, 2 * size));
            }
            steps[size++] = step;
        }

        /** These, as they are now: what is added later lies behind them, or in another array. */
        Groups seen() {
            Groups seen = new Groups();
            seen.steps = steps;
            seen.size = size;
            return seen;
        }

        IntStream within(int from, int to) {
            int[] offsets = new int[size];
            int count = 0;
            int offset = 0;
            for (int at = 0; at < size; at++) {
                int units = steps[at] & LOW;
                for (int shift = LOW_BITS; steps[at] < 0; shift += LOW_BITS) {
                    at++;
                    units |= (steps[at] & LOW) << shift;
                }
                offset += units * LogFormat.UNIT_BYTES;
                if (offset >= from && offset < to) {
                    offsets[count++] = offset;
                }
            }
            return Arrays.stream(offsets, 0, count);
        }
    }

    /** The group that begins at {@code offset}, the last one so far or a new one, has an entry under this schema. */
    synchronized void add(int schemaId, int offset) {
        if (schemaId >= bySchema.length) {
            int known = bySchema.length;
            bySchema = Arrays.copyOf(bySchema, Math.max(schemaId + 1, 2 * known));
            Arrays.setAll(bySchema, id -> id < known ? bySchema[id] : new Groups());
        }
        bySchema[schemaId].add(offset);
    }

    /** All groups before {@code offset} can be read. */
    synchronized void reach(int offset) {
        end = offset;
    }

    /** Where those groups begin, in order, from {@code from} on, that can be read and have entries under any of these schemas. */
    int[] of(boolean[] schemas, int from) {
        Groups[] known;
        int to;
        synchronized (this) {
            to = end;
            known = IntStream.range(0, Math.min(schemas.length, bySchema.length))
                    .filter(id -> schemas[id])
                    .mapToObj(id -> bySchema[id].seen())
                    .toArray(Groups[]::new);
        }
        if (known.length == 1) {
            return known[0].within(from, to).toArray();
        }
        return Arrays.stream(known)
                .flatMapToInt(groups -> groups.within(from, to))
                .sorted()
                .distinct()
                .toArray();
    }
}
