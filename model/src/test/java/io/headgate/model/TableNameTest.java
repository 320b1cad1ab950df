package io.headgate.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TableNameTest {
    @Test
    void namesAreLowerCased() {
        assertEquals(new TableName("main", "fleet", "t_1-x"), TableName.parse("Main.FLEET.T_1-x"));
        assertEquals("main.fleet.t", TableName.parse("main.fleet.t").toString());
    }

    @Test
    void lowerCasingDoesNotDependOnTheMachinesLanguage() {
        // In Turkish, I would become a dotless i, which the rule refuses.
        assertEquals("main.fleet.ids", TableName.parse("main.fleet.IDS").toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "a", "a.b", "a.b.c.d", "a..c", ".b.c", "a.b.", "a.b.c d", "a.b.c/d", "a.b.é", "a.b.c\n"})
    void otherNamesAreRefused(String name) {
        RefusedException refused = assertThrows(RefusedException.class, () -> TableName.parse(name));
        assertEquals(Refusal.Code.INVALID_PARAMETER, refused.refusal().code());
    }

    @Test
    void partsHaveAtMost255Characters() {
        String longest = "x".repeat(255);
        assertEquals(longest, new TableName("a", "b", longest).table());
        assertThrows(RefusedException.class, () -> new TableName("a", "b", longest + "x"));
    }

    @Test
    void messagesQuoteLittleAndEscapeIt() {
        RefusedException refused =
                assertThrows(RefusedException.class, () -> new TableName("a", "b", "\u001b[31m" + "y".repeat(300)));
        assertEquals(
                "The table part '\\u001b[31m" + "y".repeat(35)
                        + "...' of the table name is not 1 to 255 characters of a-z, 0-9, '_' and '-'.",
                refused.getMessage());
    }
}
