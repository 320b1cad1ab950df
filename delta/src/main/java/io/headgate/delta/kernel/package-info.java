/**
 * The one place that touches Delta Kernel's internal classes, which may change with any release. What for: Kernel
 * writes {@code isBlindAppend=false} into every commit and offers no way to tell the truth but an own committer, whose
 * rows are made of internal classes; a table's protocol and metadata, which our gate rests on, are public only as
 * internal types; so is the way from a scan's rows to its files; and so is text as a partition value.
 */
@NullMarked
package io.headgate.delta.kernel;

import org.jspecify.annotations.NullMarked;
