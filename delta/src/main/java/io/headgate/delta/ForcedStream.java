package io.headgate.delta;

import java.io.IOException;
import org.apache.parquet.io.PositionOutputStream;

/** A {@link ForcedOutput} as a stream. Closing it does nothing: what becomes of the file is its owner's. */
class ForcedStream extends PositionOutputStream {
    private final ForcedOutput output;

    ForcedStream(ForcedOutput output) {
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
}
