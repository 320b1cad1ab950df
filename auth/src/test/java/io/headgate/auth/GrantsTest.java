package io.headgate.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.headgate.model.Refusal;
import io.headgate.model.RefusedException;
import io.headgate.model.TableName;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
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
                AuthorizationDetails.toWrite(List.of(T, U), List.of()));
    }

    @Test
    void modifyOnATableIsTheWholeGrant() {
        assertEquals(
                Set.of(T),
                TableGrants.of(List.of(entry("TABLE", "main.fleet.t", "MODIFY")))
                        .writable());
    }

    @Test
    void namesAreReadAsEverywhere() {
        assertEquals(
                Set.of(T),
                TableGrants.of(List.of(entry("TABLE", "Main.FLEET.t", "MODIFY")))
                        .writable());
    }

    @Test
    void operationsAndOtherFieldsAreLeftAlone() {
        Map<String, Object> entry = new HashMap<>(entry("TABLE", "main.fleet.t", "SELECT", "MODIFY"));
        entry.put("operations", List.of("zerobuswrite"));
        assertEquals(Set.of(T), TableGrants.of(List.of(entry)).writable());
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
        assertEquals(Set.of(), TableGrants.of(entries).writable());
        assertEquals(Set.of(), TableGrants.of(null).writable());
        assertEquals(
                Set.of(),
                TableGrants.of(entry("TABLE", "main.fleet.t", "MODIFY")).writable());
    }

    @Test
    void pinsOfATableAreThoseOfAllItsEntries() {
        Map<String, Object> plain = entry("TABLE", "main.fleet.t", "MODIFY");
        Map<String, Object> read = pinned(entry("TABLE", "MAIN.fleet.t", "SELECT"), List.of("b"));
        assertEquals(grants(Map.of()), TableGrants.of(List.of(plain)));
        assertEquals(grants(Map.of()), TableGrants.of(List.of(pinned(plain, List.of()))));
        assertEquals(grants(Map.of(T, Set.of("a"))), TableGrants.of(List.of(pinned(plain, List.of("a", "a")))));
        assertEquals(
                grants(Map.of(T, Set.of("a", "b", "A"))),
                TableGrants.of(List.of(plain, pinned(plain, List.of("a")), pinned(plain, List.of("A")), read)));
        assertEquals(new TableGrants(Set.of(), Map.of()), TableGrants.of(List.of(read)), "pins grant nothing");
    }

    private static TableGrants grants(Map<TableName, Set<String>> pinned) {
        return new TableGrants(Set.of(T), pinned);
    }

    /** Who does not understand a restriction must not act as if there was none. */
    @Test
    void pinsThatCannotBeReadTakeTheTableAway() {
        Map<String, Object> plain = entry("TABLE", "main.fleet.t", "MODIFY");
        Map<String, Object> other = entry("TABLE", "main.fleet.u", "MODIFY");
        List<Object> hostile = new ArrayList<>(List.of(
                "device_id",
                7,
                true,
                Map.of("a", "b"),
                List.of(7),
                List.of("a", List.of("b")),
                List.of(""),
                List.of(" ")));
        hostile.add(null);
        hostile.add(Collections.singletonList(null));
        for (Object pins : hostile) {
            for (List<Object> claim : List.<List<Object>>of(
                    List.of(pinned(plain, pins), other),
                    List.of(plain, pinned(plain, pins), other),
                    List.of(pinned(entry("TABLE", "main.fleet.t", "SELECT"), pins), other, plain))) {
                assertEquals(new TableGrants(Set.of(U), Map.of()), TableGrants.of(claim), () -> "" + pins);
            }
        }
    }

    private static Map<String, Object> pinned(Map<String, Object> entry, @Nullable Object pins) {
        Map<String, Object> pinned = new HashMap<>(entry);
        pinned.put("pinned_columns", pins);
        return pinned;
    }

    @Test
    void pinsAreOfTheirTableAlone() {
        Principal principal = new Principal("fleet-a", Set.of(T, U), Map.of(T, Set.of("a")), Instant.EPOCH);
        assertEquals(Set.of("a"), principal.pinnedColumns(T));
        assertEquals(Set.of(), principal.pinnedColumns(U));
    }

    @Test
    void theRefusalNamesThePrivilegeTheTableAndTheWayToIt() {
        Principal principal = new Principal("fleet-a", Set.of(T), Map.of(), Instant.EPOCH);
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
