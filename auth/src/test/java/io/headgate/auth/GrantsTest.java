package io.headgate.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.headgate.model.Refusal;
import io.headgate.model.RefusedException;
import io.headgate.model.TableName;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class GrantsTest {
    private static final TableName T = TableName.parse("main.fleet.t");
    private static final TableName U = TableName.parse("main.fleet.u");

    @Test
    void whatWeAskForIsWhatZerobusClientsAskFor() {
        assertEquals(
                List.of(
                        entry("CATALOG", "main", "USE CATALOG"),
                        entry("SCHEMA", "main.fleet", "USE SCHEMA"),
                        entry("TABLE", "main.fleet.t", "SELECT", "MODIFY"),
                        entry("TABLE", "main.fleet.u", "SELECT", "MODIFY")),
                AuthorizationDetails.toWrite(List.of(T, U)));
    }

    @Test
    void modifyOnATableIsTheWholeGrant() {
        assertEquals(Set.of(T), AuthorizationDetails.writableTables(List.of(entry("TABLE", "main.fleet.t", "MODIFY"))));
    }

    @Test
    void namesAreReadAsEverywhere() {
        assertEquals(Set.of(T), AuthorizationDetails.writableTables(List.of(entry("TABLE", "Main.FLEET.t", "MODIFY"))));
    }

    @Test
    void operationsAndOtherFieldsAreLeftAlone() {
        Map<String, Object> entry = new HashMap<>(entry("TABLE", "main.fleet.t", "SELECT", "MODIFY"));
        entry.put("operations", List.of("zerobuswrite"));
        assertEquals(Set.of(T), AuthorizationDetails.writableTables(List.of(entry)));
    }

    @Test
    void nothingElseGrantsAnything() {
        Map<String, Object> otherType = new HashMap<>(entry("TABLE", "main.fleet.t", "MODIFY"));
        otherType.put("type", "payment");
        Map<String, Object> noPrivileges = new HashMap<>(entry("TABLE", "main.fleet.t", "MODIFY"));
        noPrivileges.put("privileges", "MODIFY");
        List<Object> entries = new ArrayList<>(List.of(
                otherType,
                noPrivileges,
                entry("TABLE", "main.fleet.t", "SELECT"),
                entry("TABLE", "main.fleet.t", "ALL PRIVILEGES"),
                entry("TABLE", "main.fleet.*", "MODIFY"),
                entry("TABLE", "fleet.t", "MODIFY"),
                entry("SCHEMA", "main.fleet", "MODIFY"),
                entry("VOLUME", "main.fleet.t", "MODIFY"),
                Map.of(),
                "main.fleet.t",
                7));
        entries.add(null);
        assertEquals(Set.of(), AuthorizationDetails.writableTables(entries));
        assertEquals(Set.of(), AuthorizationDetails.writableTables(null));
        assertEquals(Set.of(), AuthorizationDetails.writableTables(entry("TABLE", "main.fleet.t", "MODIFY")));
    }

    @Test
    void theRefusalNamesThePrivilegeTheTableAndTheWayToIt() {
        Principal principal = new Principal("fleet-a", Set.of(T), Instant.EPOCH);
        principal.requireWrite(T);
        RefusedException refused = assertThrows(RefusedException.class, () -> principal.requireWrite(U));
        assertEquals(Refusal.Code.PERMISSION_DENIED, refused.refusal().code());
        assertTrue(
                refused.refusal().message().contains("missing the MODIFY privilege on table main.fleet.u"),
                refused.refusal()::message);
        assertTrue(
                refused.refusal().message().endsWith("headgate token create --subject fleet-a --table main.fleet.u"),
                refused.refusal()::message);
    }

    private static Map<String, Object> entry(String objectType, String path, String... privileges) {
        return Map.of(
                "type",
                "unity_catalog_privileges",
                "object_type",
                objectType,
                "object_full_path",
                path,
                "privileges",
                List.of(privileges));
    }
}
