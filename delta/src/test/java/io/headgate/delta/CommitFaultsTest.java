package io.headgate.delta;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.headgate.batching.TableWriter.DataFile;
import io.headgate.batching.TableWriter.TableSnapshot;
import io.headgate.delta.FaultyStorage.Fault;
import io.headgate.model.StreamRange;
import io.headgate.schema.Column;
import io.headgate.schema.ColumnType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Lets every step of a commit fail, before and after its effect, once and for good (a kill, after which a new process
 * takes over), with and without another writer's commit in between, and with an old process that wakes up late; to a table
 * that is not partitioned, and to one where each range makes several files. However it goes, the table says the truth about what is in it, and each row is there once.
 */
class CommitFaultsTest {
    private static final StreamRange BEFORE = new StreamRange(0, 3);
    private static final StreamRange TRIED = new StreamRange(3, 7);
    private static final StreamRange AFTER = new StreamRange(7, 9);
    private static final int STEPS_MAX = 100;
    private static final int ATTEMPTS_MAX = 5;

    /** What somebody else does to the table between our load and our commit. */
    enum Foreign {
        NOTHING {
            @Override
            void commit(TestTable table) {}
        },
        APPEND {
            @Override
            void commit(TestTable table) throws Exception {
                DeltaTableWriter other = TestTable.writer("other", new LocalStorage());
                table.commit(other, other.load(table.logged()), FOREIGN);
            }
        },
        NEW_COLUMN {
            @Override
            void commit(TestTable table) throws Exception {
                table.foreignSchema(TestTable.with(TestTable.COLUMNS, new Column("added", ColumnType.STRING, true)));
            }
        },
        DROPPED_COLUMN {
            @Override
            void commit(TestTable table) throws Exception {
                table.foreignSchema(
                        List.of(TestTable.COLUMNS.get(0), TestTable.COLUMNS.get(1), TestTable.COLUMNS.get(3)));
            }
        };

        static final StreamRange FOREIGN = new StreamRange(1_000, 1_003);

        abstract void commit(TestTable table) throws Exception;

        List<Long> seqs() {
            return this == APPEND ? TestTable.seqs(FOREIGN) : List.of();
        }
    }

    @TempDir
    static Path shared;

    @TempDir
    Path root;

    /** Whether the table is partitioned. */
    enum Layout {
        WHOLE,
        BY_DEVICE;

        List<String> partitionBy() {
            return this == WHOLE ? List.of() : List.of("device");
        }

        Path table() {
            return shared.resolve(name());
        }
    }

    /** Tables with the first range in them, made once and copied for each step. */
    @BeforeAll
    static void makeTables() throws Exception {
        for (Layout layout : Layout.values()) {
            TestTable table = TestTable.create(layout.table(), TestTable.COLUMNS, layout.partitionBy());
            new Gateway(table, new LocalStorage()).land(BEFORE);
        }
    }

    static List<Arguments> cases() {
        List<Arguments> cases = new ArrayList<>();
        for (Fault fault : Fault.values()) {
            for (Foreign foreign : Foreign.values()) {
                cases.add(Arguments.of(fault, foreign, Layout.WHOLE));
            }
            cases.add(Arguments.of(fault, Foreign.NEW_COLUMN, Layout.BY_DEVICE));
        }
        return cases;
    }

    @ParameterizedTest
    @MethodSource("cases")
    void everyStepMayFail(Fault fault, Foreign foreign, Layout layout) throws Exception {
        int n = 1;
        while (strike(fault, foreign, layout, n)) {
            n++;
        }
        assertTrue(n > 12 && n < STEPS_MAX, "A commit has a dozen steps or more, not " + n);
    }

    /** A copy of the log, or a process that was believed dead, may be first with the same range: that is not ours. */
    @Test
    void aLateProcessThatIsFirstIsToldFromUs() throws Exception {
        TestTable table = TestTable.copy(Layout.WHOLE.table(), root.resolve("late"));
        DeltaTableWriter writer = TestTable.writer("log-1", new LocalStorage());
        TableSnapshot base = writer.load(table.logged());
        DataFile file = writer.write(table.logged(), base, TRIED, 0, table.entries(TRIED));
        Late late = Late.of(table);
        late.writer.commit(table.logged(), late.base, TRIED, late.file);

        assertThrows(IOException.class, () -> writer.commit(table.logged(), base, TRIED, file));
        TableSnapshot found = writer.load(table.logged());
        assertEquals(TRIED.to(), found.committedTo().orElseThrow());
        assertFalse(writer.tookIn(table.logged(), base, found, file));
        assertTrue(late.writer.tookIn(table.logged(), late.base, found, late.file));
        assertEquals(TestTable.seqs(new StreamRange(0, 7)), table.seqsByDuckDb());
    }

    /** One run with the n-th step failing; tells whether there was an n-th step. */
    private boolean strike(Fault fault, Foreign foreign, Layout layout, int n) throws Exception {
        TestTable table = TestTable.copy(layout.table(), root.resolve("step-" + n));
        FaultyStorage storage = new FaultyStorage();
        Gateway gateway = new Gateway(table, storage);
        assertEquals(BEFORE.to(), gateway.reload());
        Late late = Late.of(table);
        foreign.commit(table);

        storage.arm(fault, n);
        gateway.tryToLand(TRIED);
        boolean struck = storage.disarm();

        Gateway next = fault.isCut() && struck ? new Gateway(table, new LocalStorage()) : gateway;
        assertEquals(truth(table), next.reload(), "what the table says after step " + n);
        long start = next == gateway ? BEFORE.to() : next.committedTo();
        if (next.committedTo() != TRIED.to()) {
            next.land(TRIED);
        }
        late.isRefused();
        next.land(AFTER);
        late.isRefused();
        next.writer.removeLeftovers(table.logged(), next.snapshot(), start);

        boolean rejects = foreign == Foreign.DROPPED_COLUMN;
        List<Long> expected = new ArrayList<>(TestTable.seqs(rejects ? BEFORE : new StreamRange(0, 9)));
        expected.addAll(foreign.seqs());
        List<Long> rejected = rejects ? TestTable.seqs(new StreamRange(3, 9)) : List.of();
        assertEquals(rejected, table.seqsRejected(), "rejected rows after step " + n);
        assertEquals(expected, table.seqsByDuckDb(), "rows after step " + n);
        assertEquals(expected, table.seqsByKernel(), "rows after step " + n);
        assertEquals(AFTER.to(), truth(table));
        Set<Path> unclaimed = table.rejectedThere();
        unclaimed.removeAll(table.rejectedClaimed());
        Set<String> unnamed = table.filesThere();
        unnamed.removeAll(table.liveFiles());
        unclaimed.forEach(file -> unnamed.add(file.getFileName()
                .toString()
                .substring(table.logged().id().value().length() + 1)));
        assertTrue(
                unnamed.stream().allMatch(file -> mayStay(file, start)), "after step " + n + " there are " + unnamed);
        return struck;
    }

    /** Ranges that were committed when a process began are not its to judge; everything else goes. */
    private static boolean mayStay(String file, long start) {
        String name = file.substring(file.lastIndexOf('/') + 1);
        return DataFileName.parse(name).orElseThrow().range().from() < start && start == TRIED.to();
    }

    private static long truth(TestTable table) throws IOException {
        return table.transaction("headgate/log-1/" + table.logged().id());
    }

    /** Our gateway, as far as a table sees it: the decisions of DESIGN.md, "Exactly once into Delta". */
    private static final class Gateway {
        private final TestTable table;
        private final DeltaTableWriter writer;
        private @Nullable TableSnapshot base;
        private int attempts;

        Gateway(TestTable table, Storage storage) {
            this.table = table;
            writer = TestTable.writer("log-1", storage);
        }

        TableSnapshot snapshot() {
            TableSnapshot current = base;
            if (current == null) {
                throw new AssertionError("Nothing is loaded");
            }
            return current;
        }

        long committedTo() {
            return snapshot().committedTo().orElse(-1);
        }

        long reload() throws Exception {
            base = writer.load(table.logged());
            return committedTo();
        }

        void land(StreamRange range) throws Exception {
            if (!tryToLand(range)) {
                throw new AssertionError("Not within " + ATTEMPTS_MAX + " attempts");
            }
        }

        /** Tells whether the range is in, as far as this process knows. */
        boolean tryToLand(StreamRange range) throws Exception {
            DataFile file = null;
            TableSnapshot writtenFor = null;
            TableSnapshot triedOn = null;
            for (int i = 0; i < ATTEMPTS_MAX; i++) {
                try {
                    if (base == null && reload() == range.to()) {
                        return file != null
                                && triedOn != null
                                && writer.tookIn(table.logged(), triedOn, snapshot(), file);
                    }
                    TableSnapshot current = snapshot();
                    if (file == null || writtenFor == null || !current.sameLayout(writtenFor)) {
                        file = writer.write(table.logged(), current, range, attempts++, table.entries(range));
                        writtenFor = current;
                    }
                    triedOn = current;
                    base = writer.commit(table.logged(), current, range, file);
                    return true;
                } catch (IOException e) {
                    base = null;
                }
            }
            return false;
        }
    }

    /** An earlier process of the same log that stopped for a while, everything in hand to commit the same range. */
    private record Late(TestTable table, DeltaTableWriter writer, TableSnapshot base, DataFile file) {
        static Late of(TestTable table) throws Exception {
            DeltaTableWriter writer = TestTable.writer("log-1", new LocalStorage());
            TableSnapshot base = writer.load(table.logged());
            return new Late(table, writer, base, writer.write(table.logged(), base, TRIED, 0, table.entries(TRIED)));
        }

        void isRefused() throws Exception {
            long before = truth(table);
            assertThrows(IOException.class, () -> writer.commit(table.logged(), base, TRIED, file));
            assertEquals(before, truth(table));
            assertFalse(writer.tookIn(table.logged(), base, writer.load(table.logged()), file));
        }
    }
}
