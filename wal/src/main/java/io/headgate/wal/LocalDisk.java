package io.headgate.wal;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A directory of the local file system. A thread that is interrupted while it uses a file loses that file. */
public final class LocalDisk implements Disk {
    private static final String LOCK_FILE = "lock";

    // POSIX drops a process's lock on a file when the process closes any handle of that file, so a second attempt
    // within this process must be turned away before it opens the lock file.
    private static final Set<Path> LOCKED_HERE = ConcurrentHashMap.newKeySet();

    private final Path directory;

    // Open while locked: forcing it must not need a file handle that a flood of connections may have left nobody.
    private volatile @Nullable FileChannel heldDirectory;

    private LocalDisk(Path directory) {
        this.directory = directory;
    }

    /** Uses {@code directory}; creates it, and its ancestors, durably where missing. */
    public static LocalDisk at(Path directory) throws IOException {
        createDurably(directory.toAbsolutePath());
        return new LocalDisk(directory.toRealPath());
    }

    /**
     * A directory that is there, to be looked at.
     *
     * @throws java.nio.file.NoSuchFileException if it is not there
     */
    public static LocalDisk existing(Path directory) throws IOException {
        return new LocalDisk(directory.toRealPath());
    }

    private static void createDurably(Path directory) throws IOException {
        Path parent = directory.getParent();
        if (Files.isDirectory(directory) || parent == null) {
            return;
        }
        createDurably(parent);
        Files.createDirectories(directory);
        forceDirectory(parent);
    }

    @Override
    public List<String> list() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> String.valueOf(file.getFileName())).toList();
        }
    }

    @Override
    public DiskFile create(String name) throws IOException {
        return new LocalFile(FileChannel.open(directory.resolve(name), CREATE_NEW, READ, WRITE));
    }

    @Override
    public DiskFile open(String name) throws IOException {
        return new LocalFile(FileChannel.open(directory.resolve(name), READ, WRITE));
    }

    @Override
    public DiskFile openReadOnly(String name) throws IOException {
        return new LocalFile(FileChannel.open(directory.resolve(name), READ));
    }

    @Override
    public void rename(String from, String to) throws IOException {
        Files.move(directory.resolve(from), directory.resolve(to), StandardCopyOption.ATOMIC_MOVE);
    }

    @Override
    public void delete(String name) throws IOException {
        Files.deleteIfExists(directory.resolve(name));
    }

    @Override
    public void forceDirectory() throws IOException {
        FileChannel held = heldDirectory;
        if (held == null) {
            forceDirectory(directory);
        } else {
            held.force(true);
        }
    }

    private static void forceDirectory(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, READ)) {
            channel.force(true);
        }
    }

    @Override
    public long usableBytes() throws IOException {
        return Files.getFileStore(directory).getUsableSpace();
    }

    @Override
    public Closeable lock() throws IOException {
        if (!LOCKED_HERE.add(directory)) {
            throw inUse("this process");
        }
        try {
            FileChannel channel = lockedChannel();
            try {
                FileChannel held = FileChannel.open(directory, READ);
                heldDirectory = held;
                return () -> unlock(held, channel);
            } catch (IOException | RuntimeException e) {
                channel.close();
                throw e;
            }
        } catch (IOException | RuntimeException e) {
            LOCKED_HERE.remove(directory);
            throw e;
        }
    }

    private void unlock(FileChannel held, FileChannel lock) throws IOException {
        heldDirectory = null;
        try {
            held.close();
        } finally {
            lock.close();
            LOCKED_HERE.remove(directory);
        }
    }

    private FileChannel lockedChannel() throws IOException {
        FileChannel channel = FileChannel.open(directory.resolve(LOCK_FILE), CREATE, READ, WRITE);
        try {
            FileLock lock = channel.tryLock();
            if (lock == null) {
                throw inUse("process " + pidIn(channel));
            }
            channel.truncate(0);
            channel.write(StandardCharsets.US_ASCII.encode(
                    String.valueOf(ProcessHandle.current().pid())));
            return channel;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private static String pidIn(FileChannel lockFile) throws IOException {
        ByteBuffer content = ByteBuffer.allocate(20);
        lockFile.read(content, 0);
        return StandardCharsets.US_ASCII.decode(content.flip()).toString();
    }

    private IOException inUse(String holder) {
        return new LogInUseException(directory.toString(), holder);
    }

    @Override
    public String toString() {
        return directory.toString();
    }

    private record LocalFile(FileChannel channel) implements DiskFile {
        // The JDK keeps a copy buffer of the largest size per thread for heap buffers; this bounds it.
        private static final int READ_BYTES_MAX = 256 * 1024;

        @Override
        public long sizeBytes() throws IOException {
            return channel.size();
        }

        @Override
        public int read(ByteBuffer target, long offset) throws IOException {
            int start = target.position();
            int limit = target.limit();
            int count = 0;
            while (count >= 0 && target.position() < limit) {
                target.limit(Math.min(limit, target.position() + READ_BYTES_MAX));
                count = channel.read(target, offset + target.position() - start);
                target.limit(limit);
            }
            return target.position() - start;
        }

        @Override
        public void write(ByteBuffer source, long offset) throws IOException {
            long at = offset;
            while (source.hasRemaining()) {
                at += channel.write(source, at);
            }
        }

        @Override
        public void force() throws IOException {
            channel.force(false);
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
