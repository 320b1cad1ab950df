package io.headgate.gateway.doctor;

import io.headgate.delta.DirectoryCatalog;
import io.headgate.gateway.config.GatewayConfig;
import io.headgate.model.RefusedException;
import io.headgate.model.TableName;
import io.headgate.schema.ServerColumns;
import io.headgate.schema.TableSchema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Whether the tables can be read and written, each of them, and have the columns that the configuration sets. */
final class TablesCheck implements Check {
    private static final int TABLES_MAX = 500;
    private static final int NAMED_MAX = 5;

    private final Path root;
    private final Map<TableName, GatewayConfig.Table> configured;
    private final DirectoryCatalog catalog;

    TablesCheck(Path root, Map<TableName, GatewayConfig.Table> configured) {
        this.root = root;
        this.configured = configured;
        this.catalog = new DirectoryCatalog(root);
    }

    @Override
    public String name() {
        return "tables";
    }

    @Override
    public Finding examine() throws IOException {
        if (!Files.exists(root)) {
            return Finding.ok("none yet; " + root + " is made at the first start");
        }
        if (!Files.isDirectory(root)) {
            return Finding.fail(
                    root + " is no directory", "Let catalog.path name the directory that holds the tables.");
        }
        List<TableName> all = catalog.list();
        List<TableName> tables = all.subList(0, Math.min(TABLES_MAX, all.size()));
        List<String> refused = new ArrayList<>();
        List<String> unwritable = new ArrayList<>();
        for (TableName table : tables) {
            look(table, refused, unwritable);
        }
        String found = tables.size() + (tables.size() < all.size() ? " looked at of " + all.size() : "")
                + " tables below " + root;
        if (!unwritable.isEmpty()) {
            return Finding.fail(
                    unwritable.size() + " of " + found + " cannot be read or written: " + some(unwritable),
                    "Let the gateway's user read and write them, and mend what is damaged.");
        }
        return refused.isEmpty()
                ? Finding.ok(found + ", all of them readable and writable")
                : Finding.warn(
                        refused.size() + " of " + found + " take no rows: " + some(refused),
                        "Nothing, unless devices are meant to write there.");
    }

    private void look(TableName table, List<String> refused, List<String> unwritable) {
        try {
            Path place = catalog.location(table);
            touch(place);
            touch(place.resolve("_delta_log"));
            TableSchema schema = catalog.load(table).orElse(null);
            if (schema == null) {
                unwritable.add(table + ": it holds no table");
            } else if (configured.containsKey(table)) {
                ServerColumns.of(schema, configured.get(table).setColumns());
            }
        } catch (RefusedException e) {
            refused.add(table + ": " + e.refusal().message());
        } catch (IOException | RuntimeException e) {
            unwritable.add(table + ": " + e);
        }
    }

    private static String some(List<String> troubles) {
        return String.join("; ", troubles.subList(0, Math.min(NAMED_MAX, troubles.size())));
    }

    private static void touch(Path directory) throws IOException {
        Files.delete(Files.createFile(Places.probe(directory)));
    }
}
