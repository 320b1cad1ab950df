package io.headgate.systemtests;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * A process in the built image, as a container engine would run it: process 1 of its own process namespace, the image as
 * its root and read-only, the volume mounted, the image's user without any capability. The network is this machine's.
 */
final class Container implements AutoCloseable {
    private static final String START = """
            set -euo pipefail
            root=$1 volume=$2 at=$3 directory=$4 user=${5%:*} group=${5#*:}; shift 5
            mount=/usr/bin/mount # PATH is the image's
            $mount --bind "$root" "$root"
            $mount -o remount,ro,bind "$root"
            $mount --bind "$volume" "$root$at"
            $mount -t proc proc "$root/proc"
            $mount --rbind /dev "$root/dev"
            exec /usr/bin/unshare --root="$root" --wd="$directory" --setgid "$group" --setuid "$user" "$@"
            """;

    private final Dockerfile.Stage image;
    private final Path log;
    private final Process process;

    /**
     * Runs the image's entry point.
     *
     * @param root the image's files
     * @param volume what is mounted as its volume
     * @param environment besides the image's own
     * @param arguments instead of the image's {@code CMD}, unless there are none
     */
    Container(
            Dockerfile.Stage image,
            Path root,
            Path volume,
            Path log,
            Map<String, String> environment,
            String... arguments)
            throws IOException {
        this.image = image;
        this.log = log;
        List<String> command = new ArrayList<>(List.of(
                "/usr/bin/unshare",
                "--mount",
                "--pid",
                "--fork",
                "--kill-child",
                "--propagation",
                "private",
                "/bin/bash",
                "-c",
                START,
                "bash",
                root.toString(),
                volume.toString(),
                image.last("VOLUME"),
                image.last("WORKDIR"),
                image.last("USER")));
        command.addAll(words(image.last("ENTRYPOINT")));
        command.addAll(arguments.length == 0 ? words(image.last("CMD")) : Arrays.asList(arguments));
        ProcessBuilder builder = new ProcessBuilder(withEnvironment(command, environment));
        process = builder.redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
    }

    private List<String> withEnvironment(List<String> command, Map<String, String> more) {
        Map<String, String> variables = new TreeMap<>(image.pairs("ENV"));
        variables.putAll(more);
        List<String> all = new ArrayList<>(List.of("/usr/bin/env", "-i"));
        variables.forEach((name, value) -> all.add(name + "=" + value));
        all.addAll(command);
        return all;
    }

    static List<String> words(String json) {
        try {
            return Arrays.asList(new ObjectMapper().readValue(json, String[].class));
        } catch (IOException e) {
            throw new UncheckedIOException("not in exec form, so a shell would be process 1: " + json, e);
        }
    }

    /** Process 1 of the container. */
    ProcessHandle main() {
        return process.toHandle()
                .children()
                .findFirst()
                .orElseThrow(() -> new AssertionError("The container ended:\n" + output()));
    }

    /** Runs the health check in the container; its exit code, what it printed goes to the log. */
    int healthCheck(Map<String, String> environment) throws IOException, InterruptedException {
        String text = image.last("HEALTHCHECK");
        List<String> command = new ArrayList<>(List.of(
                "/usr/bin/nsenter",
                "--target",
                String.valueOf(main().pid()),
                "--mount",
                "--pid",
                "--root",
                "--wd",
                "--setgid",
                image.last("USER").replaceFirst(".*:", ""),
                "--setuid",
                image.last("USER").replaceFirst(":.*", "")));
        command.addAll(words(text.substring(text.indexOf("CMD ") + "CMD ".length())));
        return new ProcessBuilder(withEnvironment(command, environment))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start()
                .waitFor();
    }

    /** What the kernel says about process 1, from {@code /proc}. */
    String proc(String file) throws IOException {
        return Files.readString(Path.of("/proc", String.valueOf(main().pid()), file));
    }

    boolean isAlive() {
        return process.isAlive();
    }

    String output() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The signal that engines send; the exit code. */
    int stop() throws InterruptedException {
        if (!image.last("STOPSIGNAL").equals("SIGTERM")) {
            throw new AssertionError("only SIGTERM makes a gateway drain");
        }
        main().destroy();
        return waitFor();
    }

    int waitFor() throws InterruptedException {
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            throw new AssertionError("The container did not end:\n" + output());
        }
        return process.exitValue();
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
