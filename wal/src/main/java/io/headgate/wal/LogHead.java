package io.headgate.wal;

/**
 * Where a log begins.
 *
 * @param logId its id
 * @param firstPosition the lowest position that it still holds; all below were trimmed
 */
public record LogHead(String logId, long firstPosition) {}
