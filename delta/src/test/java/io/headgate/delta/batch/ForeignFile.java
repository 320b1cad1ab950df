package io.headgate.delta.batch;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroupFactory;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;

/** Files that Parquet's own record writer makes, which has any encoding and codec, and takes any schema. */
final class ForeignFile {
    private final MessageType schema;
    private final SimpleGroupFactory groups;

    ForeignFile(String schema) {
        this.schema = MessageTypeParser.parseMessageType(schema);
        groups = new SimpleGroupFactory(this.schema);
    }

    /** A record to put values in. */
    Group record() {
        return groups.newGroup();
    }

    void write(Path file, List<Group> records) throws IOException {
        write(file, records, builder -> builder);
    }

    void write(Path file, List<Group> records, UnaryOperator<ExampleParquetWriter.Builder> settings)
            throws IOException {
        try (ParquetWriter<Group> writer = settings.apply(
                        ExampleParquetWriter.builder(new LocalOutputFile(file)).withType(schema))
                .build()) {
            for (Group record : records) {
                writer.write(record);
            }
        }
    }
}
