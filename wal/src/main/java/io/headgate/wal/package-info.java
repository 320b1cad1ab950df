/** The {@link io.headgate.batching.StreamLog} on local disk: append, force, read, recover, trim. */
@NullMarked
package io.headgate.wal;

import org.jspecify.annotations.NullMarked;
