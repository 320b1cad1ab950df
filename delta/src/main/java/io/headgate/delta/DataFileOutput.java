package io.headgate.delta;

import io.headgate.delta.parquet.Abortable;
import java.io.IOException;
import java.nio.file.Path;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.PositionOutputStream;

/** A data file as Parquet's writer sees it. Closing the stream returns once file and name are on the medium. */
final class DataFileOutput implements OutputFile {
    private final Storage storage;
    private final Path file;

    DataFileOutput(Storage storage, Path file) {
        this.storage = storage;
        this.file = file;
    }

    @Override
    public PositionOutputStream create(long blockSizeHint) throws IOException {
        return new Stream(new ForcedOutput(storage, file));
    }

    /** Never overwrites: a data file's name is used once. */
    @Override
    public PositionOutputStream createOrOverwrite(long blockSizeHint) throws IOException {
        return create(blockSizeHint);
    }

    @Override
    public boolean supportsBlockSize() {
        return false;
    }

    @Override
    public long defaultBlockSize() {
        return 0;
    }

    @Override
    public String getPath() {
        return file.toString();
    }

    private final class Stream extends PositionOutputStream implements Abortable {
        private final ForcedOutput output;

        Stream(ForcedOutput output) {
            this.output = output;
        }

        @Override
        public long getPos() {
            return output.position();
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            output.write(bytes, offset, length);
        }

        @Override
        public void close() throws IOException {
            output.complete();
            storage.forceDirectory(StorageSteps.parent(file));
        }

        @Override
        public void abort() {
            output.remove();
        }
    }
}
