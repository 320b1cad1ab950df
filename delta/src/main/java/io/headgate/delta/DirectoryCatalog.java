package io.headgate.delta;

import io.delta.kernel.Snapshot;
import io.headgate.delta.kernel.TableLayout;
import io.headgate.model.Refusal;
import io.headgate.model.TableId;
import io.headgate.model.TableName;
import io.headgate.schema.Column;
import io.headgate.schema.TableCatalog;
import io.headgate.schema.TableSchema;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A directory of Delta tables: the table {@code a.b.c} lies at {@code <root>/a/b/c}. */
public final class DirectoryCatalog implements TableCatalog {
    private final Path root;
    private final ForcedEngine engine = new ForcedEngine(new ForcedFileIO(new LocalStorage(), "headgate-catalog"));
    private final TableLoader loader = new TableLoader(engine);

    /** @param root the directory; it need not exist before a table is created in it */
    public DirectoryCatalog(Path root) {
        this.root = root.toAbsolutePath().normalize();
    }

    /**
     * Makes sure that tables can be kept here: creates the root if it is not there, and finds out whether commits to its
     * file system are exclusive. Meant for the start. Removes what an earlier run left of finding out.
     *
     * @param logId the log that rows will come from
     * @param run its present run
     * @throws UnsuitableStorageException if tables can never be kept here
     * @throws IOException if that cannot be told now, as when the storage is read-only, full or away
     */
    public void prepare(String logId, String run) throws IOException {
        Storage storage = new LocalStorage();
        try {
            StorageSteps.createDirectories(storage, root);
        } catch (FileAlreadyExistsException | AccessDeniedException e) {
            throw new UnsuitableStorageException(
                    "Cannot keep tables in " + root + ": " + e
                            + ". Let catalog.path name a directory that the gateway may write to.",
                    e);
        }
        new Leftovers(storage, logId, run).removeTemporaries(root);
        new LinkProbe(storage, Leftovers.owner(logId, run)).check(root);
    }

    @Override
    public Optional<TableSchema> load(TableName name) throws IOException {
        Path location = location(name);
        if (!exists(location.resolve("_delta_log"))) {
            return Optional.empty();
        }
        try {
            return Optional.of(schema(name, location));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (UnsupportedTableException e) {
            throw unsupported(name, e.what());
        }
    }

    /** The tables that are there, in order of their names. Symbolic links are not followed, as nowhere in the catalog. */
    public List<TableName> list() throws IOException {
        List<TableName> tables = new ArrayList<>();
        for (Path catalog : directories(root)) {
            for (Path schema : directories(catalog)) {
                for (Path table : directories(schema)) {
                    if (exists(table.resolve("_delta_log"))) {
                        tables.add(name(table));
                    }
                }
            }
        }
        return tables;
    }

    private TableName name(Path table) {
        Path relative = root.relativize(table);
        return new TableName(
                relative.getName(0).toString(),
                relative.getName(1).toString(),
                relative.getName(2).toString());
    }

    /** Those whose names can be part of a table's; none if {@code parent} is gone. */
    private static List<Path> directories(Path parent) throws IOException {
        try (Stream<Path> entries = Files.list(parent)) {
            return entries.filter(entry -> TableName.isPart(entry.getFileName().toString()))
                    .filter(entry -> Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS))
                    .sorted()
                    .toList();
        } catch (NoSuchFileException e) {
            return List.of();
        }
    }

    /** Unlike {@link Files#exists}, tells what is not there from what cannot be looked at. */
    private static boolean exists(Path directory) throws IOException {
        try {
            return Files.readAttributes(directory, BasicFileAttributes.class).isDirectory();
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    private TableSchema schema(TableName name, Path location) throws IOException, UnsupportedTableException {
        TableLayout layout = TableLayout.of(loader.latest(location));
        List<Column> columns = TableGate.columns(layout);
        return new TableSchema(
                name,
                new TableId(layout.id()),
                root.relativize(location).toString(),
                columns,
                layout.schemaJson(),
                layout.partitionColumns());
    }

    /**
     * Where a table of this name lies, or would.
     *
     * @throws io.headgate.model.RefusedException NOT_IMPLEMENTED if a symbolic link below the root leads elsewhere: out
     *     of the root, or to the table of another name, whose grants would then not be the ones that count
     */
    public Path location(TableName name) {
        Path catalog = root.resolve(name.catalog());
        Path schema = catalog.resolve(name.schema());
        Path location = schema.resolve(name.table());
        for (Path part : List.of(catalog, schema, location)) {
            if (Files.isSymbolicLink(part)) {
                throw unsupported(
                        name, "The symbolic link " + part + " is not followed. Mount the table there instead.");
            }
        }
        return location;
    }

    /** The latest version of a table, whatever it uses, to read from with {@link #engine}. */
    Snapshot latest(TableName name) throws IOException, UnsupportedTableException {
        return loader.latest(location(name));
    }

    ForcedEngine engine() {
        return engine;
    }

    private static RuntimeException unsupported(TableName name, String why) {
        return Refusal.of(Refusal.Code.NOT_IMPLEMENTED, "Table " + name + ": " + why)
                .asException();
    }
}
