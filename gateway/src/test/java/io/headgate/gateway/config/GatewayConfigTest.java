package io.headgate.gateway.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.headgate.auth.SaltedSecret;
import io.headgate.auth.ServicePrincipal;
import io.headgate.gateway.config.GatewayConfig.Table;
import io.headgate.gateway.limits.Quota;
import io.headgate.gateway.limits.Rates;
import io.headgate.gateway.logging.AccessMode;
import io.headgate.gateway.logging.LogFormat;
import io.headgate.model.TableName;
import io.headgate.schema.PlausibleTimes;
import io.headgate.schema.ServerValue;
import io.headgate.schema.SetColumn;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.event.Level;

class GatewayConfigTest {
    private static final int MIB = 1 << 20;

    @TempDir
    Path directory;

    @Test
    void anEmptyFileIsAllDefaults() throws Exception {
        assertEquals(
                new GatewayConfig(
                        new GatewayConfig.Http(
                                "127.0.0.1",
                                8080,
                                10 * MIB,
                                10 * MIB,
                                200,
                                16 << 10,
                                4 << 10,
                                16_384,
                                100,
                                Duration.ofSeconds(10),
                                Duration.ofSeconds(30),
                                16 << 10,
                                Duration.ofSeconds(75),
                                Duration.ofSeconds(5)),
                        new GatewayConfig.Management("127.0.0.1", 9090),
                        new GatewayConfig.Catalog(directory.resolve("tables")),
                        new GatewayConfig.Log(
                                directory.resolve("log"), 8L << 30, 64 * MIB, 4L << 30, Duration.ofMillis(1)),
                        new GatewayConfig.Commit(Duration.ofSeconds(2), 64 * MIB, 10, Duration.ofSeconds(20), 64),
                        new GatewayConfig.Limits(
                                1L << 30,
                                256L * MIB,
                                16 * MIB,
                                1_000_000,
                                1_000,
                                100,
                                Duration.ofMinutes(1),
                                2_000,
                                new RateConfig(Rates.UNBOUNDED, Rates.UNBOUNDED, Rates.UNBOUNDED, 1_000_000)),
                        new GatewayConfig.Idempotency(Duration.ofMinutes(10), 256L * MIB),
                        new GatewayConfig.Auth(
                                new GatewayConfig.Issuer(
                                        directory.resolve("issuer.jwk"), "headgate", Duration.ofHours(1)),
                                Duration.ofSeconds(30),
                                List.of()),
                        new GatewayConfig.Receipts(directory.resolve("receipt.key"), Duration.ofSeconds(30)),
                        new GatewayConfig.Quarantine(Optional.empty()),
                        new GatewayConfig.Clock(Optional.empty()),
                        new GatewayConfig.Drain(Duration.ofSeconds(20)),
                        new GatewayConfig.Logging(LogFormat.AUTO, Level.INFO, AccessMode.REFUSED),
                        Map.of()),
                load(""));
    }

    @Test
    void everyKeyCanBeGiven() throws Exception {
        GatewayConfig config = load("""
                http:
                  { host: 0.0.0.0, port: 1, max-body: 1MiB, max-expanded-body: 2MiB, max-expansion-ratio: 5,
                    max-header: 32KiB, max-request-line: 8KiB,
                    max-connections: 3, max-streams: 4, head-timeout: 5s, body-timeout: 6s, min-body-rate: 7,
                    idle-timeout: 8s, linger-timeout: 9s }
                management:  { host: "::1", port: 2 }
                catalog:     { kind: directory, path: /srv/tables }
                log:         { path: ../log, max-bytes: 1GiB, segment-bytes: 32MiB, parked-bytes: 0, max-group-delay: 0s }
                commit:      { interval: 500ms, file-target: 1MiB, max-cpu-percent: 25, max-delay: 18s,
                               max-open-partitions: 16 }
                limits:      { table-unflushed-bytes: 64MiB, in-flight-bytes: 32MiB, max-entry-bytes: 8MiB,
                               max-records: 10, max-partitions: 17, max-nesting: 11, retry-after-max: 12s,
                               refusals-per-second: 77,
                               rates: { subject: { requests: 13/14s }, total: { bytes: 1GiB/1h }, max-subjects: 15 } }
                idempotency: { window: 1h, max-bytes: 64MiB }
                auth:
                  clock-skew: 0s
                  issuer:    { key-file: keys/k.jwk, audience: gate, token-ttl: 7d }
                  service-principals:
                    - client-id: fleet-a
                      secret-sha256: a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5
                      salt: "5A5A5A5A5A5A5A5A5A5A5A5A5A5A5A5A"
                      tables: [ main.fleet.telemetry, Main.Fleet.Alarms ]
                      pin: [ device_id ]
                receipts:    { key-file: keys/r.key, wait-max: 1s }
                quarantine:  { table: main.fleet.rejected }
                clock:       { ignore-entries-after: '2027-01-01T01:00:00+01:00' }
                drain:       { timeout: 1m }
                logging:     { format: json, level: debug, access: all }
                tables:
                  main.fleet.telemetry:
                    { commit-interval: 5s, file-target: 4MiB, unflushed-bytes: 32MiB,
                      set-columns: { received_at: receive-time, Odd.Name: subject-if-absent },
                      plausible-timestamps: { from: '2000-01-01T00:00:00Z', to: '2100-01-01T00:00:00+01:00' } }
                  Main.Fleet.Alarms:
                    commit-interval: 100ms
                """);
        assertEquals(
                new GatewayConfig(
                        new GatewayConfig.Http(
                                "0.0.0.0",
                                1,
                                MIB,
                                2 * MIB,
                                5,
                                32 << 10,
                                8 << 10,
                                3,
                                4,
                                Duration.ofSeconds(5),
                                Duration.ofSeconds(6),
                                7,
                                Duration.ofSeconds(8),
                                Duration.ofSeconds(9)),
                        new GatewayConfig.Management("::1", 2),
                        new GatewayConfig.Catalog(Path.of("/srv/tables")),
                        new GatewayConfig.Log(directory.resolveSibling("log"), 1L << 30, 32 * MIB, 0, Duration.ZERO),
                        new GatewayConfig.Commit(Duration.ofMillis(500), MIB, 25, Duration.ofSeconds(18), 16),
                        new GatewayConfig.Limits(
                                64L * MIB,
                                32L * MIB,
                                8 * MIB,
                                10,
                                17,
                                11,
                                Duration.ofSeconds(12),
                                77,
                                new RateConfig(
                                        new Rates(Optional.of(new Quota(13, Duration.ofSeconds(14))), Optional.empty()),
                                        Rates.UNBOUNDED,
                                        new Rates(
                                                Optional.empty(),
                                                Optional.of(new Quota(1L << 30, Duration.ofHours(1)))),
                                        15)),
                        new GatewayConfig.Idempotency(Duration.ofHours(1), 64L * MIB),
                        new GatewayConfig.Auth(
                                new GatewayConfig.Issuer(directory.resolve("keys/k.jwk"), "gate", Duration.ofDays(7)),
                                Duration.ZERO,
                                List.of(new ServicePrincipal(
                                        "fleet-a",
                                        new SaltedSecret("5a".repeat(16), "a5".repeat(32)),
                                        Set.of(
                                                TableName.parse("main.fleet.telemetry"),
                                                TableName.parse("main.fleet.alarms")),
                                        Set.of("device_id")))),
                        new GatewayConfig.Receipts(directory.resolve("keys/r.key"), Duration.ofSeconds(1)),
                        new GatewayConfig.Quarantine(Optional.of(TableName.parse("main.fleet.rejected"))),
                        new GatewayConfig.Clock(Optional.of(Instant.parse("2027-01-01T00:00:00Z"))),
                        new GatewayConfig.Drain(Duration.ofMinutes(1)),
                        new GatewayConfig.Logging(LogFormat.JSON, Level.DEBUG, AccessMode.ALL),
                        Map.of(
                                TableName.parse("main.fleet.telemetry"),
                                        new Table(
                                                Duration.ofSeconds(5),
                                                4 * MIB,
                                                32 * MIB,
                                                Rates.UNBOUNDED,
                                                Map.of(
                                                        "received_at",
                                                        new SetColumn(ServerValue.RECEIVE_TIME, false),
                                                        "Odd.Name",
                                                        new SetColumn(ServerValue.SUBJECT, true)),
                                                new PlausibleTimes(946_684_800_000_000L, 4_102_441_200_000_000L)),
                                TableName.parse("main.fleet.alarms"),
                                        new Table(
                                                Duration.ofMillis(100),
                                                MIB,
                                                64 * MIB,
                                                Rates.UNBOUNDED,
                                                Map.of(),
                                                PlausibleTimes.ALL))),
                config);
    }

    @Test
    void ratesOfATableGoBeforeThoseOfAllTables() throws Exception {
        GatewayConfig config = load("limits: { rates: { table: { requests: 100/10s, bytes: 1MiB/1m } } }\n"
                + "tables: { a.b.c: { rate-requests: 7/1s } }");
        Optional<Quota> bytes = Optional.of(new Quota(MIB, Duration.ofMinutes(1)));
        assertEquals(
                new Rates(Optional.of(new Quota(100, Duration.ofSeconds(10))), bytes),
                config.limits().rates().table());
        assertEquals(
                new Rates(Optional.of(new Quota(7, Duration.ofSeconds(1))), bytes),
                Objects.requireNonNull(config.tables().get(TableName.parse("a.b.c")))
                        .rates());
    }

    @ParameterizedTest
    @ValueSource(strings = {"0/1s", "1/500ms", "1/2h", "1", "1/1", "-1/1s", "1KiB/1s", "10000000000/1s", "1/1s/1s"})
    void aRateThatIsNone(String rate) {
        ConfigException refused = assertThrows(
                ConfigException.class, () -> load("limits: { rates: { subject: { requests: " + rate + " } } }"));
        String message = String.valueOf(refused.getMessage());
        assertTrue(message.contains("'limits.rates.subject.requests' is '" + rate), message);
    }

    @Test
    void aTableWithoutSettingsOfItsOwnHasTheCommonInterval() throws Exception {
        GatewayConfig config = load("tables: { a.b.c: { commit-interval: 5s } }\ncommit: { interval: 1s }");
        assertEquals(Duration.ofSeconds(5), config.commitInterval(TableName.parse("a.b.c")));
        assertEquals(Duration.ofSeconds(1), config.commitInterval(TableName.parse("a.b.d")));
    }

    @Test
    void oneEndOfTheTimesThatArePlausibleMayBeOpen() throws Exception {
        GatewayConfig config = load("tables: { a.b.c: { plausible-timestamps: { from: '1970-01-01T00:00:00Z' } },"
                + " a.b.d: { plausible-timestamps: { to: '1970-01-01T00:00:00Z' } } }");
        assertEquals(new PlausibleTimes(0, Long.MAX_VALUE), plausibleTimes(config, "a.b.c"));
        assertEquals(new PlausibleTimes(Long.MIN_VALUE, 0), plausibleTimes(config, "a.b.d"));
    }

    private static PlausibleTimes plausibleTimes(GatewayConfig config, String table) {
        return Objects.requireNonNull(config.tables().get(TableName.parse(table)))
                .plausibleTimes();
    }

    @Test
    void allProblemsAreToldAtOnceEachWithItsLine() {
        assertProblems(
                """
                http:
                  port: 70000
                  max-body: 10MB
                  prot: 1
                commit: { interval: 2 }
                clock: { ignore-entries-after: tomorrow }
                colour: red
                tables:
                  fleet.telemetry: { commit-interval: 5s }
                """,
                "2: 'http.port' is '70000', which is not from 0 to 65535.",
                "3: 'http.max-body' is '10MB', which is not a size such as 512KiB, 10MiB or 8GiB.",
                "5: 'commit.interval' is '2', which is not a time such as 500ms, 2s, 5m, 1h or 7d.",
                "6: 'clock.ignore-entries-after' is 'tomorrow', which is no moment such as 2026-12-31T00:00:00Z.",
                "9: 'tables.fleet.telemetry' is no table's name: one is named catalog.schema.table, each part 1 to 255"
                        + " characters of a-z, 0-9, '_' and '-'.",
                "4: 'http.prot' is not a known key: did you mean 'http.port'?",
                "7: 'colour' is not a known key: known there are http, management, catalog, log, commit, limits,"
                        + " idempotency, auth, receipts, quarantine, clock, drain, logging, tables.");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "http: { port: -1 } | 'http.port' is '-1', which is not a whole number.",
                "http: { port: 8_080 } | 'http.port' is '8_080', which is not a whole number.",
                "http: { port: } | 'http.port' has no value: give one, or remove the key for the default of 8080.",
                "http: { host: ' ' } | 'http.host' is ' ', which is blank.",
                "http: { port: { a: 1 } } | 'http.port.a' is not a known key: did you mean 'http.port'?",
                "management: 8080 | 'management' is a section, not a value: its keys are host, port.",
                "management: [ 1 ] | 'management.0' is not a known key: did you mean 'management.host'?",
                "catalog: { kind: unity } | 'catalog.kind' is 'unity', which is not one of: directory.",
                "log: { max-bytes: 9999999TiB } | 'log.max-bytes' is '9999999TiB', which is too large.",
                "commit: { interval: 9ms } | 'commit.interval' is '9ms', which is not from 10ms to 1h.",
                "commit: { interval: 2h } | 'commit.interval' is '2h', which is not from 10ms to 1h.",
                "tables: { a.b.c: { interval: 1s } } "
                        + "| 'tables.a.b.c.interval' is not a known key: did you mean 'tables.a.b.c.commit-interval'?",
                "tables: x | 'tables' is a section, not a value.",
                "quarantine: { table: rejected } | 'quarantine.table' is 'rejected', which is no table's name: one is"
                        + " named catalog.schema.table, each part 1 to 255 characters of a-z, 0-9, '_' and '-'.",
                "tables: { a.b.c: { set-columns: x } } " + "| 'tables.a.b.c.set-columns' is a section, not a value.",
                "tables: { a.b.c: { set-columns: { x: now } } } "
                        + "| 'tables.a.b.c.set-columns.x' is 'now', which is not one of: receive-time,"
                        + " receive-time-if-absent, subject, subject-if-absent, request-id, request-id-if-absent.",
                "tables: { a.b.c: { set-columns: { x: } } } "
                        + "| 'tables.a.b.c.set-columns.x' has no value: give one, or remove the key.",
                "tables: { a.b.c: { plausible-timestamps: { from: '2026-01-02T00:00:00Z', to: '2026-01-01T00:00:00Z' } } } "
                        + "| 'tables.a.b.c.plausible-timestamps.to' is before from: no time would be plausible.",
                "tables: { a.b.c: { plausible-timestamps: { from: 2000-01-01 } } } "
                        + "| 'tables.a.b.c.plausible-timestamps.from' is '2000-01-01', which is no moment such as"
                        + " 2026-12-31T00:00:00Z.",
                "tables: { a.b.c: { set-colums: { x: subject } } } "
                        + "| 'tables.a.b.c.set-colums.x' is not a known key: did you mean 'tables.a.b.c.set-columns'?",
                "{ http.port: 1, http: { port: 2 } } | 'http.port' was already given at FILE:1: remove one.",
                "- http | the configuration must be a map of sections such as 'http: { port: 8080 }'.",
                "[ a ]: 1 | a key must be a plain word.",
                "{ [ a ]: 1 } | a key must be a plain word.",
                "a: { a: { a: { a: { a: { a: { a: { a: { a: 1 } } } } } } } } "
                        + "| 'a.a.a.a.a.a.a.a.a' is nested too deeply.",
            })
    void whatIsWrong(String yaml, String problem) {
        assertProblems(yaml, "1: " + problem);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "log: { segment-bytes: 64MiB }, limits: { max-entry-bytes: 16MiB } |",
                "log: { segment-bytes: 64MiB }, limits: { max-entry-bytes: 16777217 } | limits.max-entry-bytes",
                "http: { max-body: 6MiB }, limits: { in-flight-bytes: 22MiB } |",
                "http: { max-body: 6291457 }, limits: { in-flight-bytes: 22MiB } | limits.in-flight-bytes",
                "http: { max-expanded-body: 6MiB }, limits: { in-flight-bytes: 26MiB } |",
                "http: { max-body: 1MiB, max-expanded-body: 6MiB }, limits: { in-flight-bytes: 22MiB } |",
                "http: { max-body: 1MiB, max-expanded-body: 6291457 }, limits: { in-flight-bytes: 22MiB }"
                        + " | limits.in-flight-bytes",
                "http: { max-body: 20MiB, max-expanded-body: 30MiB }, limits: { in-flight-bytes: 50MiB } |",
                "http: { max-body: 20MiB, max-expanded-body: 31457281 }, limits: { in-flight-bytes: 50MiB }"
                        + " | limits.in-flight-bytes",
                "http: { max-body: 30MiB, max-expanded-body: 1MiB }, limits: { in-flight-bytes: 60MiB } |",
                "http: { max-body: 31457281, max-expanded-body: 1MiB }, limits: { in-flight-bytes: 60MiB }"
                        + " | limits.in-flight-bytes",
                "log: { max-bytes: 1GiB } |",
                "log: { max-bytes: 1073741823 } | limits.table-unflushed-bytes",
                "limits: { table-unflushed-bytes: 16MiB }, commit: { file-target: 16MiB } |",
                "limits: { table-unflushed-bytes: 16777215 }, commit: { file-target: 1MiB }"
                        + " | limits.table-unflushed-bytes",
                "commit: { file-target: 16777217 }, limits: { table-unflushed-bytes: 16MiB } | commit.file-target",
                "log: { max-bytes: 4GiB, segment-bytes: 1GiB } |",
                "log: { max-bytes: 4294967295, segment-bytes: 1GiB } | log.max-bytes",
                "log: { segment-bytes: 67112960 } |",
                "log: { segment-bytes: 67112961 } | log.segment-bytes",
                "tables: { a.b.c: { unflushed-bytes: 16MiB, file-target: 16MiB } } |",
                "tables: { a.b.c: { unflushed-bytes: 16777215, file-target: 1MiB } } | tables.a.b.c.unflushed-bytes",
                "tables: { a.b.c: { unflushed-bytes: 8589934593 } } | tables.a.b.c.unflushed-bytes",
                "tables: { a.b.c: { unflushed-bytes: 63MiB } } | tables.a.b.c.file-target",
                "http: { port: 9090 } | management.port",
                "http: { port: 9090, host: 0.0.0.0 } |",
                "http: { port: 0 }, management: { port: 0 } |",
            })
    void limitsThatContradictEachOther(String yaml, String key) throws Exception {
        if (key == null) {
            load("{ " + yaml + " }");
            return;
        }
        ConfigException wrong = assertThrows(ConfigException.class, () -> load("{ " + yaml + " }"));
        assertEquals(1, wrong.problems().size(), wrong::toString);
        assertTrue(wrong.problems().get(0).contains("'" + key + "' is "), wrong::toString);
    }

    @ParameterizedTest
    @ValueSource(strings = {"http: { port: 1", "a: b: c", "\t", "a: 'b", "--- {}\n--- {}", "a: *b"})
    void whatIsNotYamlIsReportedAsSuch(String text) {
        ConfigException wrong = assertThrows(ConfigException.class, () -> load(text));
        assertTrue(wrong.problems().get(0).contains("not YAML: "), wrong::toString);
    }

    @Test
    void aMissingFileIsOneProblemWithItsRemedy() {
        Path file = directory.resolve("none.yaml");
        ConfigException wrong = assertThrows(ConfigException.class, () -> GatewayConfig.load(file));
        assertEquals(
                List.of("Cannot read the configuration " + file + ": java.nio.file.NoSuchFileException: " + file
                        + ". Name another with --config, or run 'headgate quickstart' to have one made."),
                wrong.problems());
    }

    @Test
    void servicePrincipalsAreCheckedOneByOne() {
        String good = "secret-sha256: %s, salt: %s, tables: [a.b.c]".formatted("a5".repeat(32), "5a".repeat(16));
        assertProblems(
                """
                auth:
                  service-principals:
                    - { client-id: "a:b", secret-sha256: 12, salt: xyz, tables: [fleet.t] }
                    - { client-id: one }
                    - { client-id: one, %s }
                    - { %s, secret: hgs_x }
                """.formatted(good, good.replace("[a.b.c]", "\"a.b.c, a.b.d\"")),
                "3: 'auth.service-principals.0.client-id' is 'a:b', which is not 1 to 128 characters of A-Z, a-z, 0-9,"
                        + " '.', '_', '~', '-'.",
                "3: 'auth.service-principals.0.secret-sha256' is '12', which is not 32 bytes as 64 hexadecimal digits.",
                "3: 'auth.service-principals.0.salt' is 'xyz', which is not 16 to 64 bytes in hexadecimal.",
                "3: 'auth.service-principals.0.tables.0' is 'fleet.t', which is no table's name: Table name 'fleet.t'"
                        + " has 2 parts: a table is named catalog.schema.table, three parts joined by dots.",
                "3: 'auth.service-principals.0.tables' is missing: list the tables that the client may write to.",
                "4: 'auth.service-principals.1.secret-sha256' is missing: give one, such as"
                        + " 5f16ca9b6a1f9ef6f2f1b9f2d3a4c5d6e7f8091a2b3c4d5e6f708192a3b4c5d6.",
                "4: 'auth.service-principals.1.salt' is missing: give one, such as 00112233445566778899aabbccddeeff.",
                "4: 'auth.service-principals.1.tables' is missing: list the tables that the client may write to.",
                "6: 'auth.service-principals.3.client-id' is missing: give one, such as fleet-a.",
                "5: 'auth.service-principals.2.client-id' is 'one', as another service principal's is: give each its own.",
                "6: 'auth.service-principals.3.secret' is not a known key: did you mean"
                        + " 'auth.service-principals.3.salt'?");
    }

    private void assertProblems(String yaml, String... problems) {
        Path file = directory.resolve("headgate.yaml");
        ConfigException wrong = assertThrows(ConfigException.class, () -> load(yaml));
        assertEquals(
                String.join("\n", problems),
                String.join("\n", wrong.problems()).replace(file + ":", "").replaceAll("at (\\d)", "at FILE:$1"));
    }

    private GatewayConfig load(String yaml) throws Exception {
        return GatewayConfig.load(Files.writeString(directory.resolve("headgate.yaml"), yaml));
    }
}
