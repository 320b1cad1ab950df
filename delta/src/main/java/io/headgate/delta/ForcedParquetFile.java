package io.headgate.delta;

import io.headgate.delta.parquet.Abortable;
import java.io.IOException;
import java.nio.file.Path;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.PositionOutputStream;

/**
 * A file as Parquet's writer sees it. Closing the stream returns once file and name are on the medium; after a failed
 * write it throws, and there is no file.
 */
final class ForcedParquetFile implements OutputFile {
    /** How the file begins. */
    @FunctionalInterface
    interface Beginning {
        ForcedOutput begin() throws IOException;
    }

    /** How a file that is complete comes to its name for good. */
    @FunctionalInterface
    interface Naming {
        void name(ForcedOutput complete) throws IOException;
    }

    private final Path name;
    private final Beginning beginning;
    private final Naming naming;

    /** @param name what it will be called, for messages */
    ForcedParquetFile(Path name, Beginning beginning, Naming naming) {
        this.name = name;
        this.beginning = beginning;
        this.naming = naming;
    }

    /** A data file, which is written under its own name: nobody reads it before a commit says that it is there. */
    static ForcedParquetFile dataFile(Storage storage, Path file) {
        return new ForcedParquetFile(
                file,
                () -> new ForcedOutput(storage, file),
                complete -> storage.forceDirectory(StorageSteps.parent(file)));
    }

    @Override
    public PositionOutputStream create(long blockSizeHint) throws IOException {
        return new Stream(beginning.begin());
    }

    /** Never overwrites: a name is used once. */
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
        return name.toString();
    }

    private final class Stream extends ForcedStream implements Abortable {
        private final ForcedOutput output;

        Stream(ForcedOutput output) {
            super(output);
            this.output = output;
        }

        @Override
        public void close() throws IOException {
            output.complete();
            naming.name(output);
        }

        @Override
        public void abort() {
            output.remove();
        }
    }
}
