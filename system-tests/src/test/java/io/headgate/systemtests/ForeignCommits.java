package io.headgate.systemtests;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Commits to a table as another program would make them, by the letter of the Delta protocol. */
final class ForeignCommits {
    private static final ObjectMapper JSON = new ObjectMapper();

    private ForeignCommits() {}

    /** CREATE TABLE LIKE: another table, like one that nothing was committed to yet. */
    static void createLike(Path table, Path like) throws IOException {
        String first = "_delta_log/" + String.format("%020d.json", 0);
        Files.createDirectories(table.resolve("_delta_log"));
        Files.writeString(
                table.resolve(first),
                Files.readString(like.resolve(first))
                        .replace(tableId(like), UUID.randomUUID().toString()));
    }

    /** ALTER TABLE ADD COLUMN. */
    static void addNullableColumn(Path table, String name, String type) throws IOException {
        changeColumns(
                table,
                columns -> columns.addObject()
                        .put("name", name)
                        .put("type", type)
                        .put("nullable", true)
                        .putObject("metadata"));
    }

    /** ALTER TABLE DROP COLUMN, as on a table without column mapping. */
    static void dropColumn(Path table, String name) throws IOException {
        changeColumns(table, columns -> {
            for (int i = columns.size() - 1; i >= 0; i--) {
                if (columns.get(i).get("name").asText().equals(name)) {
                    columns.remove(i);
                }
            }
        });
    }

    private static void changeColumns(Path table, Consumer<ArrayNode> change) throws IOException {
        ObjectNode metaData = metaData(table);
        ObjectNode schema =
                (ObjectNode) JSON.readTree(metaData.get("schemaString").asText());
        change.accept(schema.withArray("fields"));
        metaData.put("schemaString", JSON.writeValueAsString(schema));
        commit(table, JSON.createObjectNode().set("metaData", metaData));
    }

    static String tableId(Path table) throws IOException {
        return metaData(table).get("id").asText();
    }

    private static ObjectNode metaData(Path table) throws IOException {
        ObjectNode metaData = null;
        for (JsonNode action : new DeltaFiles(table).actions()) {
            if (action.has("metaData")) {
                metaData = (ObjectNode) action.get("metaData");
            }
        }
        if (metaData == null) {
            throw new IOException("no metaData in " + table);
        }
        return metaData;
    }

    /** Takes the next free version. */
    static void commit(Path table, JsonNode action) throws IOException {
        ObjectNode info = JSON.createObjectNode();
        info.putObject("commitInfo")
                .put("timestamp", System.currentTimeMillis())
                .put("operation", "FOREIGN")
                .put("isBlindAppend", false);
        String lines = JSON.writeValueAsString(info) + "\n" + JSON.writeValueAsString(action) + "\n";
        while (!taken(table, lines)) {
            Thread.onSpinWait(); // the gateway was first: the next version, then
        }
    }

    private static boolean taken(Path table, String lines) throws IOException {
        Path log = table.resolve("_delta_log");
        Path temporary = Files.createTempFile(table, "foreign", ".json");
        Files.writeString(temporary, lines);
        try (Stream<Path> files = Files.list(log)) {
            long next = files.map(file -> file.getFileName().toString())
                            .filter(file -> file.matches("\\d{20}\\.json"))
                            .mapToLong(file -> Long.parseLong(file.substring(0, 20)))
                            .max()
                            .orElse(-1)
                    + 1;
            Files.createLink(log.resolve(String.format("%020d.json", next)), temporary);
            return true;
        } catch (FileAlreadyExistsException e) {
            return false;
        } finally {
            Files.delete(temporary);
        }
    }
}
