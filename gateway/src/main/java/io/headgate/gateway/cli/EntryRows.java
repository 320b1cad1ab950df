package io.headgate.gateway.cli;

import io.headgate.batching.LoggedSchema;
import io.headgate.schema.RowJson;
import io.headgate.schema.SchemaJson;
import org.jspecify.annotations.Nullable;

/** Reads the rows of entries, most of which are of the same schema as the one before. One thread. */
final class EntryRows {
    private @Nullable LoggedSchema schema;
    private @Nullable RowJson rows;

    /** @throws io.headgate.model.RefusedException if the schema has what we cannot read */
    RowJson of(LoggedSchema wanted) {
        RowJson known = rows;
        if (known == null || !wanted.equals(schema)) {
            known = new RowJson(SchemaJson.parse(wanted.schemaJson()));
            rows = known;
            schema = wanted;
        }
        return known;
    }
}
