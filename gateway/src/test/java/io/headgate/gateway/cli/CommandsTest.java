package io.headgate.gateway.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.headgate.auth.Authenticator;
import io.headgate.auth.Issuer;
import io.headgate.auth.Principal;
import io.headgate.auth.ServicePrincipal;
import io.headgate.gateway.config.GatewayConfig;
import io.headgate.model.RefusedException;
import io.headgate.model.TableName;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CommandsTest {
    @TempDir
    Path directory;

    private String config = "";

    @BeforeEach
    void configure() throws Exception {
        config = Files.writeString(directory.resolve("headgate.yaml"), "").toString();
    }

    @Test
    void theMachinesLanguageDoesNotMatter() {
        Locale before = Locale.getDefault();
        Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
        try {
            Run run = Run.of("table", "create", "main.fleet.arabic", "--columns", "a STRING", "--config", config);
            assertEquals(0, run.exitCode(), run.err());
            assertTrue(
                    Files.exists(directory.resolve("tables/main/fleet/arabic/_delta_log/00000000000000000000.json")));
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void theTokenIsTheLastLineAndOpensTheTablesAskedFor() throws Exception {
        Instant before = Instant.now();
        Run run = Run.of(
                "token",
                "create",
                "--subject",
                "fleet-a",
                "--table",
                "main.fleet.T",
                "--table",
                "a.b.c",
                "--ttl",
                "2h",
                "--config",
                config);
        assertEquals(ExitCode.OK, run.exitCode());
        Principal principal = authenticate(run.lastLine());
        assertEquals("fleet-a", principal.subject());
        assertEquals(Set.of(TableName.parse("main.fleet.t"), TableName.parse("a.b.c")), principal.writableTables());
        assertFalse(
                principal.expiresAt().isBefore(before.plus(Duration.ofHours(2)).minusSeconds(1)));
        assertFalse(principal.expiresAt().isAfter(Instant.now().plus(Duration.ofHours(2))));
    }

    @Test
    void aTokenPinsTheColumnsAskedForInEachOfItsTables() throws Exception {
        String[] create = {
            "token",
            "create",
            "--subject",
            "pump-17",
            "--table",
            "a.b.c",
            "--table",
            "a.b.d",
            "--pin",
            "device_id",
            "--pin",
            "Site",
            "--config",
            config
        };
        Set<String> pins = Set.of("device_id", "Site");
        assertEquals(
                Map.of(TableName.parse("a.b.c"), pins, TableName.parse("a.b.d"), pins),
                authenticate(Run.of(create).lastLine()).pinnedColumns());
        create[9] = " ";
        assertFailed(ExitCode.USAGE, "--pin is blank", Run.of(create));
    }

    @Test
    void aClientsPinsAreInItsEntry() throws Exception {
        Run run = Run.of(
                "client",
                "create",
                "--id",
                "pump-17",
                "--table",
                "a.b.c",
                "--pin",
                "a \"b\\, 'c",
                "--pin",
                "x",
                "--config",
                config);
        Files.writeString(
                directory.resolve("headgate.yaml"),
                "auth:\n  service-principals:\n" + run.out().lines().toList().get(2));
        assertEquals(
                Set.of("a \"b\\, 'c", "x"),
                ConfigOption.load(directory.resolve("headgate.yaml"))
                        .auth()
                        .servicePrincipals()
                        .get(0)
                        .pins());
    }

    @Test
    void aTokenHoldsAsLongAsConfiguredUnlessAskedOtherwise() throws Exception {
        Files.writeString(directory.resolve("headgate.yaml"), "auth: { issuer: { token-ttl: 5m } }");
        Run run = Run.of("token", "create", "--subject", "s", "--table", "a.b.c", "--config", config);
        Instant expiresAt = authenticate(run.lastLine()).expiresAt();
        assertFalse(expiresAt.isAfter(Instant.now().plus(Duration.ofMinutes(5))));
    }

    @Test
    void aClientIsMadeOnceItsEntryIsInTheConfiguration() throws Exception {
        String[] create = {
            "client", "create", "--id", "fleet-a", "--table", "main.fleet.T", "--table", "a.b.c", "--config", config
        };
        Run run = Run.of(create);
        assertEquals(ExitCode.OK, run.exitCode(), run.err());
        assertTrue(run.out().startsWith("client_id: fleet-a\nclient_secret: hgs_"), run::out);
        assertFalse(run.err().contains("hgs_"), run::err);
        Files.writeString(
                directory.resolve("headgate.yaml"),
                "auth:\n  service-principals:\n" + run.out().lines().toList().get(2));
        ServicePrincipal client = ConfigOption.load(directory.resolve("headgate.yaml"))
                .auth()
                .servicePrincipals()
                .get(0);
        String secret = run.out().lines().toList().get(1).substring("client_secret: ".length());
        assertTrue(client.secret().matches(secret));
        assertEquals("fleet-a", client.clientId());
        assertEquals(Set.of(TableName.parse("main.fleet.t"), TableName.parse("a.b.c")), client.tables());
        assertFailed(ExitCode.FAILED, "There is a client 'fleet-a' in the configuration already", Run.of(create));
        create[3] = "a:b";
        assertFailed(ExitCode.USAGE, "--id is 'a:b'", Run.of(create));
    }

    @Test
    void aRotationKeepsWhatTheOldKeySigned() throws Exception {
        Run create =
                Run.of("token", "create", "--subject", "s", "--table", "a.b.c", "--ttl", "30d", "--config", config);
        Run rotated = Run.of("issuer", "rotate", "--config", config);
        assertEquals(ExitCode.OK, rotated.exitCode(), rotated.err());
        assertEquals("s", authenticate(create.lastLine()).subject());
        Instant end = Instant.parse(rotated.out().replaceAll("(?s).*end, (\\S*) at the latest.*", "$1"));
        assertTrue(end.isAfter(Instant.now().plus(Duration.ofDays(29))), rotated::out);
        assertEquals(
                ExitCode.OK,
                Run.of("issuer", "rotate", "--keep", "400d", "--config", config).exitCode());
        assertEquals(
                ExitCode.OK,
                Run.of("issuer", "rotate", "--drop-old", "--config", config).exitCode());
        assertThrows(RefusedException.class, () -> authenticate(create.lastLine()));
        assertFailed(
                ExitCode.USAGE,
                "exclude each other",
                Run.of("issuer", "rotate", "--drop-old", "--keep", "1d", "--config", config));
        assertFailed(ExitCode.USAGE, "--keep is '1'", Run.of("issuer", "rotate", "--keep", "1", "--config", config));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0s", "999ms", "3651d", "1", "", "-1h"})
    void aLifetimeOutOfRangeIsWrongUsage(String ttl) {
        Run run = Run.of("token", "create", "--subject", "s", "--table", "a.b.c", "--ttl=" + ttl, "--config", config);
        assertFailed(ExitCode.USAGE, "headgate: --ttl is '" + ttl + "', which is not ", run);
    }

    @Test
    void aTableIsCreatedOnceAndIsEmpty() {
        Run created = Run.of("table", "create", "a.b.c", "--columns", "x INT NOT NULL", "--config", config);
        assertEquals(new Run(ExitCode.OK, "Created a.b.c at " + directory + "/tables/a/b/c\n", ""), created);
        assertEquals(new Run(ExitCode.OK, "", ""), Run.of("table", "rows", "a.b.c", "--config", config));
        assertFailed(
                ExitCode.FAILED,
                "headgate: There is a table a.b.c already, at ",
                Run.of("table", "create", "A.b.c", "--columns", "x INT", "--config", config));
    }

    @Test
    void rowsOfNoTable() {
        Run run = Run.of("table", "rows", "a.b.c", "--limit", "1", "--config", config);
        assertFailed(ExitCode.FAILED, "headgate: There is no table a.b.c below " + directory + "/tables.", run);
    }

    @Test
    void wrongCommandLinesSayWhereHelpIs() {
        assertFailed(ExitCode.USAGE, "headgate: Missing required subcommand", Run.of());
        assertFailed(ExitCode.USAGE, "headgate: Unmatched argument at index 0: 'tabel'", Run.of("tabel"));
        assertFailed(ExitCode.USAGE, "Try 'headgate table rows --help'.", Run.of("table", "rows"));
        assertFailed(ExitCode.USAGE, "Table name 'b.c' has 2 parts", Run.of("table", "rows", "b.c"));
        assertFailed(
                ExitCode.USAGE,
                "headgate: --columns: column x has type 'INTT'",
                Run.of("table", "create", "a.b.c", "--columns", "x INTT", "--config", config));
        assertFailed(
                ExitCode.USAGE,
                "headgate: --limit is -1, which is less than 0.",
                Run.of("table", "rows", "a.b.c", "--limit", "-1", "--config", config));
    }

    @Test
    void aWrongConfigurationHasAnExitCodeOfItsOwnAndIsToldWhole() throws Exception {
        Files.writeString(directory.resolve("headgate.yaml"), "http: { port: x }\ncolour: red\n");
        Run run = Run.of("table", "rows", "a.b.c", "--config", config);
        assertFailed(ExitCode.CONFIGURATION, config + ":1: 'http.port' is 'x'", run);
        assertTrue(run.err().contains(config + ":2: 'colour' is not a known key"), run::err);
    }

    @Test
    void checkingAConfigurationTellsAllProblemsOrNone() throws Exception {
        assertEquals(
                new Run(ExitCode.OK, config + ": no problems\n", ""), Run.of("config", "check", "--config", config));
        Files.writeString(directory.resolve("headgate.yaml"), "http: { port: x }\nhttp.hots: red\n");
        Run run = Run.of("config", "check", "--config", config);
        assertEquals(
                new Run(
                        ExitCode.CONFIGURATION,
                        config + ":1: 'http.port' is 'x', which is not a whole number.\n" + config
                                + ":2: 'http.hots' is not a known key: did you mean 'http.host'?\n",
                        ""),
                run);
    }

    @Test
    void whatIsInForceIsShownWithItsOriginAndCanBeReadBack() throws Exception {
        Path file = directory.resolve("headgate.yaml");
        Files.writeString(file, "http: { host: '::1' }\ntables: { a.b.c: { commit-interval: 5s } }\n");
        GatewayConfig before = GatewayConfig.load(file);
        Run run = Run.of("config", "check", "--show", "--config", config);
        assertEquals(ExitCode.OK, run.exitCode(), run::err);
        assertTrue(
                Pattern.compile("(?m)^http.host: '::1' +# " + config + ":1$")
                        .matcher(run.out())
                        .find(),
                run::out);
        assertTrue(
                Pattern.compile("(?m)^http.port: 8080 +# default$")
                        .matcher(run.out())
                        .find(),
                run::out);
        Files.writeString(file, run.out());
        assertEquals(before, GatewayConfig.load(file));
    }

    @Test
    void theDoctorTellsOneLineForEachCheckAndASummary() throws Exception {
        Files.writeString(directory.resolve("headgate.yaml"), "http: { port: 0 }\nmanagement: { port: 0 }\n");
        Run run = Run.of("doctor", "--config", config);
        assertEquals(ExitCode.OK, run.exitCode(), run::out);
        assertTrue(
                Pattern.compile("(?m)^ok       compression       zstd loads$")
                        .matcher(run.out())
                        .find(),
                run::out);
        assertTrue(run.lastLine().matches("14 checks: [0-9]+ ok, [0-9]+ warn, 0 fail, [0-9]+ skipped"), run::out);
        assertEquals(Set.of(directory.resolve("headgate.yaml")), files());
    }

    @Test
    void theDoctorFailsIfACheckDoesAndSaysSoInJson() throws Exception {
        Files.createFile(directory.resolve("log"));
        Files.writeString(directory.resolve("headgate.yaml"), "http: { port: 0 }\nmanagement: { port: 0 }\n");
        Run run = Run.of("doctor", "--json", "--config", config);
        assertEquals(ExitCode.FAILED, run.exitCode(), run::out);
        assertTrue(
                run.out().contains("{\"check\":\"force-latency\",\"verdict\":\"fail\",\"found\":\"cannot write in "),
                run::out);
        assertEquals(14, run.out().lines().count());
    }

    private Set<Path> files() throws Exception {
        try (Stream<Path> files = Files.list(directory)) {
            return files.collect(Collectors.toSet());
        }
    }

    @Test
    void helpListsTheExitCodes() {
        Run run = Run.of("--help");
        assertEquals(ExitCode.OK, run.exitCode());
        assertTrue(run.out().contains("6   another process works on the same data"), run::out);
    }

    private static void assertFailed(int exitCode, String message, Run run) {
        assertEquals(exitCode, run.exitCode(), run::toString);
        assertEquals("", run.out());
        assertTrue(run.err().contains(message), run::err);
        assertFalse(run.err().contains("\tat "), run::err);
    }

    private Principal authenticate(String token) throws Exception {
        Issuer issuer = Issuer.openOrCreate(directory.resolve("issuer.jwk"), "headgate", InstantSource.system());
        return new Authenticator(issuer, Authenticator.Settings.defaults(), InstantSource.system(), System::nanoTime)
                .authenticate("Bearer " + token);
    }
}
