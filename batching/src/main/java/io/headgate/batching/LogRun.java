package io.headgate.batching;

/**
 * One process' use of a log, from its start to its end. Copies of one log have the same id; their runs since they were
 * copied differ, and that alone tells them apart.
 *
 * @param id 16 hexadecimal digits, random
 * @param from the log's end when the run began: the first position that it may have given out
 */
public record LogRun(String id, long from) {}
