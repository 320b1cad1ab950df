package io.headgate.delta;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.headgate.model.Refusal;
import io.headgate.model.RefusedException;
import io.headgate.model.TableName;
import io.headgate.schema.TableSchema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryCatalogTest {
    private static final String RUN = "00000000000000cd";

    @TempDir
    Path root;

    private static RefusedException refused(DirectoryCatalog catalog, TableName name) {
        return assertThrows(RefusedException.class, () -> catalog.load(name));
    }

    @Test
    void aTableIsReadFromItsLog() throws Exception {
        TestTable table = TestTable.create(root);
        TableSchema schema = table.catalog().load(TestTable.name()).orElseThrow();

        assertEquals(TestTable.name(), schema.name());
        assertEquals(table.logged().id(), schema.id());
        assertEquals("main/fleet/telemetry", schema.location(), "relative, so that the root can be moved");
        assertEquals(TestTable.COLUMNS, schema.columns());
        assertEquals(table.action(0, "metaData").get("schemaString").asText(), schema.schemaJson());
    }

    @Test
    void aChangeIsSeenAtOnce() throws Exception {
        TestTable table = TestTable.create(root);
        assertEquals(
                4,
                table.catalog().load(TestTable.name()).orElseThrow().columns().size());
        table.foreignSchema(TestTable.COLUMNS.subList(0, 2));
        assertEquals(
                2,
                table.catalog().load(TestTable.name()).orElseThrow().columns().size());
    }

    @Test
    void whatIsNoTableIsNotThere() throws Exception {
        DirectoryCatalog catalog = new DirectoryCatalog(root.resolve("none"));
        TableName name = TableName.parse("a.b.c");
        assertEquals(Optional.empty(), catalog.load(name));
        Files.createDirectories(root.resolve("none/a/b/c"));
        assertEquals(Optional.empty(), catalog.load(name));
        Files.createDirectories(root.resolve("none/a/b/c/_delta_log"));
        assertEquals(Optional.empty(), catalog.load(name), "a creation that is under way, or was cut off");
    }

    @Test
    void theRootIsPreparedAndLeftEmpty() throws Exception {
        Path tables = root.resolve("new/tables");
        new DirectoryCatalog(tables).prepare("log-1", RUN);
        Files.createFile(tables.resolve(".probe.headgate-log-1-00000000000000ab-0.tmp"));
        Path others = Files.createFile(tables.resolve(".probe.headgate-log-2-00000000000000ab-0.tmp"));
        new DirectoryCatalog(tables).prepare("log-1", RUN);
        Files.delete(others);
        try (Stream<Path> left = Files.list(tables)) {
            assertEquals(0, left.count());
        }
    }

    @Test
    void aRootThatCanNeverHoldTablesIsRefused() throws Exception {
        Path file = Files.createFile(root.resolve("file"));
        assertThrows(UnsuitableStorageException.class, () -> new DirectoryCatalog(file).prepare("log-1", RUN));
        assertThrows(
                UnsuitableStorageException.class,
                () -> new DirectoryCatalog(file.resolve("below")).prepare("log-1", RUN));
    }

    /** Devices drop rows for a table that is not there, and keep them while nobody can tell. */
    @Test
    void whatCannotBeLookedAtIsAnError() throws Exception {
        Files.createFile(root.resolve("a"));
        assertThrows(IOException.class, () -> new DirectoryCatalog(root).load(TableName.parse("a.b.c")));
    }

    @Test
    void aBrokenLogIsAnErrorThatSaysWhere() throws Exception {
        TestTable table = TestTable.create(root);
        Files.writeString(table.version(0), "{\"metaData\":");
        IOException broken =
                assertThrows(IOException.class, () -> table.catalog().load(TestTable.name()));
        assertTrue(String.valueOf(broken.getMessage()).contains(table.location().toString()), broken.getMessage());

        Files.writeString(table.version(0), "{\"commitInfo\":{\"timestamp\":1}}\n");
        assertThrows(IOException.class, () -> table.catalog().load(TestTable.name()));

        Files.move(table.version(0), table.version(3));
        assertThrows(IOException.class, () -> table.catalog().load(TestTable.name()));
    }

    @Test
    void columnsThatRowsCannotCarryAreRefusedByName() throws Exception {
        TestTable table = TestTable.create(root);
        table.foreignMetadata(metadata -> metadata.put(
                "schemaString", metadata.get("schemaString").asText().replace("\"double\"", "\"variant\"")));
        RefusedException refused = refused(table.catalog(), TestTable.name());
        assertEquals(Refusal.Code.NOT_IMPLEMENTED, refused.refusal().code());
        assertTrue(
                refused.refusal().message().contains("variant"),
                refused.refusal().message());
    }

    @Test
    void symbolicLinksBelowTheRootAreNotFollowed() throws Exception {
        TestTable elsewhere = TestTable.create(root.resolve("elsewhere"));
        Path tables = Files.createDirectories(root.resolve("tables/a/b"));
        Files.createSymbolicLink(tables.resolve("c"), elsewhere.location());
        Files.createSymbolicLink(root.resolve("tables/main"), root.resolve("elsewhere/main"));
        DirectoryCatalog catalog = new DirectoryCatalog(root.resolve("tables"));

        RefusedException refused = refused(catalog, TableName.parse("a.b.c"));
        assertEquals(Refusal.Code.NOT_IMPLEMENTED, refused.refusal().code());
        assertTrue(
                refused.refusal().message().contains("symbolic link"),
                refused.refusal().message());
        refused(catalog, TestTable.name());
    }

    @Test
    void theRootItselfMayBeASymbolicLink() throws Exception {
        TestTable table = TestTable.create(root.resolve("elsewhere"));
        Path link = Files.createSymbolicLink(root.resolve("link"), root.resolve("elsewhere"));
        assertEquals(
                table.logged().id(),
                new DirectoryCatalog(link).load(TestTable.name()).orElseThrow().id());
    }
}
