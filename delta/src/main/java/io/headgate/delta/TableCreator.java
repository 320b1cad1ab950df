package io.headgate.delta;

import io.delta.kernel.TableManager;
import io.delta.kernel.Transaction;
import io.delta.kernel.exceptions.TableAlreadyExistsException;
import io.delta.kernel.transaction.DataLayoutSpec;
import io.delta.kernel.utils.CloseableIterable;
import io.headgate.delta.kernel.CreationCommitter;
import io.headgate.delta.kernel.KernelSchema;
import io.headgate.model.TableName;
import io.headgate.schema.Column;
import io.headgate.schema.PartitionColumns;
import io.headgate.schema.SchemaJson;
import io.headgate.schema.TableSchema;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Creates tables in a {@link DirectoryCatalog}. A table is there whole and on the medium, or not at all. */
public final class TableCreator {
    /** Delta's default of 10 would have a checkpoint written every 20 seconds. */
    private static final Map<String, String> PROPERTIES = Map.of("delta.checkpointInterval", "100");

    private final DirectoryCatalog catalog;

    /** @param catalog where */
    public TableCreator(DirectoryCatalog catalog) {
        this.catalog = catalog;
    }

    /** Creates an empty table that is not partitioned. */
    public TableSchema create(TableName name, List<Column> columns) throws IOException {
        return create(name, columns, List.of());
    }

    /**
     * Creates an empty table.
     *
     * @param partitionBy the names of columns that its files are kept apart by, in order; none for an unpartitioned table
     * @return the table as the catalog now has it
     * @throws FileAlreadyExistsException if there is a table of that name; of several creators one wins
     * @throws IllegalArgumentException if Delta does not allow the columns
     * @throws io.headgate.model.RefusedException NOT_IMPLEMENTED as {@link DirectoryCatalog#load} says
     * @throws IOException if the table was not created, or nobody knows
     */
    public TableSchema create(TableName name, List<Column> columns, List<String> partitionBy) throws IOException {
        Path location = catalog.location(name);
        Storage storage = new LocalStorage();
        String owner = "headgate-create-" + UUID.randomUUID();
        ForcedEngine engine = new ForcedEngine(new ForcedFileIO(storage, owner));
        Transaction creation = begin(name, location, columns, partitionBy, engine);
        StorageSteps.createDirectories(storage, location);
        new LinkProbe(storage, owner).check(location);
        commit(name, location, creation, engine);
        return catalog.load(name)
                .orElseThrow(() -> new NoSuchFileException(location.toString(), null, "vanished after its creation"));
    }

    private static Transaction begin(
            TableName name, Path location, List<Column> columns, List<String> partitionBy, ForcedEngine engine)
            throws IOException {
        try {
            PartitionColumns.of(columns, partitionBy);
            return TableManager.buildCreateTableTransaction(
                            location.toString(), KernelSchema.of(SchemaJson.write(columns)), "headgate")
                    .withTableProperties(PROPERTIES)
                    .withDataLayoutSpec(layout(partitionBy))
                    .withMaxRetries(0)
                    .withCommitter(new CreationCommitter())
                    .build(engine);
        } catch (TableAlreadyExistsException e) {
            throw exists(name, location);
        } catch (RuntimeException e) {
            throw new IllegalArgumentException("Table " + name + " cannot be created: " + e.getMessage(), e);
        }
    }

    private static void commit(TableName name, Path location, Transaction creation, ForcedEngine engine)
            throws IOException {
        try {
            creation.commit(engine, CloseableIterable.emptyIterable());
        } catch (RuntimeException e) {
            for (Throwable cause = e; cause != null; cause = cause.getCause()) {
                if (cause instanceof FileAlreadyExistsException) {
                    throw exists(name, location);
                }
            }
            throw new IOException("Table " + name + " was not created, or nobody knows: " + e.getMessage(), e);
        }
    }

    private static FileAlreadyExistsException exists(TableName name, Path location) {
        return new FileAlreadyExistsException(location.toString(), null, "there is a table " + name + " already");
    }

    private static DataLayoutSpec layout(List<String> partitionBy) {
        return partitionBy.isEmpty()
                ? DataLayoutSpec.noDataLayout()
                : DataLayoutSpec.partitioned(partitionBy.stream()
                        .map(io.delta.kernel.expressions.Column::new)
                        .toList());
    }
}
