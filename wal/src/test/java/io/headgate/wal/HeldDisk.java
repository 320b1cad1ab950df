package io.headgate.wal;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;

/** A disk whose forces of segments can be held back or made to fail, and whose free space can be made up. */
final class HeldDisk implements Disk {
    private final Disk disk;
    private final Semaphore waiting = new Semaphore(0);
    private volatile CountDownLatch gate = new CountDownLatch(0);
    private volatile CountDownLatch directoryGate = new CountDownLatch(0);
    private volatile boolean failing;
    private volatile long usableBytes = Long.MAX_VALUE;

    HeldDisk(Disk disk) {
        this.disk = disk;
    }

    /** From now on no force of a segment returns. */
    void hold() {
        gate = new CountDownLatch(1);
    }

    /** Returns once a force is being held back. */
    void awaitHeld() {
        waiting.acquireUninterruptibly();
    }

    /** Lets the force that is held back return, and all later ones. */
    void release() {
        gate.countDown();
    }

    /** From now on the preallocator's forces of the directory do not return. */
    void holdDirectory() {
        directoryGate = new CountDownLatch(1);
    }

    void releaseDirectory() {
        directoryGate.countDown();
    }

    /** From now on forces fail. */
    void fail() {
        failing = true;
    }

    void usable(long bytes) {
        usableBytes = bytes;
    }

    @Override
    public List<String> list() throws IOException {
        return disk.list();
    }

    @Override
    public DiskFile create(String name) throws IOException {
        return new HeldFile(disk.create(name));
    }

    @Override
    public DiskFile open(String name) throws IOException {
        return new HeldFile(disk.open(name));
    }

    @Override
    public DiskFile openReadOnly(String name) throws IOException {
        return disk.openReadOnly(name);
    }

    @Override
    public void rename(String from, String to) throws IOException {
        disk.rename(from, to);
    }

    @Override
    public void delete(String name) throws IOException {
        disk.delete(name);
    }

    @Override
    public void forceDirectory() throws IOException {
        if (Thread.currentThread().getName().equals("headgate-log-preallocator")) {
            pass(directoryGate);
        }
        disk.forceDirectory();
    }

    @Override
    public long usableBytes() throws IOException {
        return Math.min(usableBytes, disk.usableBytes());
    }

    @Override
    public Closeable lock() throws IOException {
        return disk.lock();
    }

    private void pass(CountDownLatch held) throws IOException {
        try {
            held.await();
        } catch (InterruptedException e) {
            throw new IOException("A thread of the log was interrupted", e);
        }
        if (failing) {
            throw new IOException("Simulated failure of a force");
        }
    }

    private final class HeldFile implements DiskFile {
        private final DiskFile file;

        HeldFile(DiskFile file) {
            this.file = file;
        }

        @Override
        public long sizeBytes() throws IOException {
            return file.sizeBytes();
        }

        @Override
        public int read(ByteBuffer target, long offset) throws IOException {
            return file.read(target, offset);
        }

        @Override
        public void write(ByteBuffer source, long offset) throws IOException {
            file.write(source, offset);
        }

        @Override
        public void force() throws IOException {
            if (Thread.currentThread().getName().equals("headgate-log-writer")) {
                if (gate.getCount() > 0) {
                    waiting.release();
                }
                pass(gate);
            }
            file.force();
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}
