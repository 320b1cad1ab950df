/** Tables in Delta Lake: commits, Parquet, the directory catalog. The only place with Delta and Parquet types. */
@NullMarked
package io.headgate.delta;

import org.jspecify.annotations.NullMarked;
