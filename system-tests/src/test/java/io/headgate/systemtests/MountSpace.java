package io.headgate.systemtests;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Mounts that only this test and what it starts in here see, and that end with it. They are kept by a process that waits
 * for its input to end, and so never outlives the tests.
 */
final class MountSpace implements AutoCloseable {
    private final Process keeper;

    MountSpace() throws IOException {
        keeper = new ProcessBuilder(
                        "unshare", "--mount", "--propagation", "private", "sh", "-c", "echo mounted; exec cat")
                .redirectErrorStream(true)
                .start();
        byte[] said = keeper.getInputStream().readNBytes("mounted\n".length());
        if (!new String(said, StandardCharsets.UTF_8).equals("mounted\n")) {
            throw new IOException("no private mounts: " + new String(said, StandardCharsets.UTF_8));
        }
    }

    /** What keeps this machine from it, empty if nothing does. */
    static String obstacle() throws InterruptedException {
        try {
            Commands.run("unshare", "--mount", "--propagation", "private", "mount", "-t", "tmpfs", "tmpfs", "/mnt");
            return "";
        } catch (IOException | AssertionError e) {
            return "needs root and unshare, allowed to mount: " + e.getMessage();
        }
    }

    /** What keeps this machine from {@link #mountDisk}, empty if nothing does. */
    static String diskObstacle() throws IOException, InterruptedException {
        String obstacle = obstacle();
        boolean loops = Files.exists(Path.of("/dev/loop-control")) && Files.exists(Path.of("/usr/sbin/mkfs.ext4"));
        return obstacle.isEmpty() && !loops ? "needs loop devices and mkfs.ext4" : obstacle;
    }

    /** What to put before a command so that it runs in here. */
    List<String> prefix() {
        return List.of("nsenter", "--target", String.valueOf(keeper.pid()), "--mount", "--");
    }

    /** Runs a command in here to its end. */
    void run(String... command) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(prefix());
        all.addAll(List.of(command));
        Commands.run(all);
    }

    /** A new file system of a few bytes at a directory, made if need be. */
    void mountSmall(Path at, long bytes) throws IOException, InterruptedException {
        Files.createDirectories(at);
        run("mount", "-t", "tmpfs", "-o", "size=" + bytes, "tmpfs", at.toString());
    }

    /** A file as a disk with ext4 on it, new if it is not there, at a directory. */
    void mountDisk(Path file, Path at) throws IOException, InterruptedException {
        Files.createDirectories(at);
        if (!Files.exists(file)) {
            Commands.run("truncate", "-s", "64M", file.toString());
            Commands.run("/usr/sbin/mkfs.ext4", "-q", file.toString());
        }
        run("mount", "-o", "loop", file.toString(), at.toString());
    }

    /** Has ext4 do what it does when its disk fails: from now on it takes no more writes, whoever has files open. */
    void abort(Path at) throws IOException, InterruptedException {
        run("mount", "-o", "remount,abort", at.toString());
    }

    void unmount(Path at) throws IOException, InterruptedException {
        run("umount", at.toString());
    }

    /** Makes a directory a mount of itself, writable until told otherwise. */
    void mountOnItself(Path directory) throws IOException, InterruptedException {
        run("mount", "--bind", directory.toString(), directory.toString());
    }

    /** Has what is mounted at a directory refuse writes from now on, or take them again. */
    void setReadOnly(Path mounted, boolean readOnly) throws IOException, InterruptedException {
        run("mount", "-o", "remount,bind," + (readOnly ? "ro" : "rw"), mounted.toString());
    }

    /** A path of here as it is reached from outside. */
    Path seen(Path path) {
        return Path.of("/proc/" + keeper.pid() + "/root" + path);
    }

    @Override
    public void close() {
        keeper.destroyForcibly().onExit().join();
    }
}
