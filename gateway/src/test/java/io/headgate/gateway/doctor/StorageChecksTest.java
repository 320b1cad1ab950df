package io.headgate.gateway.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.headgate.delta.DirectoryCatalog;
import io.headgate.delta.TableCreator;
import io.headgate.gateway.config.GatewayConfig;
import io.headgate.gateway.limits.Rates;
import io.headgate.model.TableName;
import io.headgate.schema.Column;
import io.headgate.schema.ColumnType;
import io.headgate.schema.PlausibleTimes;
import io.headgate.schema.ServerValue;
import io.headgate.schema.SetColumn;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The disks of the log and of the tables. */
class StorageChecksTest {
    private static final long MIB = 1 << 20;

    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource({
        "ext4, OK, at",
        "xfs, OK, at",
        "btrfs, WARN, instead of having it answer 503",
        "zfs, WARN, instead of having it answer 503",
        "apfs, WARN, instead of having it answer 503",
        "overlay, WARN, container",
        "tmpfs, WARN, memory",
        "nfs4, WARN, server",
        "fuse.sshfs, WARN, server",
        "FUSEBLK, WARN, server",
        "whatfs, WARN, no file system that Headgate knows",
    })
    void whatTheLogLiesOn(String type, Verdict verdict, String found) throws Exception {
        Finding finding = new LogStorageCheck(directory.resolve("log"), path -> type).examine();
        assertEquals(verdict, finding.verdict());
        assertTrue(finding.found().startsWith(type + " at " + directory), finding::found);
        assertTrue(finding.found().contains(found), finding::found);
    }

    @Test
    void theTypeOfARealFileSystemIsTold() throws Exception {
        Finding finding = new LogStorageCheck(directory.resolve("not/there/yet")).examine();
        assertTrue(finding.found().startsWith(Files.getFileStore(directory).type() + " at "), finding::found);
    }

    @ParameterizedTest
    @CsvSource({"100, 0, OK", "99, 0, WARN", "60, 40, OK", "60, 39, WARN", "8, 0, WARN", "7, 0, FAIL", "0, 8, WARN"})
    void freeSpace(long freeMib, long usedMib, Verdict verdict) throws Exception {
        Path log = Files.createDirectory(directory.resolve("log"));
        try (var file = new java.io.RandomAccessFile(log.resolve("segment").toFile(), "rw")) {
            file.setLength(usedMib * MIB);
        }
        GatewayConfig.Log settings = new GatewayConfig.Log(log, 70 * MIB, (int) (4 * MIB), 20 * MIB, Duration.ZERO);
        assertEquals(
                verdict,
                new FreeSpaceCheck(settings, 10 * MIB, path -> freeMib * MIB)
                        .examine()
                        .verdict());
    }

    @Test
    void theRealDiskHasRoomForALittleLog() throws Exception {
        GatewayConfig.Log settings = new GatewayConfig.Log(directory.resolve("log"), MIB, 65_536, 0, Duration.ZERO);
        assertEquals(Verdict.OK, new FreeSpaceCheck(settings, MIB).examine().verdict());
    }

    /** The clock goes on by as much with every look at it, so each force takes that long. */
    @ParameterizedTest
    @CsvSource({
        "9999, WARN, faster than a disk",
        "10000, OK, median 0.010 ms",
        "5000000, OK, median 5.000 ms",
        "5000001, WARN, waits at least",
        "500000000, WARN, of 4 forces",
    })
    void forceLatency(long nanos, Verdict verdict, String found) throws Exception {
        AtomicLong now = new AtomicLong();
        Finding finding = new ForceLatencyCheck(directory, () -> now.getAndAdd(nanos)).examine();
        assertEquals(verdict, finding.verdict());
        assertTrue(finding.found().contains(found), finding::found);
        assertNothingLeft();
    }

    @Test
    void aSlowTailIsToldToo() throws Exception {
        AtomicLong now = new AtomicLong();
        AtomicLong looks = new AtomicLong();
        ForceLatencyCheck check = new ForceLatencyCheck(
                directory, () -> now.addAndGet(looks.getAndIncrement() % 40 == 39 ? 60_000_000 : 100_000));
        assertEquals(Verdict.WARN, check.examine().verdict());
    }

    @Test
    void aRealDiskIsMeasured() throws Exception {
        Finding finding = new ForceLatencyCheck(directory.resolve("not/yet"), System::nanoTime).examine();
        assertTrue(
                finding.found().matches("median [0-9.]+ ms, 99 of 100 within [0-9.]+ ms, of [0-9]+ forces of 4 KiB.*"),
                finding::found);
        assertNothingLeft();
    }

    @Test
    void aFileWhereTheLogShouldBeFails() throws Exception {
        Path file = Files.createFile(directory.resolve("log"));
        Finding finding = new ForceLatencyCheck(file, System::nanoTime).examine();
        assertEquals(Verdict.FAIL, finding.verdict());
        assertTrue(finding.found().startsWith("cannot write in " + file), finding::found);
    }

    @Test
    void linksAreExclusiveHere() throws Exception {
        Finding finding = new LinkCheck(directory.resolve("tables")).examine();
        assertEquals(Verdict.OK, finding.verdict(), finding::toString);
        assertNothingLeft();
    }

    @Test
    void aFileWhereTheTablesShouldBeFails() throws Exception {
        Path file = Files.createFile(directory.resolve("tables"));
        assertEquals(Verdict.FAIL, new LinkCheck(file).examine().verdict());
        assertEquals(Verdict.FAIL, new TablesCheck(file, Map.of()).examine().verdict());
    }

    @Test
    void noTablesAreFine() throws Exception {
        assertEquals(
                Verdict.OK,
                new TablesCheck(directory.resolve("none"), Map.of()).examine().verdict());
        assertEquals(
                Finding.ok("0 tables below " + directory + ", all of them readable and writable"),
                new TablesCheck(directory, Map.of()).examine());
    }

    @Test
    void everyTableIsReadAndWritten() throws Exception {
        create("a.b.c");
        create("a.b.d");
        assertEquals(
                Finding.ok("2 tables below " + directory + ", all of them readable and writable"),
                new TablesCheck(directory, Map.of()).examine());
        Files.writeString(directory.resolve("a/b/d/_delta_log/00000000000000000000.json"), "not JSON");
        Finding finding = new TablesCheck(directory, Map.of()).examine();
        assertEquals(Verdict.FAIL, finding.verdict());
        assertTrue(
                finding.found().startsWith("1 of 2 tables below " + directory + " cannot be read or written: a.b.d: "),
                finding::found);
    }

    @Test
    void aTableThatUsesWhatHeadgateDoesNotIsLeftToItsOwners() throws Exception {
        create("a.b.c");
        Path first = directory.resolve("a/b/c/_delta_log/00000000000000000000.json");
        Files.writeString(
                first,
                Files.readString(first)
                        .replace(
                                "\"delta.checkpointInterval\":",
                                "\"delta.constraints.positive\":\"id > 0\",\"delta.checkpointInterval\":"));
        Finding finding = new TablesCheck(directory, Map.of()).examine();
        assertEquals(Verdict.WARN, finding.verdict(), finding::toString);
        assertTrue(
                finding.found().startsWith("1 of 1 tables below " + directory + " take no rows: a.b.c: "),
                finding::found);
    }

    @Test
    void aTableWithoutAColumnThatTheConfigurationSetsTakesNoRows() throws Exception {
        create("a.b.c");
        create("a.b.d");
        GatewayConfig.Table settings = new GatewayConfig.Table(
                Duration.ofSeconds(1),
                1,
                1,
                Rates.UNBOUNDED,
                Map.of("id", new SetColumn(ServerValue.RECEIVE_TIME, false)),
                PlausibleTimes.ALL);
        Finding finding = new TablesCheck(directory, Map.of(TableName.parse("a.b.d"), settings)).examine();
        assertEquals(Verdict.WARN, finding.verdict(), finding::toString);
        assertTrue(
                finding.found()
                        .contains("1 of 2 tables below " + directory
                                + " take no rows: a.b.d: Table a.b.d takes no rows: tables.a.b.d.set-columns says that the"
                                + " column 'id' is set to receive-time, but the table has it as STRING"),
                finding::found);
    }

    /** Permissions do not stop root, and /proc stops everybody. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void aTableThatCannotBeWrittenFails() throws Exception {
        create("a.b.c");
        Path log = directory.resolve("a/b/d/_delta_log");
        Files.createDirectories(log.getParent());
        Files.createSymbolicLink(log, Path.of("/proc/sys"));
        Finding finding = new TablesCheck(directory, Map.of()).examine();
        assertEquals(Verdict.FAIL, finding.verdict());
        assertTrue(finding.found().startsWith("1 of 2 tables "), finding::found);
        try (Stream<Path> left = Files.list(log.getParent())) {
            assertEquals(List.of(log), left.toList());
        }
    }

    private void create(String name) throws Exception {
        new TableCreator(new DirectoryCatalog(directory))
                .create(TableName.parse(name), List.of(new Column("id", ColumnType.STRING, false)));
    }

    private void assertNothingLeft() throws Exception {
        try (Stream<Path> left = Files.list(directory)) {
            assertEquals(List.of(), left.toList());
        }
    }
}
