package io.headgate.delta;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.headgate.batching.TableChangedException;
import io.headgate.batching.TableWriter.TableSnapshot;
import io.headgate.model.Refusal;
import io.headgate.model.RefusedException;
import io.headgate.model.StreamRange;
import io.headgate.schema.Column;
import io.headgate.schema.ColumnType;
import io.headgate.schema.SchemaJson;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Commits to tables that use each feature we let through, and refusals, by name, of those that use another. */
class TableFeaturesTest {
    private static final StreamRange FIRST = new StreamRange(0, 3);
    private static final StreamRange SECOND = new StreamRange(3, 6);
    private static final StreamRange BOTH = new StreamRange(0, 6);

    @TempDir
    Path root;

    private static String writerFeatures(String... features) {
        return "{\"minReaderVersion\":1,\"minWriterVersion\":7,\"writerFeatures\":[\"" + String.join("\",\"", features)
                + "\"]}";
    }

    private static String bothFeatures(String... features) {
        String list = "[\"" + String.join("\",\"", features) + "\"]";
        return "{\"minReaderVersion\":3,\"minWriterVersion\":7,\"readerFeatures\":" + list + ",\"writerFeatures\":"
                + list + "}";
    }

    private DeltaTableWriter commitBoth(TestTable table) throws Exception {
        DeltaTableWriter writer = TestTable.writer("log-1", new LocalStorage());
        assertTrue(table.catalog().load(TestTable.name()).isPresent());
        TableSnapshot first = table.commit(writer, writer.load(table.logged()), FIRST);
        table.commit(writer, first, SECOND);
        assertEquals(TestTable.seqs(BOTH), table.seqsByKernel());
        assertEquals(TestTable.seqs(BOTH), table.seqsByDuckDb());
        assertEquals(0, writer.upkeepFailures());
        return writer;
    }

    @ParameterizedTest
    @CsvSource({"1,1", "1,2", "1,3", "1,4", "2,5", "2,6", "1,7"})
    void versionsWithoutFeatures(int reader, int writer) throws Exception {
        String features = writer == 7 ? ",\"writerFeatures\":[]" : "";
        TestTable table = TestTable.create(
                root, "{\"minReaderVersion\":" + reader + ",\"minWriterVersion\":" + writer + features + "}", "{}");
        commitBoth(table);
        assertEquals(3, table.actions(2).size(), "commitInfo, txn and add, nothing else");
    }

    @Test
    void featuresThatNothingUses() throws Exception {
        TestTable table = TestTable.create(
                root,
                "{\"minReaderVersion\":2,\"minWriterVersion\":7,\"writerFeatures\":[\"allowColumnDefaults\","
                        + "\"checkConstraints\",\"columnMapping\",\"generatedColumns\",\"identityColumns\",\"invariants\"]}",
                "{\"delta.columnMapping.mode\":\"none\",\"delta.universalFormat.enabledFormats\":\"\"}");
        commitBoth(table);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"minReaderVersion\":1,\"minWriterVersion\":2}",
                "{\"minReaderVersion\":1,\"minWriterVersion\":7,\"writerFeatures\":[\"appendOnly\"]}"
            })
    void appendOnly(String protocol) throws Exception {
        commitBoth(TestTable.create(root, protocol, "{\"delta.appendOnly\":\"true\"}"));
    }

    @Test
    void changeDataFeedOfAppendsIsTheAddedFiles() throws Exception {
        TestTable table =
                TestTable.create(root, writerFeatures("changeDataFeed"), "{\"delta.enableChangeDataFeed\":\"true\"}");
        commitBoth(table);
        assertTrue(table.action(2, "add").get("dataChange").asBoolean());
        assertEquals(3, table.actions(2).size(), "no cdc action");
    }

    @Test
    void clusteringColumnsHaveStatistics() throws Exception {
        TestTable table = TestTable.create(
                root,
                writerFeatures("clustering", "domainMetadata"),
                "{\"delta.dataSkippingNumIndexedCols\":\"1\"}",
                "{\"domainMetadata\":{\"domain\":\"delta.clustering\",\"configuration\":"
                        + "\"{\\\"clusteringColumns\\\":[[\\\"device\\\"]]}\",\"removed\":false}}");
        commitBoth(table);
        JsonNode stats =
                new ObjectMapper().readTree(table.action(2, "add").get("stats").asText());
        assertEquals("device-3", stats.get("minValues").get("device").asText());
        assertFalse(stats.get("minValues").has("temp"), "not beyond what is asked for");
    }

    @Test
    void domainMetadataStays() throws Exception {
        TestTable table = TestTable.create(
                root,
                writerFeatures("domainMetadata"),
                "{}",
                "{\"domainMetadata\":{\"domain\":\"users.own\",\"configuration\":\"kept\",\"removed\":false}}");
        commitBoth(table);
        JsonNode checksum = TestTable.json(table.log().resolve("00000000000000000002.crc"));
        assertEquals(
                "kept",
                checksum.get("domainMetadata").get(0).get("configuration").asText());
    }

    @Test
    void deletedRowsStayDeleted() throws Exception {
        TestTable table =
                TestTable.create(root, bothFeatures("deletionVectors"), "{\"delta.enableDeletionVectors\":\"true\"}");
        DeltaTableWriter writer = commitBoth(table);
        assertFalse(table.action(2, "add").has("deletionVector"));
        JsonNode stats =
                new ObjectMapper().readTree(table.action(2, "add").get("stats").asText());
        assertTrue(stats.get("numRecords").asLong() > 0, "tables with deletion vectors need it");

        table.foreignDeletion(2);
        TableSnapshot base = writer.load(table.logged());
        assertEquals(6, base.committedTo().orElseThrow());
        table.commit(writer, base, new StreamRange(6, 8));
        List<Long> expected = TestTable.seqs(new StreamRange(0, 8));
        expected.removeAll(TestTable.seqs(SECOND).subList(3, 5));
        assertEquals(expected, table.seqsByKernel());
    }

    @Test
    void inCommitTimestampsAscend() throws Exception {
        TestTable table = TestTable.create(
                root, writerFeatures("inCommitTimestamp"), "{\"delta.enableInCommitTimestamps\":\"true\"}");
        commitBoth(table);
        long first = table.action(1, "commitInfo").get("inCommitTimestamp").asLong();
        long second = table.action(2, "commitInfo").get("inCommitTimestamp").asLong();
        assertTrue(1_700_000_000_000L < first && first < second);
        assertTrue(table.actions(2).get(0).has("commitInfo"), "the protocol wants it first");
        assertTrue(table.action(2, "commitInfo").get("isBlindAppend").asBoolean());
    }

    @Test
    void rowIdsAreAssigned() throws Exception {
        TestTable table = TestTable.create(
                root,
                writerFeatures("rowTracking", "domainMetadata"),
                "{\"delta.enableRowTracking\":\"true\",\"delta.rowTracking.materializedRowIdColumnName\":\"_row-id\","
                        + "\"delta.rowTracking.materializedRowCommitVersionColumnName\":\"_row-version\"}");
        commitBoth(table);
        int firstRows = TestTable.seqs(FIRST).size();
        assertEquals(0, table.action(1, "add").get("baseRowId").asLong());
        assertEquals(1, table.action(1, "add").get("defaultRowCommitVersion").asLong());
        assertEquals(firstRows, table.action(2, "add").get("baseRowId").asLong());
        assertEquals(2, table.action(2, "add").get("defaultRowCommitVersion").asLong());
        JsonNode mark = table.action(2, "domainMetadata");
        assertEquals("delta.rowTracking", mark.get("domain").asText());
        assertEquals(
                TestTable.seqs(BOTH).size() - 1,
                new ObjectMapper()
                        .readTree(mark.get("configuration").asText())
                        .get("rowIdHighWaterMark")
                        .asLong());
    }

    @Test
    void timestampsWithoutZone() throws Exception {
        TestTable table = TestTable.create(root, bothFeatures("timestampNtz"), "{}");
        table.foreignSchema(TestTable.with(TestTable.COLUMNS, new Column("local", ColumnType.TIMESTAMP_NTZ, true)));
        DeltaTableWriter writer = TestTable.writer("log-1", new LocalStorage());
        table.commit(writer, writer.load(table.logged()), BOTH);
        assertEquals(TestTable.seqs(BOTH), table.seqsByKernel());
        assertEquals(TestTable.seqs(BOTH), table.seqsByDuckDb());
    }

    @ParameterizedTest
    @CsvSource({"2, 5, name", "2, 5, id", "3, 7, name", "3, 7, id"})
    void mappedColumns(int reader, int writerVersion, String mode) throws Exception {
        String protocol = writerVersion == 7
                ? bothFeatures("columnMapping")
                : "{\"minReaderVersion\":" + reader + ",\"minWriterVersion\":" + writerVersion + "}";
        TestTable table = TestTable.create(root, protocol, "{}");
        table.foreignMetadata(metadata -> {
            metadata.put("schemaString", SchemaJson.write(MappedColumns.of(TestTable.COLUMNS)));
            ((ObjectNode) metadata.get("configuration"))
                    .put("delta.columnMapping.mode", mode)
                    .put("delta.columnMapping.maxColumnId", "4");
        });
        DeltaTableWriter writer = TestTable.writer("log-1", new LocalStorage());
        assertTrue(table.catalog().load(TestTable.name()).isPresent());
        TableSnapshot first = table.commit(writer, writer.load(table.logged()), FIRST);
        table.commit(writer, first, SECOND);
        assertEquals(TestTable.seqs(BOTH), table.seqsByKernel());
        JsonNode stats =
                new ObjectMapper().readTree(table.action(3, "add").get("stats").asText());
        assertEquals("device-3", stats.get("minValues").get("col-2").asText());
        String file = table.location()
                .resolve(table.action(3, "add").get("path").asText())
                .toString();
        List<String> columns = new ArrayList<>();
        TestTable.duckDb(
                "SELECT name || field_id FROM parquet_schema('" + file + "') WHERE num_children IS NULL",
                row -> columns.add(TestTable.textAt(row, 1)));
        assertEquals(List.of("col-11", "col-22", "col-33", "col-44"), columns);
        assertEquals(0, writer.upkeepFailures());
    }

    @Test
    void mappedColumnsAreSoAtEveryLevelOrRefused() throws Exception {
        List<Column> mapped = MappedColumns.of(TestTable.COLUMNS);
        Column half = new Column(
                "half",
                new ColumnType.Struct(List.of(new Column("lacking", ColumnType.LONG, true))),
                true,
                OptionalInt.of(5),
                Optional.of("col-5"));
        TestTable table = TestTable.create(
                root,
                "{\"minReaderVersion\":2,\"minWriterVersion\":5}",
                "{\"delta.columnMapping.mode\":\"name\",\"delta.columnMapping.maxColumnId\":\"5\"}");
        refused("column 'seq' has no id", table);
        table.foreignSchema(TestTable.with(mapped, half));
        refused("column 'half.lacking' has no id", table);
    }

    @Test
    void v2CheckpointsMayBeClassic() throws Exception {
        TestTable table = TestTable.create(
                root,
                bothFeatures("v2Checkpoint"),
                "{\"delta.checkpointPolicy\":\"v2\",\"delta.checkpointInterval\":\"2\"}");
        commitBoth(table);
        assertTrue(table.log()
                .resolve("00000000000000000002.checkpoint.parquet")
                .toFile()
                .exists());
        DeltaTableWriter next = TestTable.writer("log-1", new LocalStorage());
        assertEquals(6, next.load(table.logged()).committedTo().orElseThrow());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "typeWidening",
                "variantType",
                "catalogManaged",
                "vacuumProtocolCheck",
                "someFutureFeature",
                "geospatial"
            })
    void otherReaderFeaturesAreRefusedByName(String feature) throws Exception {
        refused(feature, bothFeatures(feature, "inCommitTimestamp"), "{}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "icebergCompatV1",
                "icebergCompatV2",
                "checkpointProtection",
                "materializePartitionColumns",
                "collations",
                "someFutureFeature"
            })
    void otherWriterFeaturesAreRefusedByName(String feature) throws Exception {
        refused(feature, writerFeatures(feature), "{}");
    }

    @ParameterizedTest
    @CsvSource({
        "delta.constraints.positive, temp > 0, checkConstraints",
        "delta.columnMapping.mode, name, columnMapping",
        "delta.columnMapping.mode, id, columnMapping",
        "delta.enableIcebergCompatV2, true, delta.enableIcebergCompatV2",
        "delta.enableIcebergWriterCompatV1, true, delta.enableIcebergWriterCompatV1",
        "delta.universalFormat.enabledFormats, iceberg, delta.universalFormat.enabledFormats"
    })
    void propertiesThatAskMoreOfAWriterAreRefused(String key, String value, String named) throws Exception {
        refused(named, "{\"minReaderVersion\":2,\"minWriterVersion\":5}", "{\"" + key + "\":\"" + value + "\"}");
    }

    @ParameterizedTest
    @CsvSource({
        "CURRENT_DEFAULT, allowColumnDefaults",
        "delta.generationExpression, generatedColumns",
        "delta.identity.start, identityColumns",
        "delta.invariants, invariants"
    })
    void columnsThatAskMoreOfAWriterAreRefused(String key, String named) throws Exception {
        TestTable table = TestTable.create(root, "{\"minReaderVersion\":1,\"minWriterVersion\":6}", "{}");
        table.foreignMetadata(metadata -> metadata.put(
                "schemaString",
                metadata.get("schemaString")
                        .asText()
                        .replaceFirst("\"metadata\":\\{}", "\"metadata\":{\"" + key + "\":\"1\"}")));
        refused(named, table);
    }

    @Test
    void partitions() throws Exception {
        TestTable table = TestTable.create(root, "{\"minReaderVersion\":1,\"minWriterVersion\":2}", "{}");
        table.foreignMetadata(metadata -> metadata.putArray("partitionColumns").add("device"));
        DeltaTableWriter writer = TestTable.writer("log-1", new LocalStorage());
        assertEquals(
                List.of("device"),
                table.catalog().load(TestTable.name()).orElseThrow().partitionColumns());
        table.commit(writer, writer.load(table.logged()), FIRST);
        assertEquals(TestTable.seqs(FIRST), table.seqsByKernel());
        assertEquals(TestTable.seqs(FIRST), table.seqsByDuckDb());
        assertEquals(3, table.liveFiles().size());
        assertEquals(0, writer.upkeepFailures());
    }

    @Test
    void partitionsThatDeltaOrReadersCannotDoAreRefused() throws Exception {
        TestTable table = TestTable.create(root, "{\"minReaderVersion\":1,\"minWriterVersion\":2}", "{}");
        table.foreignMetadata(metadata -> metadata.putArray("partitionColumns").add("Nowhere"));
        refused("\"Nowhere\"", table);
        table.foreignMetadata(metadata -> metadata.putArray("partitionColumns")
                .add("seq")
                .add("device")
                .add("temp")
                .add("at"));
        refused("all of its columns", table);
        table.foreignMetadata(metadata -> {
            metadata.put(
                    "schemaString",
                    SchemaJson.write(TestTable.with(TestTable.COLUMNS, new Column("raw", ColumnType.BINARY, true))));
            metadata.putArray("partitionColumns").add("raw");
        });
        writerRefuses("\"raw\", whose type is BINARY", table);
    }

    @Test
    void newerProtocolsAreRefused() throws Exception {
        refused("version", "{\"minReaderVersion\":1,\"minWriterVersion\":8}", "{}");
    }

    private void refused(String named, String protocol, String properties) throws Exception {
        refused(named, TestTable.create(root, protocol, properties));
    }

    /** By the catalog as a refusal that no retry mends, and by the writer as a change that somebody must undo. */
    private static void refused(String named, TestTable table) throws IOException {
        RefusedException refused =
                assertThrows(RefusedException.class, () -> table.catalog().load(TestTable.name()));
        assertEquals(Refusal.Code.NOT_IMPLEMENTED, refused.refusal().code());
        assertTrue(
                refused.refusal().message().contains(named), refused.refusal().message());
        writerRefuses(named, table);
    }

    private static void writerRefuses(String named, TestTable table) {
        DeltaTableWriter writer = TestTable.writer("log-1", new LocalStorage());
        TableChangedException changed = assertThrows(TableChangedException.class, () -> writer.load(table.logged()));
        assertTrue(String.valueOf(changed.getMessage()).contains(named), changed.getMessage());
    }
}
