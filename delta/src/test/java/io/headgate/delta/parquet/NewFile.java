package io.headgate.delta.parquet;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.PositionOutputStream;

/** A file on the local disk that appears under its name when its stream is closed, complete, and not before. */
public final class NewFile implements OutputFile {
    private final Path path;
    private final Path temporary;

    /** @param path where the file appears */
    public NewFile(Path path) {
        this.path = path;
        temporary = path.resolveSibling(path.getFileName() + ".tmp");
    }

    @Override
    public PositionOutputStream create(long blockSizeHint) throws IOException {
        return new Stream(new BufferedOutputStream(Files.newOutputStream(temporary)));
    }

    @Override
    public PositionOutputStream createOrOverwrite(long blockSizeHint) {
        throw new UnsupportedOperationException("Data files are never replaced");
    }

    @Override
    public boolean supportsBlockSize() {
        return false;
    }

    @Override
    public long defaultBlockSize() {
        return 0;
    }

    private final class Stream extends PositionOutputStream implements Abortable {
        private final OutputStream out;
        private long position;
        private boolean open = true;

        Stream(OutputStream out) {
            this.out = out;
        }

        @Override
        public long getPos() {
            return position;
        }

        @Override
        public void write(int b) throws IOException {
            out.write(b);
            position++;
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            out.write(bytes, offset, length);
            position += length;
        }

        @Override
        public void close() throws IOException {
            if (open) {
                open = false;
                out.close();
                Files.move(temporary, path, StandardCopyOption.ATOMIC_MOVE);
            }
        }

        @Override
        public void abort() throws IOException {
            if (open) {
                open = false;
                out.close();
                Files.delete(temporary);
            }
        }
    }
}
