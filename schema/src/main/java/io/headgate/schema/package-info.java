/**
 * What a table's rows look like: the cached schema, JSON bytes turned into typed rows in one pass, and the row format
 * that the log keeps. Owns the port {@link io.headgate.schema.TableCatalog}.
 */
@NullMarked
package io.headgate.schema;

import org.jspecify.annotations.NullMarked;
