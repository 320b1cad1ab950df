package io.headgate.delta;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.delta.kernel.defaults.engine.fileio.SeekableInputStream;
import io.delta.kernel.utils.CloseableIterator;
import io.delta.kernel.utils.FileStatus;
import io.headgate.delta.FaultyStorage.Fault;
import io.headgate.delta.parquet.Abortable;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.apache.parquet.io.PositionOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ForcedFileIOTest {
    @TempDir
    Path root;

    private final ForcedFileIO files = new ForcedFileIO(new LocalStorage(), "test");

    private void write(ForcedFileIO fileIO, String name, boolean overwrite, String... lines) throws IOException {
        fileIO.newOutputFile(path(name)).writeAtomically(lines(lines), overwrite);
    }

    private String path(String name) {
        return root.resolve(name).toString();
    }

    private static CloseableIterator<String> lines(String... lines) {
        return Iterators.closeable(List.of(lines).iterator());
    }

    private List<String> names() throws IOException {
        try (Stream<Path> all = Files.list(root)) {
            return all.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void aFileIsPublishedWholeAndOnce() throws Exception {
        write(files, "0.json", false, "one", "two");
        assertEquals("one\ntwo\n", Files.readString(root.resolve("0.json")));
        assertThrows(FileAlreadyExistsException.class, () -> write(files, "0.json", false, "other"));
        assertEquals("one\ntwo\n", Files.readString(root.resolve("0.json")));
        assertEquals(List.of("0.json"), names());
    }

    @Test
    void ofManyWritersOneWins() throws Exception {
        int writers = 8;
        CyclicBarrier together = new CyclicBarrier(writers);
        ExecutorService threads = Executors.newFixedThreadPool(writers);
        try {
            for (int round = 0; round < 20; round++) {
                String name = round + ".json";
                List<Callable<Boolean>> tries = new ArrayList<>();
                for (int i = 0; i < writers; i++) {
                    ForcedFileIO own = new ForcedFileIO(new LocalStorage(), "writer-" + i);
                    String line = "writer " + i;
                    tries.add(() -> {
                        together.await();
                        try {
                            write(own, name, false, line);
                            return true;
                        } catch (FileAlreadyExistsException e) {
                            return false;
                        }
                    });
                }
                int winner = -1;
                List<Future<Boolean>> outcomes = threads.invokeAll(tries);
                for (int i = 0; i < writers; i++) {
                    if (outcomes.get(i).get()) {
                        assertEquals(-1, winner, "only one wins");
                        winner = i;
                    }
                }
                assertEquals("writer " + winner + "\n", Files.readString(root.resolve(name)));
            }
            assertEquals(20, names().size());
        } finally {
            threads.shutdown();
        }
    }

    @Test
    void aFileIsReplacedWhole() throws Exception {
        write(files, "_last_checkpoint", true, "first");
        write(files, "_last_checkpoint", true, "second");
        assertEquals("second\n", Files.readString(root.resolve("_last_checkpoint")));
        assertEquals(List.of("_last_checkpoint"), names());
    }

    @Test
    void contentThatFailsPublishesNothing() throws Exception {
        CloseableIterator<String> broken = Iterators.closeable(new Iterator<>() {
            private int count;

            @Override
            public boolean hasNext() {
                return true;
            }

            @Override
            public String next() {
                if (count++ == 3) {
                    throw new IllegalStateException("broken");
                }
                return "line";
            }
        });
        assertThrows(
                IllegalStateException.class,
                () -> files.newOutputFile(path("0.json")).writeAtomically(broken, false));
        assertEquals(List.of(), names());
    }

    @ParameterizedTest
    @EnumSource(Fault.class)
    void whateverStepFailsAFileIsWholeOrNotThere(Fault fault) throws Exception {
        boolean struck = true;
        for (int n = 1; struck; n++) {
            FaultyStorage storage = new FaultyStorage();
            ForcedFileIO faulty = new ForcedFileIO(storage, "test");
            Path file = root.resolve(n + ".json");
            storage.arm(fault, n);
            boolean answered = true;
            try {
                write(faulty, n + ".json", false, "content");
            } catch (IOException e) {
                answered = false;
            }
            struck = storage.disarm();
            assertTrue(!answered || Files.exists(file), "told done, and not there, at step " + n);
            assertTrue(!Files.exists(file) || Files.readString(file).equals("content\n"), "half a file at step " + n);
        }
    }

    /** A network file system may carry the link out and lose the answer; then the repetition finds the name taken. */
    @Test
    void aLinkThatSucceededWithoutAnAnswerCounts() throws Exception {
        FaultyStorage storage = new FaultyStorage();
        ForcedFileIO faulty = new ForcedFileIO(storage, "test");
        storage.arm(Fault.AFTER, 5); // create, write, force, close, link
        write(faulty, "0.json", false, "content");
        assertTrue(storage.disarm());
        assertEquals("content\n", Files.readString(root.resolve("0.json")));
        assertEquals(List.of("0.json"), names());
    }

    @Test
    void aStreamIsPublishedByItsClose() throws Exception {
        try (PositionOutputStream out = files.newParquetFile(path("c.parquet")).create(0)) {
            out.write('a');
            out.write("bc".getBytes(StandardCharsets.UTF_8));
            assertEquals(3, out.getPos());
            assertFalse(Files.exists(root.resolve("c.parquet")));
        }
        assertEquals("abc", Files.readString(root.resolve("c.parquet")));
        assertEquals(List.of("c.parquet"), names());
    }

    @Test
    void ofTwoStreamsOneIsPublished() throws Exception {
        PositionOutputStream loser = files.newParquetFile(path("c.parquet")).create(0);
        loser.write('a');
        try (PositionOutputStream winner =
                files.newParquetFile(path("c.parquet")).create(0)) {
            winner.write('b');
        }
        assertThrows(FileAlreadyExistsException.class, loser::close);
        assertThrows(
                FileAlreadyExistsException.class,
                () -> files.newParquetFile(path("c.parquet")).create(0));
        assertEquals("b", Files.readString(root.resolve("c.parquet")));
        assertEquals(List.of("c.parquet"), names());
    }

    @Test
    void anAbortedStreamPublishesNothing() throws Exception {
        PositionOutputStream out = files.newParquetFile(path("c.parquet")).create(0);
        out.write('a');
        ((Abortable) out).abort();
        assertThrows(IOException.class, out::close);
        assertEquals(List.of(), names());
    }

    @Test
    void aStreamWithAFailedWritePublishesNothing() throws Exception {
        FaultyStorage storage = new FaultyStorage();
        ForcedFileIO faulty = new ForcedFileIO(storage, "test");
        PositionOutputStream out = faulty.newParquetFile(path("c.parquet")).create(0);
        storage.arm(Fault.BEFORE, 1);
        assertThrows(IOException.class, () -> out.write(new byte[1 << 20]));
        storage.disarm();
        assertThrows(IOException.class, out::close);
        ((Abortable) out).abort();
        assertEquals(List.of(), names());
    }

    @Test
    void bigFilesAreForcedAsTheyGrow() throws Exception {
        FaultyStorage storage = new FaultyStorage();
        byte[] megabyte = new byte[1 << 20];
        new Random(1).nextBytes(megabyte);
        try (ForcedOutput out = new ForcedOutput(storage, root.resolve("big"))) {
            for (int i = 0; i < 20; i++) {
                out.write(megabyte, 0, megabyte.length);
            }
            assertEquals(2, Collections.frequency(storage.operations(), "force big"), "every 8 MiB");
            out.complete();
        }
        byte[] read = Files.readAllBytes(root.resolve("big"));
        assertEquals(20 << 20, read.length);
        assertArrayEquals(megabyte, Arrays.copyOfRange(read, 19 << 20, 20 << 20));
    }

    @Test
    void listingsBeginAtANameAndAreSorted() throws Exception {
        for (String name : List.of("b", "a", "d", "c")) {
            Files.createFile(root.resolve(name));
        }
        Files.createDirectory(root.resolve("e"));
        List<String> listed = new ArrayList<>();
        try (CloseableIterator<FileStatus> found = files.listFrom(path("b"))) {
            found.forEachRemaining(
                    file -> listed.add(Path.of(file.getPath()).getFileName().toString()));
        }
        assertEquals(List.of("b", "c", "d"), listed);
        assertThrows(FileNotFoundException.class, () -> files.listFrom(path("none/0")));
    }

    @Test
    void filesAreReadAtAnyPosition() throws Exception {
        Files.writeString(root.resolve("f"), "0123456789");
        try (SeekableInputStream in = files.newInputFile(path("f"), 10).newStream()) {
            in.seek(4);
            assertEquals('4', in.read());
            byte[] two = new byte[2];
            in.readFully(two, 0, 2);
            assertArrayEquals(new byte[] {'5', '6'}, two);
            assertEquals(7, in.getPos());
        }
        assertEquals(10, files.newInputFile(path("f"), -1).length());
        assertThrows(
                FileNotFoundException.class,
                () -> files.newInputFile(path("none"), 0).newStream());
        assertThrows(FileNotFoundException.class, () -> files.getFileStatus(path("none")));
    }

    @Test
    void filesAreCopiedWhole() throws Exception {
        Files.writeString(root.resolve("from"), "content");
        files.copyFileAtomically(path("from"), path("to"), false);
        assertEquals("content", Files.readString(root.resolve("to")));
        assertThrows(FileAlreadyExistsException.class, () -> files.copyFileAtomically(path("from"), path("to"), false));
        assertThrows(FileNotFoundException.class, () -> files.copyFileAtomically(path("none"), path("new"), false));
        assertEquals(List.of("from", "to"), names());
    }

    @Test
    void urisAndPathsMeanTheSame() {
        assertEquals(Path.of("/a/b c%20"), ForcedFileIO.local("file:/a/b c%20"));
        assertEquals(Path.of("/a/b c%20"), ForcedFileIO.local("file:///a/b c%20"));
        assertEquals(Path.of("/a/b c%20"), ForcedFileIO.local("/a/b c%20"));
    }

    @Test
    void eachNewDirectoryIsForcedInTheOneAbove() throws Exception {
        FaultyStorage storage = new FaultyStorage();
        StorageSteps.createDirectories(storage, root.resolve("a/b/c"));
        assertTrue(Files.isDirectory(root.resolve("a/b/c")));
        assertEquals(
                List.of(
                        "createDirectory a",
                        "forceDirectory " + root.getFileName(),
                        "createDirectory b",
                        "forceDirectory a",
                        "createDirectory c",
                        "forceDirectory b"),
                storage.operations());
    }
}
