package io.headgate.wal;

import java.util.Optional;

/**
 * How a log stands now.
 *
 * @param problem why appends may be refused, and what to do about it; empty while the largest entry would be taken
 * @param sizeBytes bytes on disk, spares and segments about to be deleted included
 * @param segments segments that hold, or will next hold, entries
 * @param readySpares prepared segments that nothing accepted needs yet
 */
public record LogState(Optional<String> problem, long sizeBytes, int segments, int readySpares) {}
