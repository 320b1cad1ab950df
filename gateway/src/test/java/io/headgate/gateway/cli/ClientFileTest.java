package io.headgate.gateway.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClientFileTest {
    @TempDir
    Path directory;

    @Test
    void whatIsWrittenIsReadAndItsOwnersAlone() throws Exception {
        Path file = directory.resolve("client.json");
        ClientFile client = new ClientFile("fleet-a", "hgs_x");
        assertEquals(Optional.empty(), ClientFile.read(file));
        assertEquals(client, client.writeUnlessThere(file));
        assertEquals(Optional.of(client), ClientFile.read(file));
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        assertEquals(client, new ClientFile("fleet-b", "hgs_y").writeUnlessThere(file));
        try (Stream<Path> files = Files.list(directory)) {
            assertEquals(List.of(file), files.toList());
        }
        assertFalse(client.toString().contains("hgs_x"));
    }

    @Test
    void whatElseIsInAFileIsLeftAlone() throws Exception {
        Path file = directory.resolve("client.json");
        Files.writeString(file, "{\"a\":{\"b\":[1]},\"client_id\":\"i\",\"client_secret\":\"s\",\"z\":null}");
        assertEquals(Optional.of(new ClientFile("i", "s")), ClientFile.read(file));
        for (String other : new String[] {"", "hgs_x", "[]", "{\"client_id\":7}"}) {
            Files.writeString(file, other);
            assertEquals(Optional.of(new ClientFile("", "")), ClientFile.read(file));
        }
    }
}
