package io.headgate.wal;

/** What is kept in memory of a segment file. {@link Segments} guards {@code readers}. */
final class Segment {
    final String fileName;
    final long firstPosition;
    final long sizeBytes;
    final Declarations declarations = new Declarations();
    final SegmentIndex index = new SegmentIndex();
    int readers;

    Segment(String fileName, long firstPosition, long sizeBytes) {
        this.fileName = fileName;
        this.firstPosition = firstPosition;
        this.sizeBytes = sizeBytes;
    }
}
