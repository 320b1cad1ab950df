package io.headgate.simulation;

import io.headgate.simulation.Mutant.Edit;
import java.util.List;

/** The bugs that are planted. Each breaks one rule that the design lives by. */
final class Mutants {
    private static final String WAL = "wal/src/main/java/io/headgate/wal/";
    private static final String BATCHING = "batching/src/main/java/io/headgate/batching/";

    static final List<Mutant> ALL = List.of(
            Mutant.of(
                    "acks before the force",
                    WAL + "LogWriter.java",
                    "        force(next - first);\n        forcedPosition = position;\n        listener.forced(taken.subList(first, next));\n",
                    "        forcedPosition = position;\n        listener.forced(taken.subList(first, next));\n        force(next - first);\n"),
            new Mutant(
                    "shows readers what is not forced yet",
                    List.of(
                            new Edit(
                                    WAL + "LogWriter.java",
                                    "        force(next - first);\n        forcedPosition = position;\n",
                                    "        shown = position;\n        force(next - first);\n        forcedPosition = position;\n"),
                            new Edit(
                                    WAL + "LogWriter.java",
                                    "        active.write(bytes, forcedPosition);\n        long wrote",
                                    "        active.write(bytes, forcedPosition);\n        if (appends > 0) forcedPosition = shown;\n        long wrote"),
                            new Edit(
                                    WAL + "LogWriter.java",
                                    "    private volatile long forcedPosition;\n",
                                    "    private volatile long forcedPosition;\n    private long shown;\n"),
                            new Edit(
                                    WAL + "ActiveSegment.java",
                                    "        end = LogFormat.alignUp(at + bytes);\n",
                                    "        end = LogFormat.alignUp(at + bytes);\n        segment.groups.reach(end);\n"))),
            Mutant.of("forces again after a failed force", WAL + "ActiveSegment.java", """
                        void force() throws IOException {
                            file.force();
                    """, """
                        void force() throws IOException {
                            try { file.force(); } catch (IOException e) { file.force(); }
                    """),
            new Mutant(
                    "appends to a segment that it found",
                    List.of(
                            new Edit(WAL + "Recovery.java", "        return copy(chain.getFirst());\n    }\n", """
                                    return goOn(chain.getFirst());
                                }

                                private ActiveSegment goOn(SegmentHeader header) throws IOException {
                                    DiskFile file = disk.open(header.fileName());
                                    ActiveSegment active = ActiveSegment.found(file, header, file.sizeBytes());
                                    GroupReader group = new GroupReader(file, header);
                                    while (group.read(active.end()) && group.firstPosition() == position) {
                                        active.skip(position, group.nextOffset());
                                        delivery.deliver(group, active.segment());
                                        position = group.nextPosition();
                                    }
                                    return active;
                                }
                            """),
                            new Edit(WAL + "ActiveSegment.java", "    /** Makes a segment of a spare. */\n", """
                                static ActiveSegment found(DiskFile file, SegmentHeader header, long sizeBytes) {
                                    return new ActiveSegment(file, header, sizeBytes, LogFormat.SEGMENT_HEADER_BYTES);
                                }

                                void skip(long position, int next) {
                                    segment.index.add(position, end);
                                    end = next;
                                }
                            """))),
            Mutant.of(
                    "uses a segment whose header is not forced",
                    WAL + "ActiveSegment.java",
                    "        force();\n        disk.rename(",
                    "        segment.groups.reach(end);\n        disk.rename("),
            Mutant.of(
                    "uses a segment whose name is not forced",
                    WAL + "ActiveSegment.java",
                    "header.fileName());\n        disk.forceDirectory();",
                    "header.fileName());"),
            Mutant.of(
                    "does not force a deletion before the next",
                    WAL + "Preallocator.java",
                    "        disk.forceDirectory();\n",
                    ""),
            Mutant.of("believes a torn group", WAL + "GroupReader.java", """
                            return window.getInt(start()) == checksum.of(window, start(), length);
                    """, """
                            return true;
                    """),
            Mutant.of(
                    "gives the last position out again after a restart",
                    WAL + "Recovery.java",
                    "notes, spares, active, position)",
                    "notes, spares, active, Math.max(active.header().firstPosition(), position - 1))"),
            Mutant.of(
                    "counts a commit as durable before it is",
                    BATCHING + "TableCommitter.java",
                    "        base = writer.commit(table, current, next.range(), file);\n        settle(next, base, base.version());\n",
                    "        settle(next, current, 0);\n        base = writer.commit(table, current, next.range(), file);\n"),
            Mutant.of(
                    "lets the log go before a commit was seen again",
                    BATCHING + "TableCommitter.java",
                    "        if (!writer.isStillThere(table, last == null ? current : last.version())) {",
                    "        if (current == null) {"),
            Mutant.of(
                    "trims what is forced and not yet pending",
                    BATCHING + "LogRelief.java",
                    "long delivered = acks.deliveredPosition();",
                    "long delivered = log.forcedPosition();"),
            Mutant.of(
                    "does not ask the table where to go on at first use",
                    BATCHING + "TableCommitter.java",
                    "long from = Math.max(found.orElse(0), recovered.needlessBelow());",
                    "long from = recovered.needlessBelow();"),
            Mutant.of(
                    "commits on whatever version is the latest",
                    BATCHING + "TableCommitter.java",
                    "        decide(fresh);\n",
                    "        if (expected == null) decide(fresh);\n"),
            Mutant.of(
                    "goes on from wherever a rival has come to",
                    BATCHING + "TableCommitter.java",
                    "if (found <= progress.position() || found > recoveredTo) {\n            return false;",
                    "if (found <= progress.position() || found > recoveredTo) {\n            return found > progress.position();"),
            Mutant.of(
                    "does not look whose run committed at first use",
                    BATCHING + "TableCommitter.java",
                    "if (run.isPresent() && lineage.isForeign(run.get(), found.getAsLong())) {",
                    "if (false) {"),
            Mutant.of(
                    "takes a run for its own whatever came after the copy",
                    BATCHING + "Lineage.java",
                    "position > runs.get(i + 1).from()",
                    "false"),
            Mutant.of(
                    "takes a rival's commit of the same range for its own",
                    BATCHING + "Commit.java",
                    "writer.tookIn(table, on, fresh, tried)",
                    "true"),
            Mutant.of(
                    "forgets what is left of a range that was too much for one commit",
                    BATCHING + "Extents.java",
                    "        putBack(Batch.of(back));\n",
                    ""),
            Mutant.of(
                    "cuts a range that was too much after the first entry of the rest",
                    BATCHING + "TableCommitter.java",
                    "        Cut cut = new Cut(position);\n        StreamRange across = next",
                    "        Cut cut = new Cut(position + 1);\n        StreamRange across = next"),
            new Mutant(
                    "lets notes go with the segment that they are in",
                    List.of(
                            new Edit(
                                    WAL + "NoteWriter.java",
                                    "Notes.Batch batch = notes.upTo(bytesMax);",
                                    "Notes.Batch batch = notes.upTo(0);"),
                            new Edit(
                                    WAL + "Notes.java",
                                    "            if (each.writtenIn <= segment || !(each.isWritten() || each.writtenAsOf >= asOf)) {",
                                    "            if (each == null) {"))),
            Mutant.of(
                    "deletes a laggard's entries without parking them",
                    WAL + "Parker.java",
                    "        Copy copy = new Copy(range, table);\n        try {",
                    "        if (range.from() >= 0) {\n            return true;\n        }\n        Copy copy = new Copy(range, table);\n        try {"),
            Mutant.of(
                    "trims what is parked before the name of its file is forced",
                    WAL + "Parker.java",
                    "whole.file().fileName);\n            forceDirectory();",
                    "whole.file().fileName);"),
            Mutant.of(
                    "lets go of a parked file of which a part is in the table",
                    WAL + "ParkedFiles.java",
                    "            if (file.range().to() <= position) {",
                    "            if (file.range().from() < position) {"),
            Mutant.of(
                    "delivers what is parked a second time from its segment",
                    WAL + "RecoveryDelivery.java",
                    "if (parked.isEmpty() || parked.stream().noneMatch(file -> file.has(table, entry.position()))) {",
                    "if (parked.size() >= 0) {"),
            Mutant.of(
                    "frees a segment before its key file is forced",
                    WAL + "KeyFileWriter.java",
                    "        file.write(header.encode(), 0);\n        file.force();\n",
                    "        file.write(header.encode(), 0);\n"),
            Mutant.of(
                    "frees a segment before the name of its key file is forced",
                    WAL + "KeyFiles.java",
                    "        disk.forceDirectory();\n",
                    ""),
            Mutant.of(
                    "does not look for keys in the segments that it found",
                    WAL + "RecoveryDelivery.java",
                    "segment.add(group.offset(), entry.schemaId(), rows.tags(), rows.receiveTimeMillis());",
                    "segment.groups.add(entry.schemaId(), group.offset());"),
            Mutant.of(
                    "does not tell readers where the groups of a found segment end",
                    WAL + "Recovery.java",
                    "            segment.groups.reach(at);\n",
                    ""),
            Mutant.of(
                    "deletes a key file at half its window",
                    WAL + "KeyRetention.java",
                    "window.toMillis()",
                    "window.toMillis() / 2"),
            Mutant.of(
                    "does not know keys from key files",
                    BATCHING + "RecoveredEntries.java",
                    "        if (keys != null) {\n            keys.recovered",
                    "        if (keys != null && !tables.isEmpty()) {\n            keys.recovered"),
            Mutant.of(
                    "lets retries wait for a request that was refused",
                    BATCHING + "IdempotencyWindow.java",
                    "            if (!offered) {\n",
                    "            if (false) {\n"),
            Mutant.of(
                    "forgets a key while its request is on its way",
                    BATCHING + "IdempotencyWindow.java",
                    "        UnderWay first = part.underWay.isEmpty() ? null : part.underWay.get(Name.of(key));\n",
                    "        UnderWay first = null;\n"),
            Mutant.of(
                    "takes any body for the first one under its key",
                    BATCHING + "IdempotencyWindow.java",
                    "        if (key.body() != body) {",
                    "        if (false) {"),
            new Mutant(
                    "believes old groups of a recycled segment",
                    List.of(
                            new Edit(WAL + "GroupReader.java", "window.getLong(start() + 8) != header.tag() || ", ""),
                            new Edit(WAL + "GroupChecksum.java", "        crc.update(salt);\n", ""))),
            new Mutant(
                    "takes a table for the one that had its name before",
                    List.of(
                            new Edit(
                                    BATCHING + "SharedStreams.java",
                                    "members.get(table.id())",
                                    "members.get(new TableId(table.name().toString()))"),
                            new Edit(
                                    BATCHING + "SharedStreams.java",
                                    "members.computeIfAbsent(table.id(), ",
                                    "members.computeIfAbsent(new TableId(table.name().toString()), "))),
            Mutant.of(
                    "keeps a budget after the commit",
                    BATCHING + "PendingRows.java",
                    "        budget.release(settled.bytes());\n",
                    ""),
            Mutant.of("keeps a budget after the log refused", BATCHING + "TableStream.java", """
                            if (offer != StreamLog.Offer.ACCEPTED) {
                                unflushed.release(append.sizeBytes());
                    """, """
                            if (offer != StreamLog.Offer.ACCEPTED) {
                    """));

    private Mutants() {}
}
