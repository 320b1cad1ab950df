package io.headgate.batching;

import java.util.Collection;
import java.util.List;

/**
 * Bounds what all tables together hold that cannot be committed to: no more than may be parked, or they would fill the
 * log for everybody. Each time, what is left of the bound is shared out among them evenly.
 */
final class SickTables {
    private final long maxBytes;

    /** @param maxBytes what they may hold together, 0 or more */
    SickTables(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** Brings every table's limit up to date. One thread at a time. */
    void limit(Collection<Member> members) {
        List<TableStream> sick =
                members.stream().filter(Member::isSick).map(Member::stream).toList();
        long held = sick.stream().mapToLong(TableStream::heldBytes).sum();
        long share = sick.isEmpty() ? 0 : Math.max(0, maxBytes - held) / sick.size();
        members.stream()
                .filter(member -> !member.isSick())
                .forEach(member -> member.stream().limitHeld(Long.MAX_VALUE));
        sick.forEach(stream -> stream.limitHeld(stream.heldBytes() + share));
    }
}
