/**
 * The shared streams: admission by bytes, acks once forced, and per-table commits that read the log back. Reaches the
 * disk through {@link io.headgate.batching.StreamLog} and the tables through {@link io.headgate.batching.TableWriter},
 * and depends on neither implementation.
 */
@NullMarked
package io.headgate.batching;

import org.jspecify.annotations.NullMarked;
