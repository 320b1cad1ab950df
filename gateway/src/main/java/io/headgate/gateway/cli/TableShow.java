package io.headgate.gateway.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import io.headgate.delta.DirectoryCatalog;
import io.headgate.delta.TableDescription;
import io.headgate.delta.TableVersion;
import io.headgate.gateway.verify.LogContents;
import io.headgate.model.TableName;
import io.headgate.wal.LocalDisk;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One table: what it is, and how far the log's rows are in it.
 *
 * @param table the table
 * @param logId the log of this configuration, if there is one
 * @param committedTo one past its last position in the table, if any
 * @param pendingRows rows in the log that the table does not have, if there is a log
 */
record TableShow(TableDescription table, Optional<String> logId, OptionalLong committedTo, OptionalLong pendingRows) {
    static TableShow of(DirectoryCatalog catalog, TableName name, Path log) throws IOException {
        TableVersion version = TableVersion.latest(catalog, name);
        try {
            LogContents contents = LogContents.read(LocalDisk.existing(log), catalog, List.of(name));
            String logId = contents.report().logId();
            long pending = contents.tables().stream()
                    .filter(share -> share.table().id().equals(version.id()))
                    .mapToLong(share -> share.pendingRows().orElse(0))
                    .sum();
            return new TableShow(
                    version.describe(), Optional.of(logId), version.committedTo(logId), OptionalLong.of(pending));
        } catch (NoSuchFileException e) {
            return new TableShow(version.describe(), Optional.empty(), OptionalLong.empty(), OptionalLong.empty());
        }
    }

    void print(boolean asJson, Console console) throws IOException {
        if (asJson) {
            console.println(JsonLines.line(this::write));
            return;
        }
        for (String line : TableListing.aligned(facts())) {
            console.println(line);
        }
        console.println("");
        List<List<String>> columns = new ArrayList<>();
        table.columns()
                .forEach(column ->
                        columns.add(List.of(column.name(), column.type(), column.nullable() ? "" : "NOT NULL")));
        for (String line : TableListing.aligned(columns)) {
            console.println(line.stripTrailing());
        }
    }

    private List<List<String>> facts() {
        List<List<String>> facts = new ArrayList<>();
        facts.add(List.of("table", table.name().toString()));
        facts.add(List.of("id", table.id().value()));
        facts.add(List.of("location", table.location().toString()));
        facts.add(List.of("version", String.valueOf(table.version())));
        table.files()
                .ifPresent(
                        files -> facts.add(List.of("data files", files.count() + ", " + files.sizeBytes() + " bytes")));
        facts.add(List.of(
                "protocol",
                "reader " + table.readerVersion() + ", writer " + table.writerVersion()
                        + (table.features().isEmpty() ? "" : ", features " + String.join(", ", table.features()))));
        facts.add(List.of(
                "partitioned by",
                table.partitionColumns().isEmpty() ? "nothing" : String.join(", ", table.partitionColumns())));
        table.properties().forEach((key, value) -> facts.add(List.of("property", key + " = " + value)));
        facts.add(
                List.of("ingest", table.refusal().map(why -> "refused: " + why).orElse("accepted")));
        facts.add(List.of("log", logId.orElse("none")));
        facts.add(List.of(
                "committed",
                committedTo.isPresent() ? "up to position " + committedTo.getAsLong() : "nothing of this log"));
        facts.add(List.of("waiting", pendingRows.isPresent() ? pendingRows.getAsLong() + " rows" : "unknown"));
        return facts;
    }

    private void write(JsonGenerator json) throws IOException {
        TableListing.write(table, json);
        json.writeStringField("location", table.location().toString());
        json.writeNumberField("min_reader_version", table.readerVersion());
        json.writeNumberField("min_writer_version", table.writerVersion());
        writeArray("features", table.features(), json);
        writeArray("partition_columns", table.partitionColumns(), json);
        json.writeObjectFieldStart("properties");
        for (Map.Entry<String, String> property : table.properties().entrySet()) {
            json.writeStringField(property.getKey(), property.getValue());
        }
        json.writeEndObject();
        writeColumns(json);
        if (logId.isPresent()) {
            json.writeStringField("log_id", logId.get());
        }
        if (committedTo.isPresent()) {
            json.writeNumberField("committed_to_position", committedTo.getAsLong());
        }
        if (pendingRows.isPresent()) {
            json.writeNumberField("pending_rows", pendingRows.getAsLong());
        }
    }

    private static void writeArray(String name, List<String> values, JsonGenerator json) throws IOException {
        json.writeArrayFieldStart(name);
        for (String value : values) {
            json.writeString(value);
        }
        json.writeEndArray();
    }

    private void writeColumns(JsonGenerator json) throws IOException {
        json.writeArrayFieldStart("columns");
        for (TableDescription.Column column : table.columns()) {
            json.writeStartObject();
            json.writeStringField("name", column.name());
            json.writeStringField("type", column.type());
            json.writeBooleanField("nullable", column.nullable());
            json.writeEndObject();
        }
        json.writeEndArray();
    }
}
