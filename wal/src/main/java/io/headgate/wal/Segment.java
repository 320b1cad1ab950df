package io.headgate.wal;

/**
 * What is kept in memory of a segment file. {@link Segments} guards {@code readers}, and {@code notedAsOf}: which change of
 * the {@link Notes} was the last when the segment was let go of.
 */
final class Segment {
    final long number;
    final String fileName;
    final long firstPosition;
    final long sizeBytes;
    final Declarations declarations = new Declarations();
    final SegmentIndex index = new SegmentIndex();
    int readers;
    long notedAsOf;

    Segment(long number, long firstPosition, long sizeBytes) {
        this.number = number;
        this.fileName = LogFormat.segmentName(number);
        this.firstPosition = firstPosition;
        this.sizeBytes = sizeBytes;
    }
}
