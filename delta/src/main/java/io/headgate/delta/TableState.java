package io.headgate.delta;

import java.util.concurrent.atomic.AtomicBoolean;

/**
 * What one process keeps about one table it writes.
 *
 * @param appId what our transactions on it are called
 * @param upkeep its checksums and checkpoints
 * @param loose its files that are in no commit
 * @param warned whether the operator was told about its settings
 */
record TableState(String appId, TableUpkeep upkeep, LooseFiles loose, AtomicBoolean warned) {}
