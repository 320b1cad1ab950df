package io.headgate.batching;

import io.headgate.model.TableId;
import io.headgate.model.TableName;

/**
 * A table as the log knows it: enough to find it again after a restart without asking a catalog.
 *
 * @param id what the table is; entries belong to this and to nothing else
 * @param name what it was called when the entries were accepted
 * @param location where its files are, as its {@link TableWriter} understands it
 */
public record LoggedTable(TableId id, TableName name, String location) {}
