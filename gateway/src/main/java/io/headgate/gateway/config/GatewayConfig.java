package io.headgate.gateway.config;

import io.headgate.auth.ServicePrincipal;
import io.headgate.gateway.limits.Rates;
import io.headgate.gateway.logging.AccessMode;
import io.headgate.gateway.logging.LogFormat;
import io.headgate.model.RefusedException;
import io.headgate.model.TableName;
import io.headgate.schema.PlausibleTimes;
import io.headgate.schema.SetColumn;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.slf4j.event.Level;

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
        Idempotency idempotency,
        Auth auth,
        Receipts receipts,
        Quarantine quarantine,
        Clock clock,
        Drain drain,
        Logging logging,
        Map<TableName, Table> tables) {

    /** The file that commands read unless told otherwise, in the working directory. */
    public static final String DEFAULT_FILE = "headgate.yaml";

    private static final String COMMIT_INTERVAL_MIN = "10ms";
    private static final String COMMIT_INTERVAL_MAX = "1h";

    private static final String FILE_TARGET_MIN = "64KiB";
    private static final String FILE_TARGET_MAX = "4GiB";
    private static final String UNFLUSHED_MIN = "64KiB";
    private static final String UNFLUSHED_MAX = "64TiB";

    private static final String QUARANTINE_COLUMNS =
            "received_at TIMESTAMP, source_table STRING, subject STRING, record STRING, reason STRING";

    private static final String NAMED =
            "one is named catalog.schema.table, each part 1 to 255 characters of a-z, 0-9, '_' and '-'";

    public GatewayConfig {
        tables = Map.copyOf(tables);
    }

    /**
     * Where devices call, and what one request or connection may take.
     *
     * @param host the address to listen on
     * @param port the port, 0 for any free one
     * @param maxBodyBytes the largest body, as it is sent
     * @param maxExpandedBytes the largest content of a body that is sent compressed
     * @param maxExpansionRatio how many times its own size a body may expand to, beyond 64 KiB
     * @param maxHeaderBytes all headers of a request together; tokens alone take 3 to 4 KiB
     * @param maxRequestLineBytes method, target and version
     * @param maxConnections open at once, as far as file handles allow
     * @param maxStreams requests under way at once on one HTTP/2 connection
     * @param headTimeout the longest that a request's head may take
     * @param bodyTimeout the longest that a body may take, unless it keeps up {@code minBodyBytesPerSecond}
     * @param minBodyBytesPerSecond what a body that takes longer must bring
     * @param idleTimeout the longest that a connection may be without a request
     * @param lingerTimeout how long what follows a refusal is still read
     */
    public record Http(
            String host,
            int port,
            int maxBodyBytes,
            int maxExpandedBytes,
            int maxExpansionRatio,
            int maxHeaderBytes,
            int maxRequestLineBytes,
            int maxConnections,
            int maxStreams,
            Duration headTimeout,
            Duration bodyTimeout,
            int minBodyBytesPerSecond,
            Duration idleTimeout,
            Duration lingerTimeout) {
        static Http from(Settings in) {
            String host =
                    in.text("host", "127.0.0.1", "The address to listen on; 0.0.0.0 and :: mean every interface.");
            int port = in.integer("port", 8080, 0, 65_535, "The port; 0 takes any free one.");
            int maxBodyBytes = Math.toIntExact(
                    in.bytes("max-body", "10MiB", "1KiB", "256MiB", "The largest body of a request, as it is sent."));
            return new Http(
                    host,
                    port,
                    maxBodyBytes,
                    Math.toIntExact(in.bytes(
                            "max-expanded-body",
                            maxBodyBytes,
                            "http.max-body",
                            "1KiB",
                            "256MiB",
                            "The largest content of a body that is sent compressed; a larger one is answered 413.")),
                    in.integer(
                            "max-expansion-ratio",
                            200,
                            1,
                            100_000,
                            "How many times its own size a compressed body may expand to, once that is more than 64 KiB;"
                                    + " beyond it is answered 413."),
                    Math.toIntExact(in.bytes(
                            "max-header",
                            "16KiB",
                            "1KiB",
                            "1MiB",
                            "All headers of a request together; a token alone takes 3 to 4 KiB.")),
                    Math.toIntExact(in.bytes(
                            "max-request-line",
                            "4KiB",
                            "1KiB",
                            "64KiB",
                            "The request line; a longer one is answered 414.")),
                    in.integer(
                            "max-connections",
                            16_384,
                            1,
                            1_000_000,
                            "Connections open at once, but 256 fewer than the process may open files; more are"
                                    + " answered 503 or closed."),
                    in.integer(
                            "max-streams",
                            100,
                            1,
                            10_000,
                            "Requests under way at once on one HTTP/2 connection; more are refused."),
                    in.duration(
                            "head-timeout",
                            "10s",
                            "100ms",
                            "10m",
                            "How long a request's head may take, from the connection or else from its first byte."),
                    in.duration(
                            "body-timeout",
                            "30s",
                            "100ms",
                            "1h",
                            "How long a body may take, unless it keeps up http.min-body-rate; then it is answered"
                                    + " 408."),
                    Math.toIntExact(in.bytes(
                            "min-body-rate",
                            "16KiB",
                            "1",
                            "1GiB",
                            "What a body that takes longer than http.body-timeout must bring per second.")),
                    in.duration(
                            "idle-timeout", "75s", "100ms", "24h", "How long a connection may be without a request."),
                    in.duration(
                            "linger-timeout",
                            "5s",
                            "10ms",
                            "1m",
                            "How long what a client sends after its refusal is read and dropped, so that it can read"
                                    + " why."));
        }

        private Http onPort(int otherPort) {
            return new Http(
                    host,
                    otherPort,
                    maxBodyBytes,
                    maxExpandedBytes,
                    maxExpansionRatio,
                    maxHeaderBytes,
                    maxRequestLineBytes,
                    maxConnections,
                    maxStreams,
                    headTimeout,
                    bodyTimeout,
                    minBodyBytesPerSecond,
                    idleTimeout,
                    lingerTimeout);
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
                    in.text("host", "127.0.0.1", "The address to listen on; 0.0.0.0 and :: mean every interface."),
                    in.integer("port", 9090, 0, 65_535, "The port; 0 takes any free one."));
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
            in.word("kind", "directory", List.of("directory"), "How tables are found.");
            return new Catalog(
                    in.path("path", "./tables", "The directory of the tables: <path>/<catalog>/<schema>/<table>."));
        }
    }

    /**
     * The log.
     *
     * @param path its directory
     * @param maxBytes what it may occupy in all; beyond it requests are answered 503
     * @param segmentBytes the size of one file, a multiple of 4096
     * @param parkedBytes what may be set aside for tables that cannot be committed to
     * @param maxGroupDelay how long a group waits for the acks of the one before
     */
    public record Log(Path path, long maxBytes, int segmentBytes, long parkedBytes, Duration maxGroupDelay) {
        static Log from(Settings in) {
            return new Log(
                    in.path("path", "./log", "The directory of the log, of one gateway alone."),
                    in.bytes(
                            "max-bytes",
                            "8GiB",
                            "1MiB",
                            "64TiB",
                            "What the log may occupy in all; beyond it requests are answered 503."),
                    Math.toIntExact(in.bytes(
                            "segment-bytes", "64MiB", "64KiB", "1GiB", "The size of one file, a multiple of 4096.")),
                    in.bytes(
                            "parked-bytes",
                            "4GiB",
                            "0",
                            "64TiB",
                            "What may be set aside, beside log.max-bytes, of rows of tables that cannot be committed to,"
                                    + " so that they do not keep the log from being freed; 0 for nothing."),
                    in.duration(
                            "max-group-delay",
                            "1ms",
                            "0s",
                            "100ms",
                            "How long a force of the log waits at the most until the requests of the one before are"
                                    + " answered, so that those that follow them share it; 0s for not at all."));
        }
    }

    /**
     * When rows go from the log into tables.
     *
     * @param interval the longest that a row waits for its commit to begin, unless commits cost more than their share
     * @param fileTargetBytes a commit begins earlier once this much waits
     * @param maxCpuPercent of all cores, what commits may cost, their rows apart
     * @param maxDelay what they wait for that at the most
     * @param maxOpenPartitions partitions of a table written side by side
     */
    public record Commit(
            Duration interval, long fileTargetBytes, int maxCpuPercent, Duration maxDelay, int maxOpenPartitions) {
        static Commit from(Settings in) {
            return new Commit(
                    in.duration(
                            "interval",
                            "2s",
                            COMMIT_INTERVAL_MIN,
                            COMMIT_INTERVAL_MAX,
                            "The longest that a row waits for its commit to begin, unless that would take more than"
                                    + " commit.max-cpu-percent."),
                    in.bytes(
                            "file-target",
                            "64MiB",
                            FILE_TARGET_MIN,
                            FILE_TARGET_MAX,
                            "A commit begins earlier once this much waits."),
                    in.integer(
                            "max-cpu-percent",
                            10,
                            1,
                            100,
                            "Of all cores, what the commits of all tables may take, apart from their rows: with many busy"
                                    + " tables each is committed more rarely, with more rows at a time."),
                    in.duration(
                            "max-delay",
                            "20s",
                            "0s",
                            COMMIT_INTERVAL_MAX,
                            "So much longer than its interval a row waits at the most for that reason, whatever commits take"
                                    + " then."),
                    in.integer(
                            "max-open-partitions",
                            64,
                            1,
                            4_096,
                            "Partitions of one table written side by side, each in some 20 KiB of memory per column, and"
                                    + " so fewer of tables with more than 64 columns; for others the rows are read"
                                    + " again."));
        }
    }

    /**
     * Byte budgets, reserved before work is accepted.
     *
     * @param tableUnflushedBytes of one table, in the log and not yet committed
     * @param inFlightBytes of all requests that are not yet answered
     * @param maxEntryBytes of one request once it is turned into typed rows
     * @param maxRecords of one request
     * @param maxPartitions of a table that the records of one request are of
     * @param maxNesting arrays and objects within each other in a body
     * @param retryAfterMax the longest that a 503 tells to wait
     * @param refusalsPerSecond answers of 429 and 503, per event loop, after which nobody waits
     * @param rates what may be sent
     */
    public record Limits(
            long tableUnflushedBytes,
            long inFlightBytes,
            int maxEntryBytes,
            int maxRecords,
            int maxPartitions,
            int maxNesting,
            Duration retryAfterMax,
            int refusalsPerSecond,
            RateConfig rates) {
        static Limits from(Settings in) {
            return new Limits(
                    in.bytes(
                            "table-unflushed-bytes",
                            "1GiB",
                            UNFLUSHED_MIN,
                            UNFLUSHED_MAX,
                            "What one table may have in the log and not yet committed; beyond it its requests are"
                                    + " answered 503."),
                    in.bytes(
                            "in-flight-bytes",
                            "256MiB",
                            "64KiB",
                            "1TiB",
                            "All requests that are not yet answered, as JSON and as rows; beyond it requests are"
                                    + " answered 503."),
                    Math.toIntExact(in.bytes(
                            "max-entry-bytes",
                            "16MiB",
                            "1KiB",
                            "256MiB",
                            "One request once it is turned into rows; a larger one is answered 413.")),
                    in.integer(
                            "max-records",
                            1_000_000,
                            1,
                            100_000_000,
                            "The records of one request; more are answered 413."),
                    in.integer(
                            "max-partitions",
                            1_000,
                            1,
                            100_000,
                            "The partitions of a table that the records of one request may be of; more are answered 413."
                                    + " A commit ends once it has as many, with a file for each."),
                    in.integer(
                            "max-nesting",
                            100,
                            2,
                            1_000,
                            "Arrays and objects within each other in a body; deeper ones are answered 400."),
                    in.duration(
                            "retry-after-max",
                            "1m",
                            "1s",
                            "1h",
                            "The longest that clients answered 503 are told to stay away; the more there are, the wider"
                                    + " they are spread over it."),
                    in.integer(
                            "refusals-per-second",
                            2_000,
                            1,
                            1_000_000,
                            "Answers of 429 and 503 that each event loop simply gives. Where there are more, since"
                                    + " clients do not wait as they are told to, nothing is read for up to a second"
                                    + " from the connections that bring them."),
                    RateConfig.from(in.section(
                            "rates",
                            "What may be sent, as a quota and the time in which it comes back: 100/10s is 10 a second,"
                                    + " and up to 100 at once. Nothing is bounded unless given.")));
        }
    }

    /**
     * How long a request's key is known, so that a retry adds nothing.
     *
     * @param window from the moment that the request was durable
     * @param maxBytes of memory beside the heap for all keys, and of the log's disk once their segments are gone
     */
    public record Idempotency(Duration window, long maxBytes) {
        static Idempotency from(Settings in) {
            return new Idempotency(
                    in.duration(
                            "window",
                            "10m",
                            "1s",
                            "7d",
                            "How long a retry with the same Idempotency-Key is answered for the first, and adds"
                                    + " nothing."),
                    in.bytes(
                            "max-bytes",
                            "256MiB",
                            "1MiB",
                            "16GiB",
                            "What keys may take of memory beside the heap, 44 to 96 bytes each, and as much again on the"
                                    + " log's disk; if that is too little the oldest are forgotten before their time."));
        }
    }

    /**
     * Who is let in.
     *
     * @param issuer our own tokens
     * @param clockSkew by how much the clocks of issuer and gateway may differ
     * @param servicePrincipals who may have tokens for a secret
     */
    public record Auth(Issuer issuer, Duration clockSkew, List<ServicePrincipal> servicePrincipals) {
        public Auth {
            servicePrincipals = List.copyOf(servicePrincipals);
        }

        static Auth from(Settings in) {
            Auth auth = new Auth(
                    Issuer.from(in.section("issuer", "The gateway's own tokens.")),
                    in.duration(
                            "clock-skew",
                            "30s",
                            "0s",
                            "10m",
                            "By how much the clocks of a token's issuer and of the gateway may differ."),
                    in.sections(
                            "service-principals",
                            "A program that may have tokens for its secret, at POST /oidc/v1/token. 'headgate client"
                                    + " create' makes an entry.",
                            ServicePrincipalSettings::from));
            ServicePrincipalSettings.requireDistinct(auth.servicePrincipals, in);
            return auth;
        }
    }

    /**
     * Our own tokens.
     *
     * @param keyFile the private key, and the public ones of those that it replaced; created if absent
     * @param audience what tokens name as {@code aud}
     * @param tokenTtl how long a token holds unless asked otherwise
     */
    public record Issuer(Path keyFile, String audience, Duration tokenTtl) {
        static Issuer from(Settings in) {
            return new Issuer(
                    in.path(
                            "key-file",
                            "./issuer.jwk",
                            "The private key, a JWK or a JWK Set; made at the first start."),
                    in.text("audience", "headgate", "What tokens name as their audience."),
                    in.duration("token-ttl", "1h", "1s", "365d", "How long a token holds unless asked otherwise."));
        }
    }

    /**
     * Receipts of inserts.
     *
     * @param keyFile the key that seals them; created if absent
     * @param waitMax the longest that a request waits for its rows to be in their table
     */
    public record Receipts(Path keyFile, Duration waitMax) {
        static Receipts from(Settings in) {
            return new Receipts(
                    in.path("key-file", "./receipt.key", "The key that seals them; made at the first start."),
                    in.duration(
                            "wait-max",
                            "30s",
                            "100ms",
                            "10m",
                            "The longest that a request with wait=table waits for its rows to be in their table; it is"
                                    + " answered 202 then."));
        }
    }

    /**
     * Where rejected records go.
     *
     * @param table one for all tables, which tells what they were and what was wrong
     */
    public record Quarantine(Optional<TableName> table) {
        static Quarantine from(Settings in) {
            return new Quarantine(in.optional(
                    "table",
                    Key.NONE,
                    Optional.empty(),
                    "such as main.fleet.rejected",
                    "One table for the rejected records of all tables: each as the text that it was, with the reason."
                            + " It is made by `headgate table create NAME --columns \"" + QUARANTINE_COLUMNS
                            + "\"`.",
                    GatewayConfig::tableName));
        }
    }

    private static TableName tableName(String text) {
        try {
            return TableName.parse(text);
        } catch (RefusedException e) {
            throw new IllegalArgumentException("is no table's name: " + NAMED, e);
        }
    }

    /**
     * What tells that the machine's clock is not set.
     *
     * @param ignoreEntriesAfter entries received later say nothing about the clock, as it was wrong then
     */
    public record Clock(Optional<Instant> ignoreEntriesAfter) {
        static Clock from(Settings in) {
            return new Clock(in.optionalInstant(
                    "ignore-entries-after",
                    "A clock more than a day before the newest entry of the log counts as not set; entries received"
                            + " after this moment are left out of that, since the clock was wrong then."));
        }
    }

    /**
     * How the gateway ends.
     *
     * @param timeout the longest that it takes to answer and commit what it accepted; the log keeps the rest
     */
    public record Drain(Duration timeout) {
        static Drain from(Settings in) {
            return new Drain(in.duration(
                    "timeout",
                    "20s",
                    "1s",
                    "1h",
                    "The longest that a stop takes to answer and commit what was accepted; the log keeps the rest."));
        }
    }

    /**
     * What is written to stderr.
     *
     * @param format what lines look like
     * @param level from which level on events are written
     * @param access which requests have a line
     */
    public record Logging(LogFormat format, Level level, AccessMode access) {
        static Logging from(Settings in) {
            return new Logging(
                    LogFormat.valueOf(upper(in.word(
                            "format",
                            "auto",
                            List.of("auto", "text", "json"),
                            "What lines on stderr look like; auto is text on a terminal and JSON elsewhere."))),
                    Level.valueOf(upper(in.word(
                            "level",
                            "info",
                            List.of("error", "warn", "info", "debug"),
                            "From which level on events are written."))),
                    AccessMode.valueOf(upper(in.word(
                            "access",
                            "refused",
                            List.of("off", "refused", "all"),
                            "Which requests have a line; refused ones that repeat are counted instead, all is for"
                                    + " hundreds of requests a second, not for thousands."))));
        }

        private static String upper(String word) {
            return word.toUpperCase(Locale.ROOT);
        }
    }

    /**
     * One table.
     *
     * @param commitInterval instead of {@link Commit#interval}
     * @param fileTargetBytes instead of {@link Commit#fileTargetBytes}
     * @param unflushedBytes instead of {@link Limits#tableUnflushedBytes}
     * @param rates instead of {@code limits.rates.table}
     * @param setColumns what the gateway writes into which columns, by their exact names
     * @param plausibleTimes the times that its records may have
     */
    public record Table(
            Duration commitInterval,
            long fileTargetBytes,
            long unflushedBytes,
            Rates rates,
            Map<String, SetColumn> setColumns,
            PlausibleTimes plausibleTimes) {
        public Table {
            setColumns = Map.copyOf(setColumns);
        }

        static Table from(Settings in, Commit commit, Limits limits) {
            return new Table(
                    in.duration(
                            "commit-interval",
                            commit.interval,
                            "commit.interval",
                            COMMIT_INTERVAL_MIN,
                            COMMIT_INTERVAL_MAX,
                            "The longest that a row waits for its commit to begin."),
                    in.bytes(
                            "file-target",
                            commit.fileTargetBytes,
                            "commit.file-target",
                            FILE_TARGET_MIN,
                            FILE_TARGET_MAX,
                            "A commit begins earlier once this much waits."),
                    in.bytes(
                            "unflushed-bytes",
                            limits.tableUnflushedBytes,
                            "limits.table-unflushed-bytes",
                            UNFLUSHED_MIN,
                            UNFLUSHED_MAX,
                            "What it may have in the log and not yet committed; beyond it its requests are answered"
                                    + " 503."),
                    RateConfig.rates(in, "rate-", limits.rates().table(), "limits.rates.table"),
                    in.words(
                            "set-columns",
                            "<column>",
                            SetColumn.words(),
                            "Columns that the gateway writes, by their exact names. A record that has a value for one is"
                                    + " refused with 400; where the word ends in -if-absent, the value stands. A table"
                                    + " that has no such column, or one of another type, is answered 501. So devices"
                                    + " without a clock get a time: `set-columns: { received_at: receive-time, device:"
                                    + " subject, request: request-id, ts: receive-time-if-absent }`.",
                            "When a request was received (TIMESTAMP, or TIMESTAMP_NTZ in UTC), its token's subject"
                                    + " (STRING), or the X-Request-Id of its answer (STRING).",
                            SetColumn::parse),
                    plausibleTimes(
                            in.section(
                                    "plausible-timestamps",
                                    "Which times its records may have, to find out seconds and milliseconds that were sent as"
                                            + " microseconds; a record with another in a TIMESTAMP or TIMESTAMP_NTZ is refused"
                                            + " with 400, which says what unit it looks like. The latter count as if in UTC.")));
        }

        private static PlausibleTimes plausibleTimes(Settings in) {
            Optional<Instant> from = in.optionalInstant("from", "The earliest time.");
            Optional<Instant> to = in.optionalInstant("to", "The latest time.");
            long earliest = from.map(PlausibleTimes::micros).orElse(Long.MIN_VALUE);
            long latest = to.map(PlausibleTimes::micros).orElse(Long.MAX_VALUE);
            in.require(earliest <= latest, "to", "is before from: no time would be plausible");
            return earliest <= latest ? new PlausibleTimes(earliest, latest) : PlausibleTimes.ALL;
        }

        /** The same that must hold between settings of all tables, which are not told of again here. */
        private void checkRelations(Settings in, String name, Log log, Commit commit, Limits limits) {
            boolean ownUnflushed = unflushedBytes != limits.tableUnflushedBytes;
            boolean ownTarget = fileTargetBytes != commit.fileTargetBytes;
            in.require(
                    !ownUnflushed || limits.maxEntryBytes <= unflushedBytes,
                    name + ".unflushed-bytes",
                    "is smaller than limits.max-entry-bytes: the largest request could never be accepted");
            in.require(
                    !ownUnflushed || unflushedBytes <= log.maxBytes,
                    name + ".unflushed-bytes",
                    "is larger than log.max-bytes: the log would be full first");
            in.require(
                    !(ownUnflushed || ownTarget) || fileTargetBytes <= unflushedBytes,
                    name + ".file-target",
                    "is larger than what the table may have uncommitted, its unflushed-bytes or"
                            + " limits.table-unflushed-bytes: it would never be reached");
        }
    }

    /**
     * Reads {@code file} and the environment.
     *
     * @throws ConfigException if it cannot be read or anything in it is wrong, with all that is
     */
    public static GatewayConfig load(Path file) throws ConfigException {
        return LoadedConfig.of(file, System.getenv()).config();
    }

    static GatewayConfig from(Settings in) {
        Http http = Http.from(in.section("http", "Where devices call."));
        Management management = Management.from(in.section("management", "Where operators and their tools call."));
        Catalog catalog = Catalog.from(in.section("catalog", "Where tables are found."));
        Log log = Log.from(in.section("log", "Where rows are kept until they are in their tables."));
        Commit commit = Commit.from(in.section("commit", "When rows go from the log into tables."));
        Limits limits = Limits.from(in.section(
                "limits", "Budgets in bytes, reserved before work is accepted, and bounds on what a body holds."));
        Idempotency idempotency = Idempotency.from(in.section(
                "idempotency",
                "How long a request's Idempotency-Key is known. docs/IDEMPOTENCY.md says what that gives."));
        Auth auth = Auth.from(in.section("auth", "Who is let in."));
        Receipts receipts = Receipts.from(
                in.section("receipts", "What inserts are answered with, to ask later what became of their rows."));
        Quarantine quarantine = Quarantine.from(
                in.section("quarantine", "Where records go that are rejected from requests with accept_partial=true."));
        Clock clock = Clock.from(in.section(
                "clock", "When the machine's clock counts as not set; until it is, everything is answered 503."));
        Drain drain = Drain.from(in.section("drain", "How a gateway ends."));
        Logging logging = Logging.from(in.section("logging", "What is written to stderr."));
        Map<TableName, Table> tables = tablesFrom(in, log, commit, limits);
        return new GatewayConfig(
                http,
                management,
                catalog,
                log,
                commit,
                limits,
                idempotency,
                auth,
                receipts,
                quarantine,
                clock,
                drain,
                logging,
                tables);
    }

    private static Map<TableName, Table> tablesFrom(Settings in, Log log, Commit commit, Limits limits) {
        Map<TableName, Table> tables = new LinkedHashMap<>();
        in.named("tables", "<table>", 3, "One table, by its full name.", table -> Table.from(table, commit, limits))
                .forEach((name, table) -> {
                    try {
                        in.require(
                                tables.put(TableName.parse(name), table) == null,
                                "tables." + name,
                                "is a table that was already named in other letters: remove one");
                    } catch (RefusedException e) {
                        in.problem("tables." + name, "is no table's name: " + NAMED);
                    }
                    table.checkRelations(in, "tables." + name, log, commit, limits);
                });
        return tables;
    }

    /** The same with other ports. */
    public GatewayConfig withPorts(int httpPort, int managementPort) {
        return new GatewayConfig(
                http.onPort(httpPort),
                new Management(management.host, managementPort),
                catalog,
                log,
                commit,
                limits,
                idempotency,
                auth,
                receipts,
                quarantine,
                clock,
                drain,
                logging,
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
     *   max-body + max-body                  <= in-flight-bytes   while a body is put together
     *   max-body + max-expanded-body         <= in-flight-bytes   while it is expanded, if it is compressed
     *   max-body + max-entry-bytes           <= in-flight-bytes   while it is decoded
     *   max-expanded-body + max-entry-bytes  <= in-flight-bytes   the same, if it was compressed
     *   max-entry-bytes             <= segment-bytes / 4
     *   max-entry-bytes             <= table-unflushed-bytes <= log.max-bytes
     *   file-target                 <= table-unflushed-bytes
     *   4 * segment-bytes           <= log.max-bytes       the one written, the next one, two being read
     * </pre>
     */
    void checkRelations(Settings in) {
        in.require(
                Math.max(http.maxBodyBytes, http.maxExpandedBytes)
                                + (long) Math.max(http.maxBodyBytes, limits.maxEntryBytes)
                        <= limits.inFlightBytes,
                "limits.in-flight-bytes",
                "is smaller than the larger of http.max-body and http.max-expanded-body, and the larger of http.max-body"
                        + " and limits.max-entry-bytes together: the largest request could never be accepted");
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
