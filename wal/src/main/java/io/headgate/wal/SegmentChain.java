package io.headgate.wal;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The segments of a log as its directory shows them, without those that recovery made void. Unlike {@link Recovery} this
 * goes on past what does not fit together, and looks again when the directory changed under it: segments are added and
 * trimmed meanwhile, and a listing is no snapshot.
 *
 * @param links the segments that can be told from their headers, oldest first
 * @param brokenEnd what is wrong with those behind the last of them, if any
 */
record SegmentChain(List<Link> links, Optional<Break> brokenEnd) {
    private static final int ATTEMPTS_MAX = 100;

    /**
     * A segment.
     *
     * @param header what it says about itself
     * @param broken why it does not follow on the one before it in the chain, if that is so
     */
    record Link(SegmentHeader header, Optional<Break> broken) {}

    /**
     * Where segments are missing.
     *
     * @param file the file to look at
     * @param problem what is wrong with it
     */
    record Break(String file, String problem) {}

    /** @throws IOException if the directory cannot be read, or changes faster than that */
    static SegmentChain of(Disk disk) throws IOException {
        for (int attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
            List<String> names = segmentNames(disk);
            Builder builder = new Builder(disk);
            if (builder.addAll(names)) {
                SegmentChain chain = builder.chain();
                if (chain.isWhole() || names.equals(segmentNames(disk))) {
                    return chain;
                }
            }
        }
        throw new IOException("The log in " + disk + " changed each of the " + ATTEMPTS_MAX
                + " times that it was looked at. Try again when it is less busy.");
    }

    private boolean isWhole() {
        return brokenEnd.isEmpty()
                && links.stream().allMatch(link -> link.broken().isEmpty());
    }

    /** Newest first. */
    private static List<String> segmentNames(Disk disk) throws IOException {
        return disk.list().stream()
                .filter(LogFormat::isSegment)
                .sorted(Comparator.reverseOrder())
                .toList();
    }

    /** Whether a file is gone, or is another one by now: then what was found in it says nothing. */
    static boolean isGone(Disk disk, GroupFile header) throws IOException {
        try (DiskFile file = disk.openReadOnly(header.fileName())) {
            return !GroupFile.read(file, header.fileName()).equals(header);
        } catch (CorruptLogException e) {
            return false;
        } catch (IOException e) {
            return isGone(disk, header.fileName(), e);
        }
    }

    /** Whether a file could not be opened because it is gone; throws why if that is not the reason. */
    private static boolean isGone(Disk disk, String name, IOException failure) throws IOException {
        if (disk.list().contains(name)) {
            throw failure;
        }
        return true;
    }

    /** Goes from the newest segment to the oldest. */
    private static final class Builder {
        private final Disk disk;
        private final Deque<Link> links = new ArrayDeque<>();
        private @Nullable Break brokenEnd;
        private @Nullable SegmentHeader next;
        private @Nullable Break broken;

        Builder(Disk disk) {
            this.disk = disk;
        }

        /** False if a file went away before it was read. */
        boolean addAll(List<String> newestFirst) throws IOException {
            for (String name : newestFirst) {
                boolean isVoid = next != null && LogFormat.numberIn(name) >= next.base();
                if (!isVoid && !add(name)) {
                    return false;
                }
            }
            settleNext();
            return true;
        }

        private boolean add(String name) throws IOException {
            try (DiskFile file = disk.openReadOnly(name)) {
                add(SegmentHeader.read(file, name));
                return true;
            } catch (CorruptLogException e) {
                broken = new Break(name, e.problem());
                return true;
            } catch (IOException e) {
                return !isGone(disk, name, e);
            }
        }

        private void add(SegmentHeader header) {
            SegmentHeader later = next;
            if (later != null && !header.logId().equals(later.logId())) {
                broken = new Break(header.fileName(), "this segment is of another log");
                return;
            }
            if (later != null && broken == null && header.number() != later.base() - 1) {
                broken = new Break(later.fileName(), "the segment before this one is missing");
            }
            settleNext();
            next = header;
        }

        /** What is older than the segment read before is known now. */
        private void settleNext() {
            SegmentHeader later = next;
            if (later == null) {
                brokenEnd = broken;
            } else {
                links.addFirst(new Link(later, Optional.ofNullable(broken)));
            }
            broken = null;
        }

        SegmentChain chain() {
            return new SegmentChain(new ArrayList<>(links), Optional.ofNullable(brokenEnd));
        }
    }
}
