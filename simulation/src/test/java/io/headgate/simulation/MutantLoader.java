package io.headgate.simulation;

import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * Runs the simulation over code of which some classes were compiled from other sources. All of Headgate's own classes are
 * loaded anew here, since only classes of one loader may see each other's package-private parts.
 */
final class MutantLoader extends ClassLoader {
    private static final String OWN = "io.headgate.";

    private final Path mutated;
    private final Method check;

    private MutantLoader(Path mutated) throws ReflectiveOperationException {
        super(MutantLoader.class.getClassLoader());
        this.mutated = mutated;
        this.check = loadClass(Simulation.class.getName()).getMethod("check", long.class);
    }

    /** The code as it is. */
    static MutantLoader unmutated(Path empty) throws ReflectiveOperationException {
        return new MutantLoader(empty);
    }

    /**
     * The code with a planted bug.
     *
     * @param root the repository
     * @param work an empty directory
     */
    static MutantLoader of(Mutant mutant, Path root, Path work) throws IOException, ReflectiveOperationException {
        List<Path> sources = new ArrayList<>();
        for (String file : mutant.files()) {
            Path source = work.resolve(Path.of(file).getFileName());
            Files.writeString(source, mutant.source(root, file));
            sources.add(source);
        }
        compile(mutant, sources, Files.createDirectory(work.resolve("classes")));
        return new MutantLoader(work.resolve("classes"));
    }

    private static void compile(Mutant mutant, List<Path> sources, Path classes) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        if (compiler == null) {
            throw new AssertionError("Planted bugs are compiled: run this test on a JDK");
        }
        StringWriter problems = new StringWriter();
        List<String> options = List.of(
                "-proc:none", "-nowarn", "-d", classes.toString(), "-classpath", System.getProperty("java.class.path"));
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            boolean compiled = compiler.getTask(
                            problems, files, null, options, null, files.getJavaFileObjectsFromPaths(sources))
                    .call();
            if (!compiled) {
                throw new AssertionError("The planted bug '" + mutant + "' does not compile:\n" + problems);
            }
        }
    }

    /** Lives the life of a seed; what went wrong, if anything did. */
    Optional<Throwable> run(long seed) throws IllegalAccessException {
        try {
            check.invoke(null, seed);
            return Optional.empty();
        } catch (InvocationTargetException e) {
            return Optional.of(Objects.requireNonNull(e.getCause()));
        }
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        synchronized (getClassLoadingLock(name)) {
            Class<?> loaded = findLoadedClass(name);
            if (loaded == null) {
                loaded = name.startsWith(OWN) ? define(name) : super.loadClass(name, false);
            }
            return loaded;
        }
    }

    private Class<?> define(String name) throws ClassNotFoundException {
        String file = name.replace('.', '/') + ".class";
        Path own = mutated.resolve(file);
        try (InputStream bytes =
                Files.exists(own) ? Files.newInputStream(own) : getParent().getResourceAsStream(file)) {
            if (bytes == null) {
                throw new ClassNotFoundException(name);
            }
            byte[] code = bytes.readAllBytes();
            return defineClass(name, code, 0, code.length);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
