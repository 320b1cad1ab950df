package io.headgate.delta.parquet;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.PositionOutputStream;

/**
 * Stands between Parquet's file writer and the file. Passes row groups on, holds back what comes after them so that the
 * footer can still be changed, and leaves closing, which publishes, to its owner.
 */
final class TailHoldingOutput extends PositionOutputStream {
    private final PositionOutputStream file;
    private final ByteArrayOutputStream tail = new ByteArrayOutputStream();
    private boolean holding;

    TailHoldingOutput(PositionOutputStream file) {
        this.file = file;
    }

    /** From here on nothing is passed on. */
    void hold() {
        holding = true;
    }

    /** What was held back. */
    byte[] tail() {
        return tail.toByteArray();
    }

    @Override
    public long getPos() throws IOException {
        return file.getPos() + tail.size();
    }

    @Override
    public void write(int b) throws IOException {
        if (holding) {
            tail.write(b);
        } else {
            file.write(b);
        }
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        if (holding) {
            tail.write(bytes, offset, length);
        } else {
            file.write(bytes, offset, length);
        }
    }

    /** Does nothing: Parquet's file writer closes what it wrote to, finished or not. */
    @Override
    public void close() {}

    /** Itself as the file to write to. */
    OutputFile asOutputFile() {
        return new OutputFile() {
            @Override
            public PositionOutputStream create(long blockSizeHint) {
                return TailHoldingOutput.this;
            }

            @Override
            public PositionOutputStream createOrOverwrite(long blockSizeHint) {
                return TailHoldingOutput.this;
            }

            @Override
            public boolean supportsBlockSize() {
                return false;
            }

            @Override
            public long defaultBlockSize() {
                return 0;
            }
        };
    }
}
