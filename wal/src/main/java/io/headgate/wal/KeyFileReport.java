package io.headgate.wal;

/**
 * What was found in one key file.
 *
 * @param file its name
 * @param sizeBytes its length
 * @param keys how many keys can be read
 * @param lost how many cannot, at the most
 * @param problem what is wrong with it, and where; empty if nothing is
 */
public record KeyFileReport(String file, long sizeBytes, int keys, int lost, String problem) {}
