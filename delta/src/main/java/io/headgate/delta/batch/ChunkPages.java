package io.headgate.delta.batch;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Arrays;
import java.util.zip.CRC32;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.page.DataPage;
import org.apache.parquet.column.page.DataPageV1;
import org.apache.parquet.column.page.DataPageV2;
import org.apache.parquet.column.page.DictionaryPage;
import org.apache.parquet.column.page.PageReader;
import org.apache.parquet.format.DataPageHeader;
import org.apache.parquet.format.DataPageHeaderV2;
import org.apache.parquet.format.PageHeader;
import org.apache.parquet.format.PageType;
import org.apache.parquet.format.Util;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.jspecify.annotations.Nullable;

/**
 * The pages of a column in a row group, one after the other as they are asked for: one is in memory at a time, however long
 * the column is. Those that have a checksum are checked.
 */
final class ChunkPages implements PageReader {
    private static final int BUFFER_BYTES = 16 << 10;

    private final ColumnChunkMetaData chunk;
    private final PageCodec codec;
    private final InputStream in;
    private final CRC32 checksum = new CRC32();
    private long valuesLeft;
    /** Of the page that comes next, if it was looked at. */
    private @Nullable PageHeader next;

    ChunkPages(FileChannel file, ColumnChunkMetaData chunk) {
        this.chunk = chunk;
        codec = PageCodec.of(chunk.getCodec());
        in = new BufferedInputStream(new FromPosition(file, chunk.getStartingPos()), BUFFER_BYTES);
        valuesLeft = chunk.getValueCount();
    }

    /** Reads where nobody else moves the position. */
    private static final class FromPosition extends InputStream {
        private final FileChannel file;
        private long position;

        FromPosition(FileChannel file, long position) {
            this.file = file;
            this.position = position;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int read = file.read(ByteBuffer.wrap(bytes, offset, length), position);
            position += Math.max(read, 0);
            return read;
        }
    }

    @Override
    public long getTotalValueCount() {
        return chunk.getValueCount();
    }

    @Override
    public @Nullable DictionaryPage readDictionaryPage() {
        try {
            PageHeader header = peek();
            if (header == null || header.getType() != PageType.DICTIONARY_PAGE) {
                return null;
            }
            next = null;
            byte[] page = stored(header);
            return new DictionaryPage(
                    BytesInput.from(expand(page, header.getUncompressed_page_size())),
                    header.getDictionary_page_header().getNum_values(),
                    encoding(header.getDictionary_page_header().getEncoding()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public @Nullable DataPage readPage() {
        try {
            for (PageHeader header = peek(); header != null; header = peek()) {
                next = null;
                byte[] page = stored(header);
                if (header.getType() == PageType.DATA_PAGE) {
                    return first(page, header);
                }
                if (header.getType() == PageType.DATA_PAGE_V2) {
                    return second(page, header);
                }
                // Readers are to pass over what they do not know.
            }
            return null;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The next page's header; null if the column has no more values. */
    private @Nullable PageHeader peek() throws IOException {
        if (next == null && valuesLeft > 0) {
            next = Util.readPageHeader(in);
        }
        return next;
    }

    private DataPage first(byte[] page, PageHeader header) throws IOException {
        DataPageHeader data = header.getData_page_header();
        valuesLeft -= data.getNum_values();
        byte[] expanded = expand(page, header.getUncompressed_page_size());
        return new DataPageV1(
                BytesInput.from(expanded),
                data.getNum_values(),
                expanded.length,
                null,
                encoding(data.getRepetition_level_encoding()),
                encoding(data.getDefinition_level_encoding()),
                encoding(data.getEncoding()));
    }

    private DataPage second(byte[] page, PageHeader header) throws IOException {
        DataPageHeaderV2 data = header.getData_page_header_v2();
        valuesLeft -= data.getNum_values();
        int repetitions = data.getRepetition_levels_byte_length();
        int levels = repetitions + data.getDefinition_levels_byte_length();
        byte[] values = Arrays.copyOfRange(page, levels, page.length);
        boolean isCompressed = !data.isSetIs_compressed() || data.isIs_compressed();
        return DataPageV2.uncompressed(
                data.getNum_rows(),
                data.getNum_nulls(),
                data.getNum_values(),
                BytesInput.from(page, 0, repetitions),
                BytesInput.from(page, repetitions, levels - repetitions),
                encoding(data.getEncoding()),
                BytesInput.from(isCompressed ? expand(values, header.getUncompressed_page_size() - levels) : values),
                null);
    }

    private byte[] stored(PageHeader header) throws IOException {
        byte[] page = in.readNBytes(header.getCompressed_page_size());
        if (page.length < header.getCompressed_page_size()) {
            throw new EOFException("A page of column " + chunk.getPath() + " goes beyond the end of the file");
        }
        if (header.isSetCrc()) {
            checksum.reset();
            checksum.update(page);
            if ((int) checksum.getValue() != header.getCrc()) {
                throw new IOException("A page of column " + chunk.getPath() + " is damaged: its CRC is another");
            }
        }
        return page;
    }

    private byte[] expand(byte[] page, int length) throws IOException {
        byte[] expanded = new byte[length];
        int became = page.length == 0 ? 0 : codec.expand(page, expanded);
        if (became != length) {
            throw new IOException("A page of column " + chunk.getPath() + " is damaged: it expands to " + became
                    + " bytes and not to " + length);
        }
        return expanded;
    }

    private static Encoding encoding(org.apache.parquet.format.Encoding stored) {
        return Encoding.valueOf(stored.name());
    }
}
