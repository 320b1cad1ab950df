package io.headgate.wal;

/**
 * A damaged range that was exported and given up.
 *
 * @param file the log's file that it was in
 * @param offset where it began in there; 0 if all of the file was lost
 * @param bytes how long it was
 * @param from the first position that is not there any more; -1 if that cannot be told
 * @param to one past the last one, which has to be taken for lost too where there is no telling
 * @param problem what was wrong
 * @param export the file it was exported to; empty if there was nothing to export
 */
public record RepairedRange(String file, long offset, long bytes, long from, long to, String problem, String export) {}
