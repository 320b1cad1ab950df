package io.headgate.gateway.http;

import io.headgate.batching.LoggedSchema;
import io.headgate.batching.TableStream;
import io.headgate.schema.RowDecoder;
import io.headgate.schema.TableSchema;

/**
 * Where the rows of a table go, as of one version of its schema.
 *
 * @param schema the version, the schema cache's own instance
 * @param decoder turns JSON into its rows
 * @param columns those that the gateway writes
 * @param logged what the log keeps beside the rows
 * @param stream takes the rows
 */
record Target(TableSchema schema, RowDecoder decoder, TableColumns columns, LoggedSchema logged, TableStream stream) {}
