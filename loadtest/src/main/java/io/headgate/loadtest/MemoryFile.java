package io.headgate.loadtest;

import io.headgate.delta.parquet.Abortable;
import io.headgate.delta.parquet.ParquetDataFileWriter;
import io.headgate.delta.parquet.ParquetSettings;
import io.headgate.schema.Column;
import io.headgate.schema.RowLayout;
import io.headgate.schema.RowReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.PositionOutputStream;

/** A data file in memory, for what is measured without a disk. */
final class MemoryFile implements OutputFile {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    /**
     * A Parquet file.
     *
     * @param payloads how many there are
     * @param payload the rows of each, asked for once and in order
     */
    static MemoryFile of(List<Column> columns, int payloads, IntFunction<ByteBuffer> payload) throws IOException {
        MemoryFile file = new MemoryFile();
        int[] sources = IntStream.range(0, columns.size()).toArray();
        RowReader reader = new RowReader(RowLayout.of(columns));
        try (ParquetDataFileWriter writer = new ParquetDataFileWriter(file, columns, ParquetSettings.DEFAULT)) {
            for (int i = 0; i < payloads; i++) {
                reader.wrap(payload.apply(i));
                while (reader.next()) {
                    writer.append(reader, sources);
                }
            }
            writer.finish();
        }
        return file;
    }

    int length() {
        return bytes.size();
    }

    @Override
    public PositionOutputStream create(long blockSizeHint) {
        return new Stream();
    }

    @Override
    public PositionOutputStream createOrOverwrite(long blockSizeHint) {
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

    private final class Stream extends PositionOutputStream implements Abortable {
        @Override
        public long getPos() {
            return bytes.size();
        }

        @Override
        public void write(int b) {
            bytes.write(b);
        }

        @Override
        public void write(byte[] source, int offset, int length) {
            bytes.write(source, offset, length);
        }

        @Override
        public void abort() {
            bytes.reset();
        }
    }
}
