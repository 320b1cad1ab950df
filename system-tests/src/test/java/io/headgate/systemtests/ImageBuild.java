package io.headgate.systemtests;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Builds the image of a Dockerfile without Docker, by running its instructions as they stand there.
 *
 * <p>A build stage sees this machine's own files with the stage's laid over them (overlayfs in a mount namespace), and the
 * JDK that its base is named after as {@code JAVA_HOME}. The last stage has no such files: it begins with those of the
 * Debian packages that its base, a distroless image, is made of, as they are installed here. Needs Linux, root and dpkg.
 */
final class ImageBuild {
    /** The packages of gcr.io/distroless/base-nossl, but for media-types, which few machines have. */
    private static final List<String> BASE_PACKAGES =
            List.of("base-files", "ca-certificates", "libc6", "netbase", "tzdata");

    private static final List<String> DESCRIBING = List.of(
            "ARG", "LABEL", "ENV", "EXPOSE", "USER", "VOLUME", "HEALTHCHECK", "STOPSIGNAL", "ENTRYPOINT", "CMD");

    private final Path context;
    private final Path work;
    private final Map<String, Path> trees = new HashMap<>();

    /**
     * @param context the directory of the Dockerfile
     * @param work where the stages are kept
     */
    ImageBuild(Path context, Path work) {
        this.context = context;
        this.work = work;
    }

    /** What keeps this machine from building the image, empty if nothing does. */
    static String obstacle(Dockerfile dockerfile) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        "sh",
                        "-c",
                        "[ \"$(id -u)\" = 0 ] && command -v dpkg && d=$(mktemp -d) && mkdir $d/upper $d/work $d/all &&"
                                + " unshare --mount mount -t overlay overlay"
                                + " -o lowerdir=/,upperdir=$d/upper,workdir=$d/work $d/all && rm -r $d")
                .redirectErrorStream(true)
                .start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            return "needs root, dpkg, unshare and overlayfs: " + printed;
        }
        for (Dockerfile.Stage stage : dockerfile.stages()) {
            if (!stage.equals(dockerfile.image()) && jdkOf(stage.base()).isEmpty()) {
                return "needs the JDK of " + stage.base();
            }
        }
        return "";
    }

    /** Runs all stages; the root directory of the image. */
    Path run(Dockerfile dockerfile) throws IOException, InterruptedException {
        for (Dockerfile.Stage stage : dockerfile.stages()) {
            boolean last = stage.equals(dockerfile.image());
            Path tree = Files.createDirectories(work.resolve(last ? "image" : stage.name() + "/upper"));
            if (last) {
                layBase(tree);
            }
            build(stage, tree);
            trees.put(stage.name(), tree);
        }
        return trees.get("");
    }

    private void build(Dockerfile.Stage stage, Path tree) throws IOException, InterruptedException {
        String directory = "/";
        for (Dockerfile.Instruction instruction : stage.instructions()) {
            switch (instruction.word()) {
                case "WORKDIR" -> {
                    directory = instruction.text();
                    Files.createDirectories(in(tree, directory));
                }
                case "COPY" -> copy(instruction.text(), tree, directory);
                case "RUN" -> runIn(stage, tree, directory, instruction.text());
                default -> {
                    if (!DESCRIBING.contains(instruction.word())) {
                        throw new AssertionError("ImageBuild does not know " + instruction.word());
                    }
                }
            }
        }
    }

    private static Path in(Path tree, String path) {
        return tree.resolve(path.replaceFirst("^/+", ""));
    }

    private static void layBase(Path tree) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("bash", "-c", """
                set -euo pipefail
                tree=$1; shift
                # Packages name files both ways, which Debian has made one by links.
                mkdir -p "$tree"/usr/{bin,sbin,lib,lib64} "$tree"/{proc,dev,sys}
                dpkg -L "$@" | sed 's|^/||; /^\\.\\{0,1\\}$/d' | sort -u |
                  tar -C / --no-recursion -c -T - | tar -x -C "$tree"
                # As an engine provides them.
                cp -L /etc/hosts /etc/resolv.conf "$tree/etc"
                """, "bash", tree.toString()));
        command.addAll(BASE_PACKAGES);
        Commands.run(command);
    }

    private void copy(String text, Path tree, String directory) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(Arrays.asList(text.split("\\s+")));
        String from = option(words, "--from=");
        String owner = option(words, "--chown=");
        String to = words.remove(words.size() - 1);
        Path target = in(tree, to.startsWith("/") ? to : directory + "/" + to);
        Path source = from.isEmpty() ? contextWithoutIgnored() : trees.get(from);
        Files.createDirectories(to.endsWith("/") || words.size() > 1 ? target : target.getParent());
        for (String word : words) {
            Path each = in(source, word).normalize();
            if (Files.isDirectory(each)) {
                Files.createDirectories(target);
                Commands.run("cp", "-a", each + "/.", target.toString());
            } else {
                Commands.run("cp", "-a", each.toString(), target.toString());
            }
        }
        Commands.run("chown", "-R", owner.isEmpty() ? "0:0" : owner, target.toString());
    }

    private static String option(List<String> words, String name) {
        String found =
                words.stream().filter(word -> word.startsWith(name)).findFirst().orElse("");
        words.remove(found);
        return found.isEmpty() ? "" : found.substring(name.length());
    }

    /** What Docker would be sent: the context without what .dockerignore names. */
    private Path contextWithoutIgnored() throws IOException {
        Path sent = work.resolve("context");
        if (Files.exists(sent)) {
            return sent;
        }
        List<String> patterns = Files.readAllLines(context.resolve(".dockerignore")).stream()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .toList();
        try (Stream<Path> all = Files.walk(context)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                Path path = context.relativize(file);
                if (!isIgnored(path, patterns)) {
                    Path copy = sent.resolve(path);
                    Files.createDirectories(copy.getParent());
                    Files.copy(file, copy, StandardCopyOption.COPY_ATTRIBUTES);
                }
            }
        }
        return sent;
    }

    /** The last pattern that matches a path or a directory above it decides. */
    static boolean isIgnored(Path path, List<String> patterns) {
        boolean ignored = false;
        for (String pattern : patterns) {
            boolean exception = pattern.startsWith("!");
            if (matchesOrParentDoes(path, exception ? pattern.substring(1) : pattern)) {
                ignored = !exception;
            }
        }
        return ignored;
    }

    private static boolean matchesOrParentDoes(Path path, String pattern) {
        for (Path each = path; each != null; each = each.getParent()) {
            if (FileSystems.getDefault().getPathMatcher("glob:" + pattern).matches(each)) {
                return true;
            }
        }
        return false;
    }

    private void runIn(Dockerfile.Stage stage, Path tree, String directory, String text)
            throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(Arrays.asList(text.split("\\s+")));
        String mount = option(words, "--mount=");
        String cache = mount.replaceFirst("^type=cache,target=", "");
        Path machine = Files.createDirectories(tree.resolveSibling("machine"));
        Files.createDirectories(tree.resolveSibling("overlay"));
        Commands.run(
                "unshare",
                "--mount",
                "--propagation",
                "private",
                "bash",
                "-c",
                """
                set -euo pipefail
                mount -t overlay overlay -o "lowerdir=/,upperdir=$1/upper,workdir=$1/overlay" "$1/machine"
                for each in proc dev sys; do mount --rbind /$each "$1/machine/$each"; done
                if [ -n "$4" ]; then mkdir -p "$1/machine$4"; mount --bind "$5" "$1/machine$4"; fi
                exec env "JAVA_HOME=$6" "PATH=$6/bin:$PATH" chroot "$1/machine" sh -c "cd $2 && $3"
                """,
                "bash",
                machine.getParent().toString(),
                directory,
                String.join(" ", words),
                cache,
                System.getProperty("user.home") + "/.m2",
                jdkOf(stage.base()).orElseThrow().toString());
    }

    /** The JDK here that is of the version in the name of an image such as {@code eclipse-temurin:25-jdk}. */
    private static Optional<Path> jdkOf(String base) throws IOException {
        String version = base.replaceFirst(".*eclipse-temurin[:-](\\d+).*", "$1");
        for (Path home : Jdks.installed()) {
            Path release = home.resolve("release");
            if (Files.exists(home.resolve("bin/jlink"))
                    && Files.readString(release).contains("JAVA_VERSION=\"" + version + ".")) {
                return Optional.of(home);
            }
        }
        return Optional.empty();
    }
}
