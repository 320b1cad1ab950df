package io.headgate.delta;

import java.util.concurrent.atomic.AtomicBoolean;

/**
 * What one process keeps about one table it writes.
 *
 * @param commits finds our commits to it
 * @param upkeep its checksums and checkpoints
 * @param loose its files that are in no commit
 * @param warned whether the operator was told about its settings
 */
record TableState(OwnCommits commits, TableUpkeep upkeep, LooseFiles loose, AtomicBoolean warned) {}
