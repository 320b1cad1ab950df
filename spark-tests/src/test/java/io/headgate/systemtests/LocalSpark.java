package io.headgate.systemtests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * One Spark with Delta for all tests of this JVM, set up as the README tells users to, and small enough to run on two
 * cores beside a gateway.
 */
final class LocalSpark {
    private static final SparkSession SESSION = start();

    private LocalSpark() {}

    private static SparkSession start() {
        long started = System.nanoTime();
        SparkSession.Builder builder = SparkSession.builder()
                .master("local[2]")
                .config("spark.ui.enabled", "false")
                .config("spark.driver.host", "127.0.0.1")
                .config("spark.driver.bindAddress", "127.0.0.1")
                .config("spark.local.dir", target("spark"))
                .config("spark.sql.warehouse.dir", target("warehouse"))
                .config("spark.sql.shuffle.partitions", "2")
                .config("spark.databricks.delta.snapshotPartitions", "2")
                .config("spark.sql.sources.parallelPartitionDiscovery.parallelism", "2")
                .config("spark.sql.session.timeZone", "UTC")
                .config("spark.sql.datetime.java8API.enabled", "true");
        Matcher setting = Pattern.compile("--conf ([\\w.]+)=([\\w.]+)").matcher(readmeSection("### With Spark"));
        int settings = 0;
        for (; setting.find(); settings++) {
            builder.config(setting.group(1), setting.group(2));
        }
        if (settings == 0) {
            throw new IllegalStateException("The README no longer says how to set up Spark");
        }
        SparkSession session = builder.getOrCreate();
        done("Spark session", started);
        return session;
    }

    private static String target(String name) {
        return Path.of("target", name).toAbsolutePath().toString();
    }

    /** A section of the README, from its heading to the next one. */
    static String readmeSection(String heading) {
        try {
            String readme = Files.readString(HeadgateProgram.launcher().resolveSibling("README.md"));
            int start = readme.indexOf('\n' + heading + '\n');
            int end = readme.indexOf("\n#", start + heading.length());
            return readme.substring(start, end);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs one statement to its end; its rows. */
    static List<Row> sql(String statement) {
        return SESSION.sql(statement).collectAsList();
    }

    /** The same, and says how long it took. */
    static List<Row> timed(String what, String statement) {
        long started = System.nanoTime();
        List<Row> rows = sql(statement);
        done(what, started);
        return rows;
    }

    static Dataset<Row> table(Path directory) {
        return SESSION.sql("SELECT * FROM " + at(directory));
    }

    /** How SQL names a table by its directory. */
    static String at(Path directory) {
        return "delta.`" + directory.toAbsolutePath() + "`";
    }

    private static void done(String what, long started) {
        System.out.println(
                "spark: " + what + " took " + TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - started) + " ms");
    }
}
