/**
 * Parquet files as Delta Kernel takes and gives them: batches of columns. What Kernel asks its engine for when it reads a
 * checkpoint or a data file and when it writes a checkpoint, on those parts of parquet-java that need no Hadoop class.
 * Knows Kernel's public types; knows neither the Delta log nor where files live.
 */
@NullMarked
package io.headgate.delta.batch;

import org.jspecify.annotations.NullMarked;
