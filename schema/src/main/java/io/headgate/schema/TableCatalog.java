package io.headgate.schema;

import io.headgate.model.TableName;
import java.io.IOException;
import java.util.Optional;

/** Where table names are looked up. */
@FunctionalInterface
public interface TableCatalog {
    /**
     * Looks a table up, afresh. Blocks; any thread; one call at a time per table is the caller's business.
     *
     * @return the table as it is now, or empty if there is none of that name
     * @throws io.headgate.model.RefusedException NOT_IMPLEMENTED, naming the type or feature, if the table uses what we
     *     cannot write correctly
     * @throws IOException if the catalog cannot tell now
     */
    Optional<TableSchema> load(TableName name) throws IOException;
}
