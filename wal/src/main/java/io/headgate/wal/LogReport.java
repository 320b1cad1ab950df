package io.headgate.wal;

import java.util.List;
import java.util.Map;

/**
 * What {@link LogScan} found.
 *
 * @param logId the log's id
 * @param firstPosition the lowest position that was there
 * @param endPosition one past the last position that was there
 * @param segments the files, oldest first, without those that recovery made void
 * @param parked the parked files, in the order in which they were made
 * @param entries how many there are of each kind
 * @param damage the first {@value LogScan#DAMAGE_MAX} places where the files are not what was written, oldest first
 * @param damageCount all such places
 */
public record LogReport(
        String logId,
        long firstPosition,
        long endPosition,
        List<Segment> segments,
        List<Segment> parked,
        Map<EntryKind, Long> entries,
        List<Damage> damage,
        long damageCount) {
    public LogReport {
        segments = List.copyOf(segments);
        parked = List.copyOf(parked);
        entries = Map.copyOf(entries);
        damage = List.copyOf(damage);
    }

    /**
     * One file of the log.
     *
     * @param file its name
     * @param sizeBytes its length
     * @param firstPosition the first position in it
     * @param endPosition one past the last one
     * @param groups valid groups
     * @param endOffset where its groups end
     */
    public record Segment(
            String file, long sizeBytes, long firstPosition, long endPosition, long groups, int endOffset) {}

    /**
     * A place where forced bytes are missing or wrong.
     *
     * @param file the segment or parked file
     * @param offset where it begins in there
     * @param from the position that was expected there
     * @param to the next position that could be read, {@code Long.MAX_VALUE} if none could
     * @param problem what is there instead
     */
    public record Damage(String file, long offset, long from, long to, String problem) {}
}
