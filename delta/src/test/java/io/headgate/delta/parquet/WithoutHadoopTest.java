package io.headgate.delta.parquet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.headgate.schema.Column;
import io.headgate.schema.ColumnType;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Hadoop's classes cost 20 ms for each file and 50 MB of jars; writing one needs none of them. */
class WithoutHadoopTest {
    @TempDir
    private Path directory;

    @Test
    void filesAreWrittenWhereThereIsNoHadoop() throws Exception {
        Path path = directory.resolve("data");
        ClassLoader loader = new NoHadoopLoader();
        assertThrows(ClassNotFoundException.class, () -> loader.loadClass("org.apache.hadoop.conf.Configuration"));
        Class<?> here = loader.loadClass(WithoutHadoopTest.class.getName());
        assertNotSame(WithoutHadoopTest.class, here);
        Method write = here.getDeclaredMethod("write", Path.class);
        write.setAccessible(true);
        write.invoke(null, path);
        assertEquals(1000, ParquetJava.rows(path).size());
    }

    /** Called in a class world of its own. */
    @SuppressWarnings("UnusedMethod") // By reflection.
    private static void write(Path path) throws Exception {
        List<Column> columns = ColumnType.PLAIN.stream()
                .filter(type -> type != ColumnType.BINARY)
                .map(type -> new Column(type.deltaName(), type, true))
                .toList();
        @Nullable Object[] row = {"text", true, (byte) 1, (short) 2, 3, 4L, 5f, 6.0, 7, 8L, null};
        List<@Nullable Object[]> rows = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            rows.add(row);
        }
        TypedRows.write(path, columns, new ParquetSettings(4096, 1024, 1024, 1, 32, "Test version 1"), rows);
    }

    /** Loads our classes and Parquet's anew, so that what they refer to is looked up here, and has no Hadoop. */
    private static final class NoHadoopLoader extends ClassLoader {
        NoHadoopLoader() {
            super(WithoutHadoopTest.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (name.startsWith("org.apache.hadoop.")) {
                throw new ClassNotFoundException(name);
            }
            if (!name.startsWith("io.headgate.") && !name.startsWith("org.apache.parquet.")) {
                return super.loadClass(name, resolve);
            }
            synchronized (getClassLoadingLock(name)) {
                Class<?> loaded = findLoadedClass(name);
                return loaded != null ? loaded : define(name);
            }
        }

        private Class<?> define(String name) throws ClassNotFoundException {
            try (InputStream bytes = getResourceAsStream(name.replace('.', '/') + ".class")) {
                byte[] code = Objects.requireNonNull(bytes, name).readAllBytes();
                return defineClass(name, code, 0, code.length);
            } catch (IOException e) {
                throw new ClassNotFoundException(name, e);
            }
        }
    }
}
