package io.headgate.delta;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.headgate.delta.FaultyStorage.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LinkProbeTest {
    @TempDir
    Path root;

    @Test
    void aFileSystemIsProbedOnceAndLeftAsItWas() throws Exception {
        FaultyStorage storage = new FaultyStorage();
        LinkProbe probe = new LinkProbe(storage, "test");
        probe.check(root);
        int operations = storage.operations().size();
        probe.check(Files.createDirectory(root.resolve("other")));
        assertEquals(operations, storage.operations().size());
        try (Stream<Path> left = Files.list(root)) {
            assertEquals(1, left.count());
        }
    }

    @Test
    void oneWithoutLinksIsRefusedByName() throws Exception {
        FaultyStorage storage = new FaultyStorage();
        LinkProbe probe = new LinkProbe(storage, "test");
        storage.arm(Fault.BEFORE, 3); // create, close, link
        String message = String.valueOf(assertThrows(UnsuitableStorageException.class, () -> probe.check(root))
                .getMessage());
        assertTrue(message.contains("'" + Files.getFileStore(root).type() + "'"), message);
        assertTrue(message.contains("has no hard links"), message);

        probe.check(root); // asked again, as it may have been mounted anew
        assertTrue(storage.disarm());
    }

    @Test
    void oneThatCannotBeWrittenToNowIsNotCalledUnsuitable() {
        FaultyStorage storage = new FaultyStorage();
        storage.arm(Fault.BEFORE, 1); // create
        IOException problem = assertThrows(IOException.class, () -> new LinkProbe(storage, "test").check(root));
        assertFalse(problem instanceof UnsuitableStorageException, problem.toString());
    }
}
