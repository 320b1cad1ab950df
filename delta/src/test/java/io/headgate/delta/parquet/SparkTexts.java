package io.headgate.delta.parquet;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;

/** What Spark writes, as its own tests in module {@code spark-tests} make sure. */
final class SparkTexts {
    private SparkTexts() {}

    static String of(String name) throws IOException {
        try (InputStream in = SparkTexts.class.getResourceAsStream("/spark/" + name)) {
            return new String(Objects.requireNonNull(in, name).readAllBytes(), UTF_8);
        }
    }
}
