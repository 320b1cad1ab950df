package io.headgate.delta;

import io.delta.kernel.defaults.engine.fileio.InputFile;
import io.delta.kernel.defaults.engine.fileio.SeekableInputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;

/** A local file as Kernel reads it. Kernel's readers buffer by themselves. */
record LocalInputFile(String path) implements InputFile {
    @Override
    public long length() throws IOException {
        return Files.size(ForcedFileIO.local(path));
    }

    @Override
    public SeekableInputStream newStream() throws IOException {
        // java.io on purpose: its FileNotFoundException is the one that Kernel knows.
        return new Stream(new RandomAccessFile(ForcedFileIO.local(path).toFile(), "r"));
    }

    private static final class Stream extends SeekableInputStream {
        private final RandomAccessFile file;

        Stream(RandomAccessFile file) {
            this.file = file;
        }

        @Override
        public long getPos() throws IOException {
            return file.getFilePointer();
        }

        @Override
        public void seek(long position) throws IOException {
            file.seek(position);
        }

        @Override
        public int read() throws IOException {
            return file.read();
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            return file.read(bytes, offset, length);
        }

        @Override
        public void readFully(byte[] bytes, int offset, int length) throws IOException {
            file.readFully(bytes, offset, length);
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}
