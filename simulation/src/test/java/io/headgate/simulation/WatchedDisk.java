package io.headgate.simulation;

import io.headgate.wal.Disk;
import io.headgate.wal.DiskFile;
import io.headgate.wal.SimulatedDisk;
import io.headgate.wal.SimulatedDisk.Fault;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/** One process' way to its disk. */
final class WatchedDisk implements Disk {
    private final SimulatedDisk disk;
    private final Calls calls;

    WatchedDisk(SimulatedDisk disk, Calls calls) {
        this.disk = disk;
        this.calls = calls;
    }

    @Override
    public String toString() {
        return "the simulated disk";
    }

    private <T> T call(String what, Calls.Call<T, RuntimeException> call) throws IOException {
        try {
            return calls.toDisk(what, () -> disk.faultAt(1, Fault.FAILURE), call);
        } finally {
            disk.noFault();
        }
    }

    private void callVoid(String what, VoidCall call) throws IOException {
        call(what, () -> {
            call.run();
            return true;
        });
    }

    private interface VoidCall {
        void run() throws IOException;
    }

    @Override
    public List<String> list() throws IOException {
        return call("list", disk::list);
    }

    @Override
    public DiskFile create(String name) throws IOException {
        return new WatchedFile(name, call("create " + name, () -> disk.create(name)));
    }

    @Override
    public DiskFile open(String name) throws IOException {
        return new WatchedFile(name, call("open " + name, () -> disk.open(name)));
    }

    @Override
    public DiskFile openReadOnly(String name) throws IOException {
        return new WatchedFile(name, call("open read-only " + name, () -> disk.openReadOnly(name)));
    }

    @Override
    public void rename(String from, String to) throws IOException {
        callVoid("rename " + from + " to " + to, () -> disk.rename(from, to));
    }

    @Override
    public void delete(String name) throws IOException {
        callVoid("delete " + name, () -> disk.delete(name));
    }

    @Override
    public void forceDirectory() throws IOException {
        callVoid("force directory", disk::forceDirectory);
    }

    @Override
    public long usableBytes() throws IOException {
        return call("usable bytes", disk::usableBytes);
    }

    @Override
    public Closeable lock() throws IOException {
        return call("lock", disk::lock);
    }

    private final class WatchedFile implements DiskFile {
        private final String name;
        private final DiskFile file;

        WatchedFile(String name, DiskFile file) {
            this.name = name;
            this.file = file;
        }

        @Override
        public long sizeBytes() throws IOException {
            return call("size of " + name, file::sizeBytes);
        }

        @Override
        public int read(ByteBuffer target, long offset) throws IOException {
            return call("read " + name, () -> file.read(target, offset));
        }

        @Override
        public void write(ByteBuffer source, long offset) throws IOException {
            callVoid("write " + name, () -> file.write(source, offset));
        }

        @Override
        public void force() throws IOException {
            callVoid("force " + name, file::force);
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}
