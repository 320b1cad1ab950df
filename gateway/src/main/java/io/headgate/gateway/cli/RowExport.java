package io.headgate.gateway.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.MinimalPrettyPrinter;
import io.headgate.batching.LogEntry;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;

/** Writes rows to a new file, one JSON object a line, as they can be inserted again. One thread. */
final class RowExport implements AutoCloseable {
    private final Path file;
    private final FileChannel channel;
    private final JsonGenerator json;
    private final EntryRows reader = new EntryRows();
    private long rows;

    /** @throws java.nio.file.FileAlreadyExistsException if there is such a file */
    RowExport(Path file) throws IOException {
        this.file = file.toAbsolutePath();
        this.channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        this.json = new JsonFactory().createGenerator(new BufferedOutputStream(Channels.newOutputStream(channel)));
        json.setPrettyPrinter(new MinimalPrettyPrinter("\n"));
    }

    void add(LogEntry entry) throws IOException {
        reader.of(entry.schema()).writeEach(entry.payload(), json);
        rows += entry.rowCount();
    }

    /** How many there are so far. */
    long rows() {
        return rows;
    }

    /** Makes the file durable. */
    void force() throws IOException {
        json.writeRaw('\n');
        json.flush();
        channel.force(true);
        try (FileChannel directory =
                FileChannel.open(Objects.requireNonNull(file.getParent(), "a file lies in a directory"))) {
            directory.force(true);
        }
    }

    @Override
    public void close() throws IOException {
        json.close();
        channel.close();
    }
}
