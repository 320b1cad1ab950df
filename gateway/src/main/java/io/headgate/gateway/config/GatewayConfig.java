package io.headgate.gateway.config;

import io.headgate.model.RefusedException;
import io.headgate.model.TableName;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * All settings of a gateway. Each section reads itself, with keys, defaults and ranges side by side; every key may be
 * left out. What must hold between settings is checked here, in {@link #checkRelations}.
 *
 * @param tables settings of single tables
 */
public record GatewayConfig(
        Http http,
        Management management,
        Catalog catalog,
        Log log,
        Commit commit,
        Limits limits,
        Auth auth,
        Drain drain,
        Map<TableName, Table> tables) {

    /** The file that commands read unless told otherwise, in the working directory. */
    public static final String DEFAULT_FILE = "headgate.yaml";

    private static final String COMMIT_INTERVAL_MIN = "10ms";
    private static final String COMMIT_INTERVAL_MAX = "1h";

    private static final String NAMED =
            "one is named catalog.schema.table, each part 1 to 255 characters of a-z, 0-9, '_' and '-'";

    public GatewayConfig {
        tables = Map.copyOf(tables);
    }

    /**
     * Where devices call.
     *
     * @param host the address to listen on
     * @param port the port, 0 for any free one
     * @param maxBodyBytes the largest body, decompressed
     * @param maxHeaderBytes all headers of a request together; tokens alone take 3 to 4 KiB
     */
    public record Http(String host, int port, int maxBodyBytes, int maxHeaderBytes) {
        static Http from(Settings in) {
            return new Http(
                    in.text("http.host", "127.0.0.1"),
                    in.integer("http.port", 8080, 0, 65_535),
                    Math.toIntExact(in.bytes("http.max-body", "10MiB", "1KiB", "256MiB")),
                    Math.toIntExact(in.bytes("http.max-header", "16KiB", "1KiB", "1MiB")));
        }
    }

    /**
     * Where operators and their tools call.
     *
     * @param host the address to listen on
     * @param port the port, 0 for any free one
     */
    public record Management(String host, int port) {
        static Management from(Settings in) {
            return new Management(
                    in.text("management.host", "127.0.0.1"), in.integer("management.port", 9090, 0, 65_535));
        }
    }

    /**
     * Where tables are found. One kind so far, {@code directory}: a table is
     * {@code <path>/<catalog>/<schema>/<table>}.
     *
     * @param path the directory that holds the tables
     */
    public record Catalog(Path path) {
        static Catalog from(Settings in) {
            in.word("catalog.kind", "directory", Set.of("directory"));
            return new Catalog(in.path("catalog.path", "./tables"));
        }
    }

    /**
     * The log.
     *
     * @param path its directory
     * @param maxBytes what it may occupy in all; beyond it requests are answered 503
     * @param segmentBytes the size of one file, a multiple of 4096
     * @param parkedBytes what may be set aside for tables that cannot be committed to
     */
    public record Log(Path path, long maxBytes, int segmentBytes, long parkedBytes) {
        static Log from(Settings in) {
            return new Log(
                    in.path("log.path", "./log"),
                    in.bytes("log.max-bytes", "8GiB", "1MiB", "64TiB"),
                    Math.toIntExact(in.bytes("log.segment-bytes", "64MiB", "64KiB", "1GiB")),
                    in.bytes("log.parked-bytes", "4GiB", "0", "64TiB"));
        }
    }

    /**
     * When rows go from the log into tables.
     *
     * @param interval the longest that a row waits for its commit to begin
     * @param fileTargetBytes a commit begins earlier once this much waits
     */
    public record Commit(Duration interval, long fileTargetBytes) {
        static Commit from(Settings in) {
            return new Commit(
                    in.duration("commit.interval", "2s", COMMIT_INTERVAL_MIN, COMMIT_INTERVAL_MAX),
                    in.bytes("commit.file-target", "64MiB", "64KiB", "4GiB"));
        }
    }

    /**
     * Byte budgets, reserved before work is accepted.
     *
     * @param tableUnflushedBytes of one table, in the log and not yet committed
     * @param inFlightBytes of all requests that are not yet answered
     * @param maxEntryBytes of one request once it is turned into typed rows
     */
    public record Limits(long tableUnflushedBytes, long inFlightBytes, int maxEntryBytes) {
        static Limits from(Settings in) {
            return new Limits(
                    in.bytes("limits.table-unflushed-bytes", "1GiB", "64KiB", "64TiB"),
                    in.bytes("limits.in-flight-bytes", "256MiB", "64KiB", "1TiB"),
                    Math.toIntExact(in.bytes("limits.max-entry-bytes", "16MiB", "1KiB", "256MiB")));
        }
    }

    /**
     * Who is let in.
     *
     * @param issuer our own tokens
     * @param clockSkew by how much the clocks of issuer and gateway may differ
     */
    public record Auth(Issuer issuer, Duration clockSkew) {
        static Auth from(Settings in) {
            return new Auth(Issuer.from(in), in.duration("auth.clock-skew", "30s", "0s", "10m"));
        }
    }

    /**
     * Our own tokens.
     *
     * @param keyFile the private key, created if absent
     * @param audience what tokens name as {@code aud}
     * @param tokenTtl how long a token holds unless asked otherwise
     */
    public record Issuer(Path keyFile, String audience, Duration tokenTtl) {
        static Issuer from(Settings in) {
            return new Issuer(
                    in.path("auth.issuer.key-file", "./issuer.jwk"),
                    in.text("auth.issuer.audience", "headgate"),
                    in.duration("auth.issuer.token-ttl", "1h", "1s", "365d"));
        }
    }

    /**
     * How the gateway ends.
     *
     * @param timeout the longest that it takes to answer and commit what it accepted; the log keeps the rest
     */
    public record Drain(Duration timeout) {
        static Drain from(Settings in) {
            return new Drain(in.duration("drain.timeout", "20s", "1s", "1h"));
        }
    }

    /**
     * One table.
     *
     * @param commitInterval instead of {@link Commit#interval}
     */
    public record Table(Duration commitInterval) {}

    /**
     * Reads {@code file}.
     *
     * @throws ConfigException if it cannot be read or anything in it is wrong, with all that is
     */
    public static GatewayConfig load(Path file) throws ConfigException {
        List<String> problems = new ArrayList<>();
        Map<String, Setting> given = YamlSettings.of(file, problems);
        Path directory = file.toAbsolutePath().normalize().resolveSibling("");
        Settings in = new Settings(given, directory, problems);
        GatewayConfig config = from(in);
        config.checkRelations(in);
        in.refuseUnknown();
        if (!problems.isEmpty()) {
            throw new ConfigException(problems);
        }
        return config;
    }

    static GatewayConfig from(Settings in) {
        Http http = Http.from(in);
        Management management = Management.from(in);
        Catalog catalog = Catalog.from(in);
        Log log = Log.from(in);
        Commit commit = Commit.from(in);
        Limits limits = Limits.from(in);
        Auth auth = Auth.from(in);
        Drain drain = Drain.from(in);
        Map<TableName, Table> tables = tablesFrom(in, commit);
        return new GatewayConfig(http, management, catalog, log, commit, limits, auth, drain, tables);
    }

    private static Map<TableName, Table> tablesFrom(Settings in, Commit commit) {
        Map<TableName, Table> tables = new LinkedHashMap<>();
        for (String name : in.namesIn("tables")) {
            String key = "tables." + name + ".commit-interval";
            String byDefault = commit.interval().toMillis() + "ms";
            Table table = new Table(in.duration(key, byDefault, COMMIT_INTERVAL_MIN, COMMIT_INTERVAL_MAX));
            try {
                if (tables.put(TableName.parse(name), table) != null) {
                    in.problem(key, "belongs to a table that was already named in other letters: remove one");
                }
            } catch (RefusedException e) {
                in.problem(key, "belongs to no table: " + NAMED);
            }
        }
        return tables;
    }

    /** The same with other ports. */
    public GatewayConfig withPorts(int httpPort, int managementPort) {
        return new GatewayConfig(
                new Http(http.host, httpPort, http.maxBodyBytes, http.maxHeaderBytes),
                new Management(management.host, managementPort),
                catalog,
                log,
                commit,
                limits,
                auth,
                drain,
                tables);
    }

    /** How often rows of {@code table} are committed. */
    public Duration commitInterval(TableName table) {
        Table own = tables.get(table);
        return own == null ? commit.interval() : own.commitInterval();
    }

    /**
     * What makes sure that every request within the limits can be accepted by an idle gateway, and that each limit is
     * reached before the one behind it.
     *
     * <pre>
     *   max-body + max-entry-bytes  <= in-flight-bytes
     *   max-entry-bytes             <= segment-bytes / 4
     *   max-entry-bytes             <= table-unflushed-bytes <= log.max-bytes
     *   file-target                 <= table-unflushed-bytes
     *   4 * segment-bytes           <= log.max-bytes       the one written, the next one, two being read
     * </pre>
     */
    private void checkRelations(Settings in) {
        in.require(
                (long) http.maxBodyBytes + limits.maxEntryBytes <= limits.inFlightBytes,
                "limits.in-flight-bytes",
                "is smaller than http.max-body and limits.max-entry-bytes together: the largest request could never"
                        + " be accepted");
        in.require(log.segmentBytes % 4_096 == 0, "log.segment-bytes", "is not a multiple of 4096, a page of the disk");
        in.require(
                limits.maxEntryBytes <= log.segmentBytes / 4,
                "limits.max-entry-bytes",
                "is larger than a quarter of log.segment-bytes: raise that, or lower this");
        in.require(
                limits.maxEntryBytes <= limits.tableUnflushedBytes,
                "limits.table-unflushed-bytes",
                "is smaller than limits.max-entry-bytes: the largest request could never be accepted");
        in.require(
                limits.tableUnflushedBytes <= log.maxBytes,
                "limits.table-unflushed-bytes",
                "is larger than log.max-bytes: the log would be full first");
        in.require(
                commit.fileTargetBytes <= limits.tableUnflushedBytes,
                "commit.file-target",
                "is larger than limits.table-unflushed-bytes: it would never be reached");
        in.require(
                4L * log.segmentBytes <= log.maxBytes,
                "log.max-bytes",
                "is smaller than four times log.segment-bytes: raise it, or lower that");
        in.require(
                http.port == 0 || http.port != management.port || !http.host.equals(management.host),
                "management.port",
                "is the same as http.port: devices and operators are served on ports of their own");
    }
}
