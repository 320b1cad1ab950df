package io.headgate.delta.parquet;

import io.headgate.schema.Column;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.page.DataPage;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.column.page.PageReader;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.convert.GroupRecordConverter;
import org.apache.parquet.filter2.compat.FilterCompat;
import org.apache.parquet.filter2.predicate.FilterPredicate;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.ParquetMetadata;
import org.apache.parquet.io.ColumnIOFactory;
import org.apache.parquet.io.LocalInputFile;
import org.apache.parquet.io.RecordReader;
import org.apache.parquet.schema.MessageType;
import org.jspecify.annotations.Nullable;

/** Reads files back with Parquet's own library. */
final class ParquetJava {
    private ParquetJava() {}

    /** The footer, as read from the file. */
    static ParquetMetadata footer(Path path) throws IOException {
        try (ParquetFileReader file = open(
                path,
                ParquetReadOptions.builder(new PlainParquetConfiguration()).build())) {
            return file.getFooter();
        }
    }

    /** All rows; BYTE and SHORT come as Integer, strings as String. */
    static List<@Nullable Object[]> rows(Path path) throws IOException {
        List<@Nullable Object[]> rows = new ArrayList<>();
        forEach(path, record -> {
            @Nullable Object[] row = new @Nullable Object[record.getType().getFieldCount()];
            for (int column = 0; column < row.length; column++) {
                row[column] = record.getFieldRepetitionCount(column) == 0 ? null : value(record, column);
            }
            rows.add(row);
        });
        return rows;
    }

    /** All rows of these columns, as {@link io.headgate.schema.Rows} has them. */
    static List<List<Object>> rows(Path path, List<Column> columns) throws IOException {
        List<List<Object>> rows = new ArrayList<>();
        forEach(path, record -> rows.add(GroupValues.row(record, columns)));
        return rows;
    }

    private static void forEach(Path path, Consumer<Group> consumer) throws IOException {
        try (ParquetFileReader file = open(
                path,
                ParquetReadOptions.builder(new PlainParquetConfiguration()).build())) {
            MessageType schema = file.getFooter().getFileMetaData().getSchema();
            for (PageReadStore group = file.readNextRowGroup(); group != null; group = file.readNextRowGroup()) {
                RecordReader<Group> records = new ColumnIOFactory()
                        .getColumnIO(schema)
                        .getRecordReader(group, new GroupRecordConverter(schema));
                for (long i = 0; i < group.getRowCount(); i++) {
                    consumer.accept(records.read());
                }
            }
        }
    }

    /** How many rows are left to read when row groups and pages are skipped by their statistics. */
    static long rowsNotSkipped(Path path, FilterPredicate filter) throws IOException {
        ParquetReadOptions options = ParquetReadOptions.builder(new PlainParquetConfiguration())
                .withRecordFilter(FilterCompat.get(filter))
                .useStatsFilter()
                .useColumnIndexFilter()
                .build();
        try (ParquetFileReader file = open(path, options)) {
            return file.getFilteredRecordCount();
        }
    }

    /** The uncompressed size of the largest data page. */
    static int largestPageBytes(Path path) throws IOException {
        int largest = 0;
        try (ParquetFileReader file = open(
                path,
                ParquetReadOptions.builder(new PlainParquetConfiguration()).build())) {
            for (PageReadStore group = file.readNextRowGroup(); group != null; group = file.readNextRowGroup()) {
                for (ColumnDescriptor column :
                        file.getFooter().getFileMetaData().getSchema().getColumns()) {
                    PageReader pages = group.getPageReader(column);
                    for (DataPage page = pages.readPage(); page != null; page = pages.readPage()) {
                        largest = Math.max(largest, page.getUncompressedSize());
                    }
                }
            }
        }
        return largest;
    }

    private static ParquetFileReader open(Path path, ParquetReadOptions options) throws IOException {
        return ParquetFileReader.open(new LocalInputFile(path), options);
    }

    private static Object value(Group record, int column) {
        return switch (record.getType().getType(column).asPrimitiveType().getPrimitiveTypeName()) {
            case BINARY -> record.getString(column, 0);
            case BOOLEAN -> record.getBoolean(column, 0);
            case INT32 -> record.getInteger(column, 0);
            case INT64 -> record.getLong(column, 0);
            case FLOAT -> record.getFloat(column, 0);
            case DOUBLE -> record.getDouble(column, 0);
            case INT96, FIXED_LEN_BYTE_ARRAY -> throw new IllegalArgumentException("Never written");
        };
    }
}
