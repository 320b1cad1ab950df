/**
 * Parquet data files as Delta tables have them, written column by column with statistics, and without a Hadoop class on
 * the way of a row. Knows columns and rows; knows neither the Delta log nor where files live.
 */
@NullMarked
package io.headgate.delta.parquet;

import org.jspecify.annotations.NullMarked;
