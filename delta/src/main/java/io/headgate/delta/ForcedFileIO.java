package io.headgate.delta;

import io.delta.kernel.defaults.engine.fileio.FileIO;
import io.delta.kernel.defaults.engine.fileio.InputFile;
import io.delta.kernel.defaults.engine.fileio.OutputFile;
import io.delta.kernel.defaults.engine.fileio.PositionOutputStream;
import io.delta.kernel.utils.CloseableIterator;
import io.delta.kernel.utils.FileStatus;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/**
 * Kernel's file access on java.nio, with what Kernel's own lacks: everything written is forced, in the order that makes
 * it hold, and a new file is published by link(2), which exactly one of any number of processes wins. (Kernel's default
 * for {@code file:} renames after looking, and forces nothing.)
 *
 * <p>A published file, such as a commit: temporary file written and forced, link(2) to its name, directory forced,
 * temporary name removed. A replaced one ({@code _last_checkpoint}): temporary written and forced, rename(2), directory
 * forced. A Parquet file (a checkpoint) is published as a commit is, when its stream is closed.
 */
final class ForcedFileIO implements FileIO {
    private static final String TEMPORARY_SUFFIX = ".tmp";

    private final Storage storage;
    private final String owner;
    private final AtomicLong temporaries = new AtomicLong();

    /** @param owner marks the temporary files, so that they can be told from those of others */
    ForcedFileIO(Storage storage, String owner) {
        this.storage = storage;
        this.owner = owner;
    }

    /** The local path that one of Kernel's path strings means: an absolute path, or a {@code file:} URI unescaped. */
    static Path local(String path) {
        return Path.of(
                path.startsWith("file:") ? path.substring("file:".length()).replaceFirst("^/+", "/") : path);
    }

    @Override
    public CloseableIterator<FileStatus> listFrom(String filePath) throws IOException {
        Path from = local(filePath);
        Path directory = from.toAbsolutePath().getParent();
        String least = from.getFileName().toString();
        List<FileStatus> found = new ArrayList<>();
        try (Stream<Path> names = Files.list(directory)) {
            // All names that matter in a Delta log are ASCII, where Java's order is that of UTF-8.
            Iterator<Path> sorted = names.filter(
                            file -> file.getFileName().toString().compareTo(least) >= 0)
                    .sorted((a, b) ->
                            a.getFileName().toString().compareTo(b.getFileName().toString()))
                    .iterator();
            while (sorted.hasNext()) {
                addFile(sorted.next(), found);
            }
        } catch (NoSuchFileException e) {
            throw notFound(e);
        }
        return Iterators.closeable(found.iterator());
    }

    private static void addFile(Path file, List<FileStatus> to) throws IOException {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            if (attributes.isRegularFile()) {
                to.add(status(file.toString(), attributes));
            }
        } catch (NoSuchFileException e) {
            // Removed since it was listed, by log clean-up for one: as if it had never been seen.
        }
    }

    @Override
    public FileStatus getFileStatus(String path) throws IOException {
        try {
            return status(path, Files.readAttributes(local(path), BasicFileAttributes.class));
        } catch (NoSuchFileException e) {
            throw notFound(e);
        }
    }

    private static FileStatus status(String path, BasicFileAttributes attributes) {
        return FileStatus.of(
                path, attributes.size(), attributes.lastModifiedTime().toMillis());
    }

    @Override
    public String resolvePath(String path) {
        return local(path).toAbsolutePath().normalize().toString();
    }

    @Override
    public boolean mkdirs(String path) throws IOException {
        StorageSteps.createDirectories(storage, local(path).toAbsolutePath());
        return true;
    }

    @Override
    public InputFile newInputFile(String path, long fileSize) {
        return new LocalInputFile(path);
    }

    @Override
    public OutputFile newOutputFile(String path) {
        return new PublishedFile(local(path).toAbsolutePath());
    }

    /** A Parquet file that appears when its stream is closed; its stream can be aborted instead. */
    ForcedParquetFile newParquetFile(String path) {
        PublishedFile file = new PublishedFile(local(path).toAbsolutePath());
        return new ForcedParquetFile(file.name, file::begin, file::publish);
    }

    @Override
    public boolean delete(String path) throws IOException {
        return storage.unlink(local(path));
    }

    @Override
    public Optional<String> getConf(String confKey) {
        return Optional.empty();
    }

    @Override
    public void copyFileAtomically(String srcPath, String destPath, boolean overwrite) throws IOException {
        new PublishedFile(local(destPath).toAbsolutePath()).write(overwrite, out -> {
            try (InputStream in = Files.newInputStream(local(srcPath))) {
                in.transferTo(out);
            } catch (NoSuchFileException e) {
                throw notFound(e);
            }
        });
    }

    private static FileNotFoundException notFound(NoSuchFileException e) {
        // Kernel knows java.io's exception only.
        FileNotFoundException notFound = new FileNotFoundException(e.getMessage() + " does not exist");
        notFound.initCause(e);
        return notFound;
    }

    @FunctionalInterface
    private interface Content {
        void writeTo(OutputStream out) throws IOException;
    }

    /** A file that appears under its name complete and on the medium, or not at all. */
    private final class PublishedFile implements OutputFile {
        private final Path name;

        PublishedFile(Path name) {
            this.name = name;
        }

        @Override
        public String path() {
            return name.toString();
        }

        @Override
        public void writeAtomically(CloseableIterator<String> data, boolean overwrite) throws IOException {
            write(overwrite, out -> {
                try (data) {
                    while (data.hasNext()) {
                        out.write(data.next().getBytes(StandardCharsets.UTF_8));
                        out.write('\n');
                    }
                }
            });
        }

        void write(boolean overwrite, Content content) throws IOException {
            try (ForcedOutput output = overwrite ? newTemporary() : begin()) {
                content.writeTo(new ForcedStream(output));
                output.complete();
                if (overwrite) {
                    StorageSteps.replace(storage, output.file(), name);
                } else {
                    publish(output);
                }
            }
        }

        /** Only Kernel's own Parquet writer would ask for it, which publishes half a file when it fails. */
        @Override
        public PositionOutputStream create(boolean atomicWrite) {
            throw new UnsupportedOperationException("Parquet files are written to newParquetFile");
        }

        ForcedOutput begin() throws IOException {
            if (Files.exists(name)) {
                // Spares the loser of a race most of its work; link(2) decides all the same.
                throw new FileAlreadyExistsException(name.toString());
            }
            return newTemporary();
        }

        void publish(ForcedOutput complete) throws IOException {
            StorageSteps.publish(storage, complete.file(), name);
        }

        /** Is there before the first byte is asked for: see {@link CommitAttempt} for what depends on it. */
        private ForcedOutput newTemporary() throws IOException {
            return new ForcedOutput(
                            storage,
                            name.resolveSibling("." + name.getFileName() + "." + owner + "-"
                                    + temporaries.getAndIncrement() + TEMPORARY_SUFFIX))
                    .create();
        }
    }
}
