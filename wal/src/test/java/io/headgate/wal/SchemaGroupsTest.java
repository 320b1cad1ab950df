package io.headgate.wal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import io.headgate.model.Seed;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SchemaGroupsTest {
    private final SchemaGroups groups = new SchemaGroups();

    @Test
    void aGroupIsThereOnceItCanBeRead() {
        groups.add(0, 4096);
        groups.add(0, 4096);
        assertArrayEquals(new int[0], groups.of(new boolean[] {true}, 0));
        groups.reach(4608);
        groups.add(0, 4608);
        assertArrayEquals(new int[] {4096}, groups.of(new boolean[] {true}, 0));
        groups.reach(5120);
        assertArrayEquals(new int[] {4608}, groups.of(new boolean[] {true}, 4097));
        assertArrayEquals(new int[0], groups.of(new boolean[] {false, true}, 0));
    }

    @Test
    void anyDistancesAndAnySchemasAreKept() {
        Random random = Seed.forTest("SchemaGroupsTest").random();
        for (int round = 0; round < 200; round++) {
            check(random, "round " + round);
        }
    }

    private static void check(Random random, String round) {
        SchemaGroups groups = new SchemaGroups();
        int schemas = 1 + random.nextInt(40);
        boolean[] wanted = new boolean[schemas];
        IntStream.range(0, schemas).forEach(id -> wanted[id] = random.nextInt(3) == 0);
        TreeSet<Integer> expected = new TreeSet<>();
        int offset = LogFormat.SEGMENT_HEADER_BYTES;
        for (int i = 0; i < 300; i++) {
            for (int entry = random.nextInt(20); entry > 0; entry--) {
                int id = random.nextInt(schemas);
                groups.add(id, offset);
                if (wanted[id]) {
                    expected.add(offset);
                }
            }
            offset += LogFormat.UNIT_BYTES * (1 + random.nextInt(random.nextInt(50) == 0 ? 60_000 : 40));
        }
        groups.reach(offset);
        int from = random.nextInt(offset);
        assertArrayEquals(expected.tailSet(from).stream().mapToInt(i -> i).toArray(), groups.of(wanted, from), round);
    }
}
