package io.headgate.wal;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * A disk in memory that fails and loses what a real one may, chosen by one seed. It keeps apart what the process sees and
 * what is durable:
 *
 * <ul>
 *   <li>Power loss: of the bytes not forced, any subset of 512-byte sectors survives; of the changes of
 *       names not forced, each file's own first few; of a file not forced, its length or not.
 *   <li>A failed write has written any of its sectors. A failed change of names has happened or not. A failed force has
 *       made any sectors durable, and the rest is never written: still seen, until power is lost (what Linux does).
 *   <li>A full disk takes part of a write.
 * </ul>
 *
 * <p>Renames are atomic. Used by one thread.
 */
public final class SimulatedDisk implements Disk {
    private static final int SECTOR_BYTES = 512;

    /** What becomes of a call. */
    public enum Fault {
        /** It fails; later ones do not. */
        FAILURE,
        /** The power goes while it runs: it and all later ones fail, until {@link #powerLoss} is called. */
        POWER_LOSS
    }

    private record Write(int offset, ByteBuffer bytes) {
        int end() {
            return offset + bytes.remaining();
        }

        void applyTo(byte[] contents) {
            bytes.get(bytes.position(), contents, offset, bytes.remaining());
        }
    }

    private record Rename(
            @Nullable String from,
            @Nullable String to,
            @Nullable Contents contents) {}

    private static final class Contents {
        byte[] seen = new byte[0];
        byte[] durable = new byte[0];
        List<Write> unforced = new ArrayList<>();
    }

    private final Random random;
    private long capacityBytes;
    private Map<String, Contents> seen = new LinkedHashMap<>();
    private Map<String, Contents> durable = new LinkedHashMap<>();
    private List<Rename> unforced = new ArrayList<>();
    private final Map<String, Long> renames = new HashMap<>();
    private boolean locked;
    private boolean off;
    private int life;
    private long calls;
    private long readBytes;
    private long faultyCall = -1;
    private Fault fault = Fault.FAILURE;
    private String lastFault = "none";

    /** An empty disk. */
    public SimulatedDisk(Random random, long capacityBytes) {
        this.random = random;
        this.capacityBytes = capacityBytes;
    }

    /** All that was ever read. */
    long readBytes() {
        return readBytes;
    }

    /** Another disk with what is durable on this one. */
    public SimulatedDisk copyOfDurable(Random itsRandom) {
        SimulatedDisk copy = new SimulatedDisk(itsRandom, capacityBytes);
        durable.forEach((name, contents) -> {
            Contents same = new Contents();
            same.durable = contents.durable.clone();
            same.seen = contents.durable.clone();
            copy.durable.put(name, same);
        });
        copy.seen = new LinkedHashMap<>(copy.durable);
        return copy;
    }

    /** Calls made so far. */
    public long calls() {
        return calls;
    }

    /** Lets the {@code n}-th call from now on meet {@code what}; 1 is the next. */
    public void faultAt(long n, Fault what) {
        faultyCall = calls + n;
        fault = what;
    }

    /** No fault any more. */
    public void noFault() {
        faultyCall = -1;
    }

    /** Whether the fault asked for has not happened yet. */
    public boolean isFaultAhead() {
        return faultyCall > calls;
    }

    /** The last call that met a fault. */
    public String lastFault() {
        return lastFault;
    }

    /** Whether the power is off. */
    public boolean isOff() {
        return off;
    }

    /** Makes the disk larger or smaller; what it holds stays. */
    public void capacity(long bytes) {
        capacityBytes = bytes;
    }

    /** The process died: its files and its lock are gone, the disk has lost nothing. */
    public void processDeath() {
        life++;
        locked = false;
    }

    /** The power went, and is back: of what was not forced, whatever chance kept is there. */
    public void powerLoss() {
        processDeath();
        off = false;
        int keepPercent = List.of(0, 50, 90, 100).get(random.nextInt(4));
        makeSomeNamesDurable(keepPercent);
        unforced.clear();
        for (Contents contents : new ArrayList<>(durable.values())) {
            if (!contents.unforced.isEmpty()) {
                keepSome(contents, keepPercent);
            }
            contents.seen = contents.durable.clone();
            contents.unforced.clear();
        }
        seen = new LinkedHashMap<>(durable);
    }

    // A file goes through its names one by one, so a later one is never durable without the earlier ones.
    private void makeSomeNamesDurable(int keepPercent) {
        List<Rename> left = new ArrayList<>();
        for (Rename change : unforced) {
            boolean follows = left.stream().anyMatch(lost -> lost.contents == change.contents);
            if (!follows && random.nextInt(100) < keepPercent) {
                apply(change, durable);
            } else {
                left.add(change);
            }
        }
        unforced = left;
    }

    private void keepSome(Contents contents, int keepPercent) {
        boolean keepLength = random.nextInt(100) < keepPercent;
        if (keepLength && contents.seen.length > contents.durable.length) {
            contents.durable = Arrays.copyOf(contents.durable, contents.seen.length);
        }
        for (Write write : contents.unforced) {
            for (Write sector : sectors(write)) {
                if (random.nextInt(100) < keepPercent && sector.end() <= contents.durable.length) {
                    sector.applyTo(contents.durable);
                }
            }
        }
    }

    private static List<Write> sectors(Write write) {
        List<Write> sectors = new ArrayList<>();
        int at = write.offset;
        while (at < write.end()) {
            int next = Math.min(write.end(), (at / SECTOR_BYTES + 1) * SECTOR_BYTES);
            sectors.add(new Write(at, write.bytes.slice(at - write.offset, next - at)));
            at = next;
        }
        return sectors;
    }

    private static void apply(Rename change, Map<String, Contents> names) {
        if (change.from != null) {
            names.remove(change.from, change.contents);
        }
        if (change.to != null && change.contents != null) {
            names.put(change.to, change.contents);
        }
    }

    /** Forced bytes of a file, to look at. */
    public byte[] durableBytes(String name) {
        return contents(durable, name).durable.clone();
    }

    /** The medium goes bad: replaces forced bytes. */
    public void damage(String name, int offset, byte[] bytes) {
        Contents contents = contents(durable, name);
        System.arraycopy(bytes, 0, contents.durable, offset, bytes.length);
        System.arraycopy(bytes, 0, contents.seen, offset, bytes.length);
    }

    /** The medium goes bad: loses a file. */
    public void damage(String name) {
        seen.remove(name);
        durable.remove(name);
    }

    private static Contents contents(Map<String, Contents> names, String name) {
        Contents contents = names.get(name);
        if (contents == null) {
            throw new IllegalArgumentException("No file " + name + " among " + names.keySet());
        }
        return contents;
    }

    private interface Partly {
        void happen();
    }

    /** Counts a call; if it is the faulty one, lets {@code partly} happen and fails. */
    private void call(String what, Partly partly) throws IOException {
        if (off) {
            throw new IOException("The power is off");
        }
        calls++;
        if (calls == faultyCall) {
            lastFault = fault + " in call " + calls + ", " + what;
            off = fault == Fault.POWER_LOSS;
            partly.happen();
            throw new IOException("Simulated " + lastFault);
        }
    }

    private void call(String what) throws IOException {
        call(what, () -> {});
    }

    private void change(String what, Rename change) throws IOException {
        call(what, () -> {
            if (random.nextBoolean()) {
                changeNow(change);
            }
        });
        changeNow(change);
    }

    private void changeNow(Rename change) {
        apply(change, seen);
        unforced.add(change);
    }

    @Override
    public List<String> list() throws IOException {
        call("list");
        return List.copyOf(seen.keySet());
    }

    @Override
    public DiskFile create(String name) throws IOException {
        if (seen.containsKey(name)) {
            throw new IOException("File exists: " + name);
        }
        Contents contents = new Contents();
        change("create " + name, new Rename(null, name, contents));
        return new SimulatedFile(name, contents, true);
    }

    @Override
    public DiskFile open(String name) throws IOException {
        call("open " + name);
        return new SimulatedFile(name, existing(name), true);
    }

    @Override
    public DiskFile openReadOnly(String name) throws IOException {
        call("open read-only " + name);
        return new SimulatedFile(name, existing(name), false);
    }

    private Contents existing(String name) throws IOException {
        Contents contents = seen.get(name);
        if (contents == null) {
            throw new IOException("No such file: " + name);
        }
        return contents;
    }

    @Override
    public void rename(String from, String to) throws IOException {
        if (seen.containsKey(to)) {
            throw new IOException("Would replace " + to);
        }
        change("rename " + from + " to " + to, new Rename(from, to, existing(from)));
        renames.merge(ending(from) + ending(to), 1L, Long::sum);
    }

    @Override
    public void replace(String from, String to) throws IOException {
        change("replace " + to + " by " + from, new Rename(from, to, existing(from)));
    }

    private static String ending(String name) {
        return name.substring(Math.max(0, name.lastIndexOf('.')));
    }

    @Override
    public void delete(String name) throws IOException {
        change("delete " + name, new Rename(name, null, seen.get(name)));
    }

    @Override
    public void forceDirectory() throws IOException {
        call("force directory", () -> makeSomeNamesDurable(50));
        unforced.forEach(change -> apply(change, durable));
        unforced.clear();
    }

    @Override
    public long usableBytes() throws IOException {
        call("usable bytes");
        return Math.max(0, capacityBytes - usedBytes());
    }

    /** How many renames took an ending from a name and gave it another, such as {@code .segment} and {@code .spare}. */
    public long renames(String from, String to) {
        return renames.getOrDefault(from + to, 0L);
    }

    /** Bytes that all files take. */
    public long usedBytes() {
        return seen.values().stream()
                .mapToLong(contents -> contents.seen.length)
                .sum();
    }

    @Override
    public Closeable lock() throws IOException {
        call("lock");
        if (locked) {
            throw new IOException("The simulated disk is in use");
        }
        locked = true;
        int holder = life;
        return () -> {
            if (holder == life) {
                locked = false;
            }
        };
    }

    private final class SimulatedFile implements DiskFile {
        private final String name;
        private final Contents contents;
        private final boolean writable;
        private final int openedIn = life;
        private boolean closed;

        SimulatedFile(String name, Contents contents, boolean writable) {
            this.name = name;
            this.contents = contents;
            this.writable = writable;
        }

        private void check() throws IOException {
            if (closed || openedIn != life) {
                throw new IOException("File " + name + " is closed");
            }
        }

        @Override
        public long sizeBytes() throws IOException {
            check();
            call("size of " + name);
            return contents.seen.length;
        }

        @Override
        public int read(ByteBuffer target, long offset) throws IOException {
            check();
            call("read " + name);
            int count = (int) Math.min(target.remaining(), Math.max(0, contents.seen.length - offset));
            target.put(contents.seen, (int) offset, count);
            readBytes += count;
            return count;
        }

        @Override
        public void write(ByteBuffer source, long offset) throws IOException {
            check();
            if (!writable) {
                throw new IOException("File " + name + " is read-only");
            }
            byte[] bytes = new byte[source.remaining()];
            source.get(bytes);
            Write write = new Write((int) offset, ByteBuffer.wrap(bytes));
            call(
                    "write " + bytes.length + " bytes at " + offset + " of " + name,
                    () -> sectors(write).stream()
                            .filter(sector -> random.nextBoolean() && fits(sector))
                            .forEach(this::writeNow));
            for (Write sector : fits(write) ? List.of(write) : sectors(write)) {
                if (!fits(sector)) {
                    throw new IOException("No space left on the simulated disk");
                }
                writeNow(sector);
            }
        }

        private boolean fits(Write write) {
            return write.end() <= contents.seen.length
                    || usedBytes() + write.end() - contents.seen.length <= capacityBytes;
        }

        private void writeNow(Write write) {
            if (write.end() > contents.seen.length) {
                contents.seen = Arrays.copyOf(contents.seen, write.end());
            }
            write.applyTo(contents.seen);
            contents.unforced.add(write);
        }

        @Override
        public void force() throws IOException {
            check();
            call("force " + name, () -> {
                List<Write> all = contents.unforced;
                contents.unforced = new ArrayList<>(
                        all.stream().filter(write -> random.nextBoolean()).toList());
                makeDurable();
            });
            makeDurable();
        }

        private void makeDurable() {
            if (contents.seen.length > contents.durable.length) {
                contents.durable = Arrays.copyOf(contents.durable, contents.seen.length);
            }
            for (Write write : contents.unforced) {
                write.applyTo(contents.durable);
            }
            contents.unforced.clear();
        }

        @Override
        public void close() {
            closed = true;
        }
    }
}
