package io.headgate.gateway.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.headgate.model.TableName;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Faults planted one by one into the directory of a gateway that was killed: table t with six commits of 12 rows and 5
 * rows waiting, table u, whose 40 rows all wait, 20 of them behind what t has.
 */
class VerifyTest {
    @TempDir
    Path directory;

    private GatewayData data;
    private TableName t;
    private TableName u;

    VerifyTest() {}

    @BeforeEach
    void fill() throws Exception {
        data = new GatewayData(directory);
        t = data.create("main.fleet.t");
        u = data.create("main.fleet.u");
        data.accept(u, 20, 1);
        for (int commit = 0; commit < 6; commit++) {
            data.accept(t, 6, 2);
            data.commit(t);
        }
        data.accept(t, 5, 1);
        data.accept(u, 60, 1);
        assertTrue(data.segments().size() > 6, "the log spans segments");
    }

    @AfterEach
    void close() throws IOException {
        data.close();
    }

    private void verdict(int exitCode, String says, String... options) {
        String[] all = new String[options.length + 1];
        all[0] = "verify";
        System.arraycopy(options, 0, all, 1, options.length);
        Run run = data.run(all);
        assertEquals(exitCode, run.exitCode(), run::toString);
        assertTrue(Pattern.compile(says).matcher(run.out()).find(), run::out);
    }

    private void replace(Path commit, String pattern, String by) throws IOException {
        String before = Files.readString(commit);
        String after = before.replaceFirst(pattern, by);
        assertTrue(!after.equals(before), "nothing to replace in " + before);
        Files.delete(commit); // the file may have another name, of an earlier step
        Files.writeString(commit, after);
    }

    @Test
    void allIsFine() {
        verdict(
                0,
                "(?s)t: fine.*6 of ours with 72 rows.*6 of these commits are still.*waiting  5 rows"
                        + ".*u: fine.*waiting  80 rows.*fine, 2 tables");
        verdict(0, "t: fine", "--deep");
        verdict(0, "(?s)t: fine.*1 tables", "--table", "main.fleet.t");
        verdict(0, "\"pending_rows\":80", "--json");
    }

    @Test
    void allIsFineOnceStoppedAndTrimmed() throws Exception {
        data.commit(u);
        data.commit(t);
        data.trim(data.end());
        verdict(0, "(?s)t: fine.*7 of ours with 77 rows.*waiting  0 rows.*u: fine.*waiting  0 rows");
        data.close();
        verdict(0, "(?s)t: fine.*u: fine");
    }

    @Test
    void rowsThatWereParkedStillWait() throws Exception {
        long parkedTo = data.park(u);
        assertTrue(parkedTo > 0, "something was parked");
        int segments = data.segments().size();
        data.trim(parkedTo);
        assertTrue(data.segments().size() < segments, "a segment is gone");
        verdict(0, "(?s)t: fine.*waiting  5 rows.*u: fine.*waiting  80 rows");
        Run check = data.run("log", "check");
        assertEquals(0, check.exitCode(), check::toString);
        assertTrue(
                Pattern.compile("positions 0 to \\d+.*, parked")
                        .matcher(check.out())
                        .find(),
                check::out);
    }

    @Test
    void aMissingDataFileIsALoss() throws Exception {
        Files.delete(data.dataFiles(t).get(2));
        verdict(1, "data file .*" + data.table(t) + ".* is missing");
        verdict(0, "u: fine", "--table", "main.fleet.u");
    }

    @Test
    void aDataFileOfAnotherSizeIsALoss() throws Exception {
        Files.write(data.dataFiles(t).get(0), new byte[1], StandardOpenOption.APPEND);
        verdict(1, "bytes and should have");
    }

    @Test
    void aDataFileOverwrittenIsFoundByLookingDeeper() throws Exception {
        Path file = data.dataFiles(t).get(0);
        Files.write(file, new byte[(int) Files.size(file)]);
        verdict(0, "t: fine");
        verdict(1, "cannot be read", "--deep");
    }

    @Test
    void aCommitThatClaimsOtherRowsThanItsFilesHave() throws Exception {
        replace(data.commit(t, 3), "rows=12", "rows=13");
        verdict(1, "version 3 says that it adds 13 rows, but its files have 12");
    }

    @Test
    void aCommitWithOtherRowsThanTheLogHas() throws Exception {
        replace(data.commit(t, 3), "rows=12", "rows=13");
        replace(data.commit(t, 3), "numRecords\\\\\":12", "numRecords\\\\\":13");
        verdict(1, "version 3 has 13 rows of positions .*, but the log has 12");
    }

    @Test
    void aCommitOfAProcessThatTheLogNeverWentThrough() throws Exception {
        replace(data.commit(t, 6), "run=[0-9a-f]{16}", "run=ffffffffffffffff");
        verdict(1, "version 6 was committed up to position .* by run ffffffffffffffff, which this log never went");
        verdict(0, "u: fine", "--table", "main.fleet.u");
    }

    @Test
    void rowsThatWereTrimmedAndAreInNoCommit() throws Exception {
        data.commit(u);
        data.commit(t);
        data.trim(data.end());
        data.close();
        verdict(0, "t: fine");
        replace(data.commit(t, 3), "rows=12", "rows=11");
        replace(data.commit(t, 3), "numRecords\\\\\":12", "numRecords\\\\\":11");
        verdict(1, "the log counted 77 rows of positions 0 to .*, but its commits have 76");
    }

    @Test
    void rowsPutAsideThatAreNowhere() throws Exception {
        replace(data.commit(t, 3), "rows=12 rejected=0", "rows=12 rejected=2");
        verdict(1, "(?s)the file of the 2 rows .* is gone.*version 3 has 14 rows of positions .*, but the log has 12");
    }

    @Test
    void aRangeCommittedTwice() throws Exception {
        Files.copy(data.commit(t, 6), data.commit(t, 7));
        verdict(1, "are in the table twice: version 7 begins at");
    }

    @Test
    void anOldRangeCommittedTwice() throws Exception {
        Files.copy(data.commit(t, 2), data.commit(t, 7));
        verdict(1, "are in the table twice: version 7 begins at");
    }

    @Test
    void aGapThatTheLogHasRowsFor() throws Exception {
        Matcher from = Pattern.compile("from=(\\d+)").matcher(Files.readString(data.commit(t, 4)));
        assertTrue(from.find());
        long first = Long.parseLong(from.group(1));
        replace(data.commit(t, 4), "from=\\d+", "from=" + (first + 2));
        verdict(1, "4 rows of positions " + first + " to " + (first + 1) + " are in the log and in no commit");
    }

    @Test
    void aGapThatTheLogNoLongerReachesTo() throws Exception {
        data.commit(u);
        data.commit(t);
        data.trim(data.end());
        Matcher from = Pattern.compile("from=(\\d+)").matcher(Files.readString(data.commit(t, 4)));
        assertTrue(from.find());
        long first = Long.parseLong(from.group(1));
        replace(data.commit(t, 4), "from=\\d+", "from=" + (first + 2));
        verdict(1, "positions " + first + " to " + (first + 1) + " are in no commit");
    }

    @Test
    void aCommitThatNoLongerSaysWhatItAdded() throws Exception {
        replace(data.commit(t, 6), "headgate log", "somebody log");
        verdict(1, "count as committed, but no commit has them");
        replace(data.commit(t, 3), "headgate log", "somebody log");
        verdict(1, "in no commit, though later ones are");
    }

    @Test
    void aTransactionThatFellBehind() throws Exception {
        replace(data.commit(t, 6), "(\"txn\":\\{[^}]*\"version\":)\\d+", "$11");
        verdict(1, "but its transaction says 1");
        verdict(1, "would be committed again");
    }

    @Test
    void aCommitOfNoJsonCannotBeJudged() throws Exception {
        Files.writeString(data.commit(t, 2), "{\"commitInfo\":{\"secret");
        verdict(2, "t: cannot tell");
        assertTrue(!data.run("verify").out().contains("secret"));
    }

    @Test
    void rowsDeletedAndRewrittenByOthersAreTheirs() throws Exception {
        String add = Files.readString(data.commit(t, 3))
                .lines()
                .filter(line -> line.startsWith("{\"add\""))
                .findFirst()
                .orElseThrow();
        Matcher path = Pattern.compile("\"path\":\"([^\"]*)\"").matcher(add);
        assertTrue(path.find());
        Files.writeString(
                data.commit(t, 7),
                "{\"commitInfo\":{\"timestamp\":1,\"operation\":\"DELETE\",\"engineInfo\":\"Apache-Spark/4.0.0\"}}\n"
                        + "{\"remove\":{\"path\":\"" + path.group(1)
                        + "\",\"deletionTimestamp\":1,\"dataChange\":true}}\n");
        Files.delete(data.table(t).resolve(path.group(1)));
        verdict(0, "(?s)6 of ours with 72 rows.*5 data files with 60 rows", "--deep");
    }

    @Test
    void historyThatWasCleanedUpSaysWhatItStillCan() throws Exception {
        for (int commit = 0; commit < 15; commit++) {
            data.accept(t, 1, 1);
            data.commit(t);
        }
        for (int version = 0; version < 8; version++) {
            Files.delete(data.commit(t, version));
        }
        verdict(0, "(?s)14 of ours with 14 rows.*history from version 8 to 21.*92 rows");
        Files.delete(data.commit(t, 12));
        verdict(2, "the commit of version 12 is missing");
        for (int version = 8; version < 20; version++) {
            Files.deleteIfExists(data.commit(t, version));
        }
        verdict(0, "history from version 20 to 21");
    }

    @Test
    void aTableThatOtherLogsAloneWroteCannotBeJudgedHere() throws Exception {
        data.close();
        try (GatewayData other = new GatewayData(directory, "other")) {
            other.accept(other.create("main.fleet.v"), 1, 1);
            verdict(2, "its rows come from other logs alone");
            verdict(0, "(?s)u: fine.*waiting  0 rows", "--table", "main.fleet.u");
        }
    }

    @Test
    void aTableThatTwoLogsWroteIsHeldAgainstTheOneAtHand() throws Exception {
        data.commit(u);
        data.commit(t);
        data.close();
        try (GatewayData other = new GatewayData(directory, "other")) {
            other.use(t);
            other.accept(t, 3, 4);
            other.commit(t);
            other.accept(t, 1, 7);
            verdict(0, "(?s)1 of ours with 12 rows.*waiting  7 rows", "--table", "main.fleet.t");
            replace(data.commit(t, 5), "rows=12", "rows=11");
            verdict(1, "version 5 says that it adds 11 rows", "--table", "main.fleet.t");
        }
    }

    @Test
    void aTableMadeAnewUnderItsOldName() throws Exception {
        deleteTree(data.table(t));
        data.create("main.fleet.t");
        verdict(2, "the log has 77 rows of table main.fleet.t with id");
        data.accept(t, 2, 3);
        Path commit = data.commit(t);
        assertEquals(data.commit(t, 1), commit);
        verdict(0, "(?s)t: fine.*1 of ours with 6 rows", "--table", "main.fleet.t");
    }

    private static void deleteTree(Path root) throws IOException {
        try (java.util.stream.Stream<Path> files = Files.walk(root)) {
            for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    @Test
    void aCopyOfATableCannotBeToldFromIt() throws Exception {
        Path copy = directory.resolve("tables/main/fleet/z");
        try (java.util.stream.Stream<Path> files = Files.walk(data.table(t))) {
            for (Path file : files.toList()) {
                Files.copy(file, copy.resolve(data.table(t).relativize(file)));
            }
        }
        verdict(2, "z: cannot tell");
    }

    @Test
    void aTableThatDoesNotExist() {
        Run run = data.run("verify", "--table", "main.fleet.none");
        assertEquals(2, run.exitCode());
        assertTrue(run.err().contains("There is no table main.fleet.none"), run::err);
    }

    @Test
    void aLogThatIsGoneLeavesTheCommitsToSpeak() throws Exception {
        Files.move(directory.resolve("log"), directory.resolve("away"));
        verdict(2, "(?s)t: cannot tell.*no log to hold its commits against.*u: fine");
        assertEquals(2, data.run("log", "check").exitCode());
        assertEquals(2, data.run("log", "dump").exitCode());
        Files.move(directory.resolve("away"), directory.resolve("log"));
    }

    @Test
    void aSegmentLostBehindAllTablesIsALoss() throws Exception {
        List<Path> segments = data.segments();
        Files.delete(segments.get(segments.size() - 2));
        verdict(
                1,
                "the segment before this one is missing; positions from \\d+ to \\d+ cannot be read and are in no table");
        check(1, "the segment before this one is missing");
    }

    @Test
    void aSegmentLostInTheMiddleCannotBeJudged() throws Exception {
        Files.delete(data.segments().get(2));
        verdict(2, "the segment before this one is missing");
        check(1, "the segment before this one is missing");
    }

    @Test
    void aLogWithoutItsEnd() throws Exception {
        List<Path> segments = data.segments();
        for (Path segment : segments.subList(2, segments.size())) {
            Files.delete(segment);
        }
        verdict(2, "it is an old copy, or lost its end");
    }

    @Test
    void aLogWithoutItsBeginning() throws Exception {
        List<Path> segments = data.segments();
        for (Path segment : segments.subList(0, segments.size() - 1)) {
            Files.delete(segment);
        }
        verdict(2, "but no table has been committed beyond");
    }

    @Test
    void aFlippedBitIsFoundAndLocated() throws Exception {
        List<Path> segments = data.segments();
        Path segment = segments.get(segments.size() - 2);
        flip(segment, 2 * 1024 + 100);
        verdict(1, "file " + segment.getFileName() + ", offset \\d+.*are in no table");
        check(1, "! file " + segment.getFileName() + ", offset \\d+: position \\d+ was expected there");
        Run dump = data.run("log", "dump");
        assertEquals(1, dump.exitCode());
        assertTrue(dump.err().contains(segment.getFileName().toString()), dump::err);
        flip(segment, 2 * 1024 + 100);
        verdict(0, "fine");

        flip(segments.get(1), 2 * 1024 + 100);
        verdict(2, "file " + segments.get(1).getFileName());
    }

    @Test
    void aTornEndIsNoDamage() throws Exception {
        List<Path> segments = data.segments();
        Path last = segments.get(segments.size() - 1);
        Matcher end = Pattern.compile(last.getFileName() + " .* (\\d+) of 16384 bytes")
                .matcher(data.run("log", "check").out());
        assertTrue(end.find());
        flip(last, Integer.parseInt(end.group(1)) - 512);
        verdict(0, "waiting  79 rows");
        check(0, "79 rows wait for the table");
    }

    private static void flip(Path file, long offset) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer one = ByteBuffer.allocate(1);
            channel.read(one, offset);
            one.put(0, (byte) (one.get(0) ^ 16)).flip();
            channel.write(one, offset);
        }
    }

    private void check(int exitCode, String says) {
        Run run = data.run("log", "check");
        assertEquals(exitCode, run.exitCode(), run::toString);
        assertTrue(Pattern.compile(says).matcher(run.out()).find(), run::out);
    }

    @Test
    void theLogIsSummedUp() {
        check(
                0,
                "(?s)main.fleet.u .*: 80 rows in 80 requests, \\d+ bytes; 80 rows wait for the table"
                        + ".*main.fleet.t .*: 77 rows in 41 requests, \\d+ bytes; 5 rows wait"
                        + ".*positions 0 to 121; entries: 121 rows, \\d+ table, \\d+ schema.*fine");
    }

    @Test
    void entriesAreDumped() {
        Run all = data.run("log", "dump");
        assertEquals(0, all.exitCode());
        assertEquals(
                121,
                all.out()
                        .lines()
                        .filter(line -> line.contains("\"kind\":\"rows\""))
                        .count());
        assertTrue(!all.out().contains("xxx"), "rows are only printed if asked for");
        Run some = data.run("log", "dump", "--from", "20", "--to", "30", "--table", "main.fleet.t", "--rows");
        List<String> lines = some.out()
                .lines()
                .filter(line -> line.contains("\"kind\":\"rows\""))
                .toList();
        assertEquals(10, lines.size());
        assertTrue(
                lines.get(0)
                        .matches(
                                "\\{\"position\":20,\"kind\":\"rows\",\"table\":\"main.fleet.t\",\"table_id\":\"[^\"]*\","
                                        + "\"schema\":\\d+,\"rows\":2,\"bytes\":\\d+,\"segment\":\"\\d{20}.segment\",\"offset\":\\d+,"
                                        + "\"received\":\"2023-11-14T22:13:20Z\",\"data\":\\[\\{\"text\":\"x{450}\",\"number\":0\\},"
                                        + "\\{\"text\":\"x{450}\",\"number\":1\\}\\]\\}"),
                lines.get(0));
        assertEquals(3, data.run("log", "dump", "--limit", "3").out().lines().count());
    }

    @Test
    void tablesAreListedAndShown() throws Exception {
        data.create("main.fleet.odd");
        replace(
                data.commit(TableName.parse("main.fleet.odd"), 0),
                "\"delta.checkpointInterval\":",
                "\"delta.constraints.positive\":\"number > 0\",\"delta.checkpointInterval\":");
        Run list = data.run("table", "list");
        assertEquals(0, list.exitCode());
        assertTrue(
                Pattern.compile(
                                "(?s)TABLE +VERSION +FILES .*main.fleet.odd +0 .*refused: The table uses the table feature checkConstraints"
                                        + ".*main.fleet.t +6 +6 +\\d+ +[-0-9a-f]+  accepted")
                        .matcher(list.out())
                        .find(),
                list::out);
        assertEquals(3, data.run("table", "list", "--json").out().lines().count());
        Run show = data.run("table", "show", "main.fleet.t");
        assertTrue(
                Pattern.compile(
                                "(?s)version +6\n.*ingest +accepted\nlog +" + data.logId()
                                        + "\ncommitted +up to position 56\nwaiting +5 rows\n\ntext +STRING\nnumber +BIGINT +NOT NULL")
                        .matcher(show.out())
                        .find(),
                show::out);
        assertTrue(data.run("table", "show", "main.fleet.odd", "--json").out().contains("\"accepted\":false"));
        assertEquals(1, data.run("table", "show", "main.fleet.none").exitCode());
    }
}
