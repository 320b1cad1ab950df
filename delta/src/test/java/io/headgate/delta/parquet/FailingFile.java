package io.headgate.delta.parquet;

import java.io.IOException;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.PositionOutputStream;

/** A real file whose n-th call (create, write or close) fails, before it has any effect. */
final class FailingFile implements OutputFile {
    static final String MESSAGE = "No space left on device";

    private final OutputFile file;
    private final int failing;
    private int calls;

    /** @param failing which call fails, from 1 */
    FailingFile(OutputFile file, int failing) {
        this.file = file;
        this.failing = failing;
    }

    @Override
    public PositionOutputStream create(long blockSizeHint) throws IOException {
        call();
        return new Stream(file.create(blockSizeHint));
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

    private void call() throws IOException {
        calls++;
        if (calls == failing) {
            throw new IOException(MESSAGE);
        }
    }

    private final class Stream extends PositionOutputStream implements Abortable {
        private final PositionOutputStream out;

        Stream(PositionOutputStream out) {
            this.out = out;
        }

        @Override
        public long getPos() throws IOException {
            return out.getPos();
        }

        @Override
        public void write(int b) throws IOException {
            call();
            out.write(b);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            call();
            out.write(bytes, offset, length);
        }

        @Override
        public void close() throws IOException {
            call();
            out.close();
        }

        @Override
        public void abort() throws IOException {
            ((Abortable) out).abort();
        }
    }
}
