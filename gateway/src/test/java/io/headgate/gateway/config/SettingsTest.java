package io.headgate.gateway.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Lists, secrets, and variables that go before the file. */
class SettingsTest {
    @TempDir
    Path directory;

    private final List<String> problems = new ArrayList<>();

    private record Client(String name, String password, List<String> tables) {
        static Client from(Settings in) {
            return new Client(
                    in.requiredText("name", "fleet-a", "What it is called."),
                    in.requiredSecret("password", "s3cr3t", "What it proves that with."),
                    in.list("tables", "a.b.c", "What it may write to.", SettingsTest::table));
        }
    }

    private static String table(String text) {
        if (text.isEmpty()) {
            throw new IllegalArgumentException("is empty");
        }
        return text;
    }

    private static List<Client> clients(Settings in) {
        return in.section("auth", "Who is let in.").sections("api-clients", "Who calls.", Client::from);
    }

    @Test
    void aListOfSectionsWithAListOfValues() throws Exception {
        assertEquals(
                List.of(new Client("a", "pa", List.of("x", "y")), new Client("b", "pb", List.of())),
                clients(read("""
                        auth:
                          api-clients:
                            - { name: a, password: pa, tables: [ x, y ] }
                            - { name: b, password: pb }
                        """, Map.of())));
        assertEquals(List.of(), problems);
    }

    @Test
    void noListIsAnEmptyOne() throws Exception {
        assertEquals(List.of(), clients(read("", Map.of())));
        assertEquals(List.of(), clients(read("auth: { api-clients: [] }", Map.of())));
        assertEquals(List.of(), problems);
    }

    @Test
    void variablesChangeEntriesAndAddOnesAtTheEnd() throws Exception {
        Settings in = read(
                "auth: { api-clients: [ { name: a, password: pa, tables: [ x, y ] } ] }",
                Map.of(
                        "HEADGATE_AUTH_API_CLIENTS_0_NAME", "A",
                        "HEADGATE_AUTH_API_CLIENTS_0_TABLES_1", "Y",
                        "HEADGATE_AUTH_API_CLIENTS_0_TABLES_2", "z",
                        "HEADGATE_AUTH_API_CLIENTS_1_NAME", "b",
                        "HEADGATE_AUTH_API_CLIENTS_1_PASSWORD", "pb",
                        "HEADGATE_AUTH_API_CLIENTS_1_TABLES", "u, v"));
        assertEquals(
                List.of(new Client("A", "pa", List.of("x", "Y", "z")), new Client("b", "pb", List.of("u", "v"))),
                clients(in));
        assertProblems(in);
    }

    @Test
    void aListWithCommasReplacesTheFilesList() throws Exception {
        Settings in = read("list: [ a, b, c ]", Map.of("HEADGATE_LIST", "d,e"));
        assertEquals(List.of("d", "e"), in.list("list", "a", "A list.", SettingsTest::table));
        assertProblems(in);
    }

    @Test
    void whatIsWrongWithLists() throws Exception {
        Settings in = read(
                "auth: { api-clients: [ { nam: a, password: pa, tables: [ '' ] } ] }\nlist: a,,b",
                Map.of(
                        "HEADGATE_AUTH_API_CLIENTS_2_NAME", "c",
                        "HEADGATE_AUTH_API_CLIENTS_2_PASSWORD", "pc",
                        "HEADGATE_OTHER", "a",
                        "HEADGATE_OTHER_0", "b"));
        clients(in);
        in.list("list", "a", "A list.", SettingsTest::table);
        in.list("other", "a", "Another list.", SettingsTest::table);
        assertProblems(
                in,
                "FILE:1: 'auth.api-clients' has an entry 2 and none before it: number entries from 0 without gaps.",
                "FILE:1: 'auth.api-clients.0.name' is missing: give one, such as fleet-a.",
                "FILE:1: 'auth.api-clients.0.tables.0' is '', which is empty.",
                "FILE:2: 'list.1' is '', which is empty.",
                "HEADGATE_OTHER: 'other' is given whole and by entries in the environment: unset one.",
                "FILE:1: 'auth.api-clients.0.nam' is not a known key: did you mean 'auth.api-clients.0.name'?");
    }

    @Test
    void variablesGoBeforeTheFileAndAreNamedInProblems() throws Exception {
        Settings in = read(
                "http: { port: 1 }\ncommit: { interval: 2s }",
                Map.of("HEADGATE_HTTP_PORT", "2", "HEADGATE_COMMIT_INTERVAL", "2", "PATH", "/bin"));
        assertEquals(2, in.section("http", "Devices.").integer("port", 3, 0, 9, "The port."));
        assertEquals(
                Duration.ofSeconds(1),
                in.section("commit", "Commits.").duration("interval", "1s", "0s", "1h", "The interval."));
        assertProblems(
                in,
                "HEADGATE_COMMIT_INTERVAL: 'commit.interval' is '2', which is not a time such as 500ms, 2s, 5m, 1h or"
                        + " 7d.");
    }

    @Test
    void unknownVariables() throws Exception {
        Settings in = read(
                "",
                Map.of(
                        "HEADGATE_HTTP_PROT", "1",
                        "HEADGATE_COLOUR", "red",
                        "HEADGATE_TABLES_A_B_C_COMMIT_INTERVAL", "1s",
                        "HEADGATE_JAVA_HOME", "/java",
                        "HEADGATE_JAVA_OPTS", "-Xmx1g"));
        in.section("http", "Devices.").integer("port", 3, 0, 9, "The port.");
        assertProblems(
                in,
                "HEADGATE_COLOUR: is the variable of no known key: unset it, or see docs/CONFIGURATION.md for those that"
                        + " are.",
                "HEADGATE_HTTP_PROT: is the variable of no known key: did you mean HEADGATE_HTTP_PORT?",
                "HEADGATE_TABLES_A_B_C_COMMIT_INTERVAL: is the variable of no known key: a table's settings can be"
                        + " overridden only if the file names the table under 'tables'.");
    }

    /** In a namespace with services named headgate and headgate-http every container gets these. */
    @Test
    void whatKubernetesPutsIntoTheEnvironmentIsNobodysSetting() throws Exception {
        Settings in = read(
                "",
                Map.of(
                        "HEADGATE_SERVICE_HOST", "10.0.0.1",
                        "HEADGATE_SERVICE_PORT", "8080",
                        "HEADGATE_SERVICE_PORT_INGEST", "8080",
                        "HEADGATE_PORT", "tcp://10.0.0.1:8080",
                        "HEADGATE_PORT_8080_TCP", "tcp://10.0.0.1:8080",
                        "HEADGATE_PORT_8080_TCP_ADDR", "10.0.0.1",
                        "HEADGATE_HTTP_PORT", "tcp://10.0.0.1:8080",
                        "HEADGATE_HTTP_SERVICE_HOST", "10.0.0.1"));
        assertEquals(3, in.section("http", "Devices.").integer("port", 3, 0, 9, "The port."));
        assertProblems(in);
    }

    @Test
    void aSecretInAFileOfItsOwn() throws Exception {
        Files.writeString(directory.resolve("pw"), "of the file\n");
        Settings in = read("password-file: pw", Map.of());
        assertEquals("of the file", in.requiredSecret("password", "x", "A secret."));
        assertEquals(Set.of(directory.resolve("pw")), in.secretFiles());
        assertProblems(in);
        Settings inline = read("password: own", Map.of());
        assertEquals("own", inline.requiredSecret("password", "x", "A secret."));
        assertEquals(Set.of(file()), inline.secretFiles());
        Settings overridden = read("password-file: pw", Map.of("HEADGATE_PASSWORD", "of the variable"));
        assertEquals("of the variable", overridden.requiredSecret("password", "x", "A secret."));
        Settings byVariable = read("password: own", Map.of("HEADGATE_PASSWORD_FILE", "pw"));
        assertEquals("of the file", byVariable.requiredSecret("password", "x", "A secret."));
        assertProblems(byVariable);
    }

    @Test
    void whatIsWrongWithSecretsIsToldWithoutThem() throws Exception {
        Files.writeString(directory.resolve("empty"), "\n");
        Files.writeString(directory.resolve("large"), "s".repeat((64 << 10) + 1));
        Settings in = read("""
                both: hush
                both-file: empty
                absent-file: nowhere
                empty-file: empty
                large-file: large
                nothing-file:
                short: hush
                """, Map.of());
        for (String name : List.of("both", "absent", "empty", "large", "nothing", "left-out")) {
            in.requiredSecret(name, "x", "A secret.");
        }
        in.require(in.requiredSecret("short", "long enough", "A secret.").length() > 8, "short", "is too short");
        String named = "' names " + directory;
        assertProblems(
                in,
                "FILE:1: 'both' and 'both-file' are both given: remove one.",
                "FILE:2: 'both-file" + named + "/empty, which is empty.",
                "FILE:3: 'absent-file" + named + "/nowhere, which cannot be read: java.nio.file.NoSuchFileException: "
                        + directory + "/nowhere.",
                "FILE:4: 'empty-file" + named + "/empty, which is empty.",
                "FILE:5: 'large-file" + named + "/large, which is larger than 64 KiB, too large for a secret.",
                "FILE:6: 'nothing-file' has no value: name the file that holds the secret.",
                "'left-out' is missing: give one, such as x.",
                "FILE:7: 'short' is too short.");
        assertFalse(String.join("", problems).contains("hush"));
        assertFalse(in.effective().toString().contains("hush"), in.effective()::toString);
    }

    @Test
    void everyValueInForceWithItsOrigin() throws Exception {
        Settings in = read("a: x\npath: b/c\nsecret: s\nlist: [ l ]", Map.of("HEADGATE_N", "7"));
        in.text("a", "y", "Text.");
        in.text("b", "y", "Text.");
        in.optionalText("c", "Text.");
        in.path("path", ".", "A path.");
        in.requiredSecret("secret", "x", "A secret.");
        in.integer("n", 1, 0, 9, "A number.");
        in.list("list", "a", "A list.", SettingsTest::table);
        assertEquals(
                List.of(
                        new EffectiveSetting("a", "x", file() + ":1"),
                        new EffectiveSetting("b", "y", ""),
                        new EffectiveSetting("c", "", ""),
                        new EffectiveSetting("path", directory.resolve("b/c").toString(), file() + ":2"),
                        new EffectiveSetting("secret", "********", file() + ":3"),
                        new EffectiveSetting("n", "7", "HEADGATE_N"),
                        new EffectiveSetting("list.0", "l", file() + ":4")),
                in.effective());
        assertProblems(in);
    }

    @Test
    void aTablesSettingsAreOverriddenWhereTheFileNamesIt() throws Exception {
        String file = "tables: { a.b_c.d: { n: 1 }, a.e.f: {} }";
        Settings in = read(file, Map.of("HEADGATE_TABLES_A_B_C_D_N", "2", "HEADGATE_TABLES_A_E_F_N", "3"));
        assertEquals(
                Map.of("a.b_c.d", 2, "a.e.f", 3),
                in.named("tables", "<table>", 3, "Tables.", table -> table.integer("n", 0, 0, 9, "A number.")));
        assertProblems(in);
    }

    @Test
    void aVariableThatCouldMeanTwoTablesIsRefused() throws Exception {
        Settings in =
                read("tables: { a.b_c.d: { n: 1 }, a.b-c.d: { n: 1 } }", Map.of("HEADGATE_TABLES_A_B_C_D_N", "2"));
        in.named("tables", "<table>", 3, "Tables.", table -> table.integer("n", 0, 0, 9, "A number."));
        assertProblems(
                in,
                "HEADGATE_TABLES_A_B_C_D_N: 'tables.a.b-c.d.n' has the same variable as 'tables.a.b_c.d.n': change the"
                        + " file instead.");
    }

    @Test
    void flagsAndOptionalText() throws Exception {
        Settings in = read("on: true\noff: 'false'\nother: yes\nname: n", Map.of("HEADGATE_EMPTY", " "));
        assertEquals(true, in.flag("on", false, "A flag."));
        assertEquals(false, in.flag("off", true, "A flag."));
        assertEquals(true, in.flag("other", true, "A flag."));
        assertEquals(Optional.of("n"), in.optionalText("name", "A name."));
        assertEquals(Optional.empty(), in.optionalText("none", "A name."));
        in.text("empty", "x", "Text.");
        assertProblems(
                in,
                "FILE:3: 'other' is 'yes', which is neither true nor false.",
                "HEADGATE_EMPTY: 'empty' has no value: give one, or remove the key for the default of x.");
    }

    private Path file() {
        return directory.resolve("headgate.yaml");
    }

    private Settings read(String yaml, Map<String, String> environment) throws Exception {
        Files.writeString(file(), yaml);
        return new Settings(new Given(YamlSettings.of(file(), problems), environment), file(), problems);
    }

    private void assertProblems(Settings in, String... expected) {
        in.refuseUnknown();
        assertEquals(String.join("\n", expected), String.join("\n", problems).replace(file().toString(), "FILE"));
    }
}
