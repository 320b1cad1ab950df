package io.headgate.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.nimbusds.jose.util.JSONObjectUtils;
import com.nimbusds.jwt.SignedJWT;
import io.headgate.auth.TokenProblem.Code;
import io.headgate.model.ManualClock;
import io.headgate.model.Seed;
import io.headgate.model.TableName;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenEndpointTest {
    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
    private static final int TOKEN_CHARS_MAX = 12 << 10;
    private static final String ID = "fleet-a";
    private static final TableName T = TableName.parse("main.fleet.t");
    private static final TableName U = TableName.parse("main.fleet.u");
    private static final String TABLE = """
            {"type":"unity_catalog_privileges","privileges":["SELECT","MODIFY"],"object_type":"TABLE",\
            "object_full_path":"main.fleet.t"}""";
    private static final String CATALOG = """
            {"type":"unity_catalog_privileges","privileges":["USE CATALOG"],"object_type":"CATALOG",\
            "object_full_path":"main"}""";
    private static final String SCHEMA = """
            {"type":"unity_catalog_privileges","privileges":["USE SCHEMA"],"object_type":"SCHEMA",\
            "object_full_path":"main.fleet"}""";

    private final Random random = Seed.forTest("TokenEndpointTest").random();
    private final String secret = ClientSecret.generate(random);
    private final ManualClock clock = new ManualClock(NOW);

    @TempDir
    Path directory;

    private Issuer issuer;
    private TokenEndpoint endpoint;

    @BeforeEach
    void open() throws Exception {
        issuer = Issuer.openOrCreate(directory.resolve("issuer.jwk"), "headgate", clock);
        endpoint = endpoint(Set.of(T, U));
    }

    private TokenEndpoint endpoint(Set<TableName> tables) {
        return new TokenEndpoint(
                issuer,
                List.of(
                        new ServicePrincipal(ID, SaltedSecret.of(secret, random), tables),
                        new ServicePrincipal("other", SaltedSecret.of("another secret", random), tables)),
                Duration.ofHours(1),
                TOKEN_CHARS_MAX);
    }

    /** The client has both tables, and {@code device_id} pinned. */
    private TokenEndpoint pinning() {
        return new TokenEndpoint(
                issuer,
                List.of(new ServicePrincipal(
                        ID, SaltedSecret.of(secret, random), Set.of(T, U), Set.of("device_id", "Site"))),
                Duration.ofHours(1),
                TOKEN_CHARS_MAX);
    }

    @Test
    void whatIsPinnedForAClientIsInEachOfItsTokens() throws Exception {
        Set<String> pins = Set.of("device_id", "Site");
        Map<TableName, Set<String>> both = Map.of(T, pins, U, pins);
        assertEquals(both, principal(pinning().issue(basic(), form())).pinnedColumns());
        for (String asked : List.of(
                TABLE,
                TABLE.replace("}", ",\"pinned_columns\":[]}"),
                TABLE.replace("}", ",\"pinned_columns\":[\"Site\"]}"),
                TABLE + "," + TABLE.replace("}", ",\"pinned_columns\":[\"device_id\"]}"),
                CATALOG.replace("}", ",\"pinned_columns\":[\"x\"]}") + "," + TABLE)) {
            IssuedToken token = pinning().issue(basic(), form("authorization_details", "[" + asked + "]"));
            assertEquals(Map.of(T, pins), principal(token).pinnedColumns(), asked);
            assertEquals(Set.of(T), principal(token).writableTables());
        }
        IssuedToken token = pinning().issue(basic(), form("authorization_details", "[" + CATALOG + "," + TABLE + "]"));
        assertEquals(
                JSONObjectUtils.parse("{\"a\":[" + CATALOG + ","
                                + TABLE.replace("}", ",\"pinned_columns\":[\"Site\",\"device_id\"]}") + "]}")
                        .get("a"),
                claim(token));
    }

    @Test
    void aClientMayAskForMoreToBePinned() {
        String details = "[" + TABLE.replace("}", ",\"pinned_columns\":[\"line\"]}") + "]";
        Map<String, String> form = form("authorization_details", details);
        assertEquals(
                Map.of(T, Set.of("device_id", "Site", "line")),
                principal(pinning().issue(basic(), form)).pinnedColumns());
        assertEquals(
                Map.of(T, Set.of("line")),
                principal(endpoint.issue(basic(), form)).pinnedColumns());
    }

    @Test
    void pinsThatCannotBeReadAreMalformed() {
        for (String value : List.of("null", "\"device_id\"", "[\"\"]", "[\" \"]", "[7]", "[null]", "{}", "[[\"a\"]]")) {
            refusedDetails(
                    Code.INVALID_AUTHORIZATION_DETAILS,
                    "has no array of texts in 'pinned_columns'",
                    "[" + TABLE.replace("}", ",\"pinned_columns\":" + value + "}") + "]");
        }
    }

    private static String basic(String pair) {
        return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    }

    private String basic() {
        return basic(ID + ":" + secret);
    }

    private static Map<String, String> form(String... more) {
        Map<String, String> form = new HashMap<>(Map.of("grant_type", "client_credentials"));
        for (int i = 0; i < more.length; i += 2) {
            form.put(more[i], more[i + 1]);
        }
        return form;
    }

    private IssuedToken issue(String details) {
        return endpoint.issue(basic(), form("authorization_details", details));
    }

    private Principal principal(IssuedToken token) {
        return new Authenticator(issuer, Authenticator.Settings.defaults(), clock, clock::nanoTime)
                .authenticate("Bearer " + token.accessToken());
    }

    private static Object claim(IssuedToken token) throws Exception {
        return SignedJWT.parse(token.accessToken()).getJWTClaimsSet().getClaim("authorization_details");
    }

    private TokenProblem refused(Code code, @Nullable String header, Map<String, String> form) {
        TokenRefusedException refused = assertThrows(TokenRefusedException.class, () -> endpoint.issue(header, form));
        assertEquals(code, refused.problem().code(), refused::getMessage);
        assertFalse(refused.problem().description().contains(secret));
        return refused.problem();
    }

    private void refusedDetails(Code code, String message, String details) {
        TokenProblem problem = refused(code, basic(), form("authorization_details", details));
        assertTrue(problem.description().contains(message), problem::description);
    }

    @Test
    void whatZerobusClientsSendGetsThemAToken() throws Exception {
        String details =
                "[" + CATALOG + "," + SCHEMA + "," + TABLE.replace("}", ",\"operations\":[\"zerobuswrite\"]}") + "]";
        IssuedToken token = endpoint.issue(
                basic(),
                form(
                        "scope",
                        "all-apis",
                        "resource",
                        "api://databricks/workspaces/1/zerobusDirectWriteApi",
                        "authorization_details",
                        details));
        assertEquals(new Principal(ID, Set.of(T), Map.of(), NOW.plus(Duration.ofHours(1))), principal(token));
        assertEquals(JSONObjectUtils.parse("{\"a\":" + details + "}").get("a"), claim(token));
        Map<String, Object> answer = JSONObjectUtils.parse(token.toJson());
        assertEquals(token.accessToken(), answer.get("access_token"));
        assertEquals("Bearer", answer.get("token_type"));
        assertEquals("all-apis", answer.get("scope"));
        assertTrue(token.toJson().contains("\"expires_in\":3600,"), token::toJson);
        assertEquals(claim(token), answer.get("authorization_details"));
        assertFalse(token.toString().contains(token.accessToken()));
    }

    @Test
    void withoutDetailsATokenIsForAllOfTheClientsTables() throws Exception {
        IssuedToken token = endpoint.issue(basic(), form());
        assertEquals(Set.of(T, U), principal(token).writableTables());
        assertEquals(4, ((List<?>) claim(token)).size());
    }

    @Test
    void severalTablesInOneToken() {
        assertEquals(
                Set.of(T, U),
                principal(issue("[" + TABLE + "," + TABLE.replace("fleet.t", "fleet.u") + "]"))
                        .writableTables());
    }

    @Test
    void aTokenHasNoMoreThanWasAskedFor() throws Exception {
        assertEquals(Set.of(), principal(issue("[" + CATALOG + "]")).writableTables());
        assertEquals(
                Set.of(),
                principal(issue("[" + TABLE.replace(",\"MODIFY\"", "") + "]")).writableTables());
        assertEquals(
                "[{type=unity_catalog_privileges, privileges=[MODIFY], object_type=TABLE,"
                        + " object_full_path=main.fleet.t}]",
                claim(issue("[" + TABLE.replace("\"SELECT\",", "").replace("}", ",\"limit\":{\"rows\":1}}") + ","
                                + TABLE.replace("\"SELECT\",", "").replace("main", "MAIN") + "]"))
                        .toString());
    }

    @Test
    void idAndSecretMayComeInTheForm() {
        assertEquals(
                ID,
                principal(endpoint.issue(null, form("client_id", ID, "client_secret", secret)))
                        .subject());
        assertEquals(
                ID, principal(endpoint.issue(basic(), form("client_id", ID))).subject());
    }

    @Test
    void idAndSecretAreFormEncodedWithinBasic() {
        String encoded = ID.replace("-", "%2D") + ":" + secret.replace("_", "%5f");
        assertEquals(ID, principal(endpoint.issue(basic(encoded), form())).subject());
        assertEquals(
                "other",
                principal(endpoint.issue(basic("other:another+secret"), form())).subject());
        assertEquals(
                "other",
                principal(endpoint.issue(basic("other:another%20secret").replace("Basic", "bASIC"), form()))
                        .subject());
    }

    @Test
    void onlyOneWayAtOnce() {
        refused(Code.INVALID_REQUEST, basic(), form("client_id", ID, "client_secret", secret));
        refused(Code.INVALID_REQUEST, basic(), form("client_secret", secret));
        refused(Code.INVALID_REQUEST, basic(), form("client_id", "other"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Basic",
                "Basic ",
                "Basic ****",
                "Basic Zmxl=ZXQ",
                "Bearer x.y.z",
                "Digest username=\"fleet-a\"",
                "Negotiate"
            })
    void whatIsNotBasicIsNobody(String header) {
        refused(Code.INVALID_CLIENT, header, form());
    }

    @Test
    void wrongCredentialsAreNobody() {
        refused(Code.INVALID_CLIENT, null, form());
        refused(Code.INVALID_CLIENT, null, form("client_id", ID));
        refused(Code.INVALID_CLIENT, null, form("client_secret", secret));
        refused(Code.INVALID_CLIENT, basic(ID), form());
        refused(Code.INVALID_CLIENT, basic(""), form());
        refused(Code.INVALID_CLIENT, basic(":"), form());
        refused(Code.INVALID_CLIENT, basic(ID + ":%zz"), form());
        refused(Code.INVALID_CLIENT, basic("\u00ff:\u0000"), form());
        TokenProblem wrong = refused(Code.INVALID_CLIENT, basic(ID + ":wrong"), form());
        assertEquals(wrong, refused(Code.INVALID_CLIENT, basic(ID + ":"), form()));
        assertEquals(wrong, refused(Code.INVALID_CLIENT, basic("nobody:" + secret), form()));
        assertEquals(wrong, refused(Code.INVALID_CLIENT, basic("other:" + secret), form()));
        assertEquals(wrong, refused(Code.INVALID_CLIENT, null, form("client_id", ID, "client_secret", "x")));
        assertTrue(wrong.description().startsWith("Client authentication failed"), wrong::description);
    }

    @Test
    void otherGrantsAreNotSupported() {
        Map<String, String> none = new HashMap<>();
        assertTrue(refused(Code.INVALID_REQUEST, basic(), none).description().contains("grant_type is missing"));
        for (String other : List.of(
                "authorization_code", "CLIENT_CREDENTIALS", "urn:ietf:params:oauth:grant-type:token-exchange")) {
            refused(Code.UNSUPPORTED_GRANT_TYPE, basic(), Map.of("grant_type", other));
        }
    }

    @Test
    void theScopeIsAllApisOrNone() {
        assertEquals(
                "all-apis",
                endpoint.issue(basic(), form("scope", "all-apis all-apis")).scope());
        for (String other : List.of("sql", "all-apis sql", "all-apis offline_access", "ALL-APIS")) {
            assertTrue(refused(Code.SCOPE_NOT_ASSIGNED, basic(), form("scope", other))
                    .description()
                    .startsWith("Scopes '"));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "null",
                "7",
                "\"x\"",
                "x",
                "[",
                "[{'type':'unity_catalog_privileges'}]",
                "[1,]",
                "[] []",
                "[]"
            })
    void whatIsNoArrayOfSomethingIsMalformed(String details) {
        refusedDetails(Code.INVALID_AUTHORIZATION_DETAILS, "The parameter authorization_details ", details);
    }

    @Test
    void entriesMustBeComplete() {
        refusedDetails(Code.INVALID_AUTHORIZATION_DETAILS, "at [1] is not an object", "[" + TABLE + ",[]]");
        refusedDetails(Code.INVALID_AUTHORIZATION_DETAILS, "at [0] is not an object", "[null]");
        refusedDetails(Code.INVALID_AUTHORIZATION_DETAILS, "at [0] has no text in 'type'", "[{}]");
        refusedDetails(
                Code.INVALID_AUTHORIZATION_DETAILS,
                "has the type 'payment', which is not known",
                "[" + TABLE.replace("unity_catalog_privileges", "payment") + "]");
        for (String field : List.of("object_type", "object_full_path")) {
            refusedDetails(
                    Code.INVALID_AUTHORIZATION_DETAILS,
                    "has no text in '" + field + "'",
                    "[" + TABLE.replaceAll("\"" + field + "\":\"[^\"]*\"", "\"" + field + "\":7") + "]");
        }
        for (String value : List.of("null", "\"MODIFY\"", "[]", "[\"\"]", "[\"MODIFY\",7]", "{}", "[[]]")) {
            refusedDetails(
                    Code.INVALID_AUTHORIZATION_DETAILS,
                    "has no array of texts in 'privileges'",
                    "[" + TABLE.replace("[\"SELECT\",\"MODIFY\"]", value) + "]");
        }
        for (String value : List.of("\"zerobuswrite\"", "[]", "[7]", "{}")) {
            refusedDetails(
                    Code.INVALID_AUTHORIZATION_DETAILS,
                    "has no array of texts in 'operations'",
                    "[" + TABLE.replace("}", ",\"operations\":" + value + "}") + "]");
        }
    }

    @Test
    void nestingHasAnEnd() {
        String deep = "[" + "[".repeat(20_000) + "]".repeat(20_000) + "]";
        refusedDetails(Code.INVALID_AUTHORIZATION_DETAILS, "nested too deeply", deep);
        refusedDetails(Code.INVALID_AUTHORIZATION_DETAILS, "nested too deeply", "[" + "{\"a\":".repeat(10_000));
    }

    @Test
    void thereIsAnEndToHowManyEntriesThereAre() {
        String most = String.join(",", java.util.Collections.nCopies(RequestedDetails.ENTRIES_MAX, TABLE));
        assertEquals(Set.of(T), principal(issue("[" + most + "]")).writableTables());
        refusedDetails(
                Code.INVALID_AUTHORIZATION_DETAILS, "257 entries, more than 256", "[" + most + "," + TABLE + "]");
    }

    @Test
    void nobodyGetsMoreThanTheyHold() {
        List.of(
                        TABLE.replace("fleet.t", "fleet.v"),
                        TABLE.replace("main.fleet.t", "other.fleet.t"),
                        TABLE.replace("main.fleet.t", "fleet.t"),
                        TABLE.replace("main.fleet.t", "main.fleet.*"),
                        TABLE.replace("MODIFY", "ALL PRIVILEGES"),
                        TABLE.replace("MODIFY", "MANAGE"),
                        TABLE.replace("TABLE", "VOLUME"),
                        TABLE.replace("}", ",\"operations\":[\"zerobuswrite\",\"drop\"]}"),
                        SCHEMA.replace("USE SCHEMA", "CREATE TABLE"),
                        SCHEMA.replace("main.fleet", "main.plant"),
                        SCHEMA.replace("main.fleet", "main"),
                        CATALOG.replace("\"main\"", "\"other\""),
                        CATALOG.replace("USE CATALOG", "USE SCHEMA"))
                .forEach(entry -> refusedDetails(
                        Code.NOT_AUTHORIZED,
                        "User is not authorized to the requested authorizations",
                        "[" + TABLE + "," + entry + "]"));
    }

    @Test
    void aTokenMustFitIntoARequestsHeaders() {
        Set<TableName> many = tables(60);
        endpoint = endpoint(many);
        IssuedToken most = endpoint.issue(basic(), form());
        assertTrue(
                most.accessToken().length() > 8_000,
                () -> "length " + most.accessToken().length());
        assertEquals(many, principal(most).writableTables());
        for (int tooMany : List.of(90, 5_000)) {
            endpoint = endpoint(tables(tooMany));
            assertTrue(refused(Code.INVALID_AUTHORIZATION_DETAILS, basic(), form())
                    .description()
                    .contains("Ask for fewer tables in authorization_details"));
            IssuedToken one = issue("[" + TABLE.replace("fleet.t", "fleet.t_7") + "]");
            assertEquals(
                    Set.of(TableName.parse("main.fleet.t_7")), principal(one).writableTables());
        }
    }

    private static Set<TableName> tables(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> new TableName("main", "fleet", "t_" + i))
                .collect(Collectors.toSet());
    }

    @Test
    void secretsAreKeptAsSaltAndHash() {
        SaltedSecret kept = new SaltedSecret(
                "000102030405060708090A0B0C0D0E0F", "f9b234fe3638bdd7671503b81bda6e249f96aea7e0d8ca758c8f5ab13096de90");
        assertTrue(kept.matches("abc"));
        assertFalse(kept.matches("abd"));
        assertEquals("000102030405060708090a0b0c0d0e0f", kept.saltHex());
        SaltedSecret one = SaltedSecret.of("abc", random);
        SaltedSecret two = SaltedSecret.of("abc", random);
        assertTrue(one.matches("abc") && two.matches("abc"));
        assertFalse(one.equals(two));
        for (String[] bad : new String[][] {
            {"", ""},
            {"00".repeat(15), ""},
            {"00".repeat(65), ""},
            {"0".repeat(33), ""},
            {"", "00".repeat(31)},
            {"", "00".repeat(33)},
            {"", "zz".repeat(32)}
        }) {
            String salt = bad[0].isEmpty() && !bad[1].isEmpty() ? "00".repeat(16) : bad[0];
            String hash = bad[1].isEmpty() ? "00".repeat(32) : bad[1];
            assertThrows(IllegalArgumentException.class, () -> new SaltedSecret(salt, hash));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a:b", "a b", "a+b", "a%b", "\u00e9"})
    void idsMeanTheSameEncodedOrNot(String id) {
        SaltedSecret kept = SaltedSecret.of(secret, random);
        assertThrows(IllegalArgumentException.class, () -> new ServicePrincipal(id, kept, Set.of(T)));
        assertThrows(IllegalArgumentException.class, () -> new ServicePrincipal("a".repeat(129), kept, Set.of(T)));
    }
}
