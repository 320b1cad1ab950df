package io.headgate.gateway.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EntityTagTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"a\" | true",
                "W/\"a\" | true",
                " * | true",
                "\"b\", \"a\" | true",
                "\"b\",W/\"a\" | true",
                ", ,\"b\" ,\t\"a\" | true",
                "\"x,y\", \"a\" | true",
                "\"\", \"a\" | true",
                "\"aa\" | false",
                "\"\" | false",
                "\"b\" | false",
                "a | false",
                "\"a | false",
                "w/\"a\" | false",
                "W / \"a\" | false",
                "b, \"a\" | false",
                "\"b\", * | false",
                "`` | false",
            })
    void aTagIsFoundInAList(String tags, boolean found) {
        assertEquals(found, new EntityTag("\"a\"").isIn(tags), tags);
    }

    @Test
    void otherBytesHaveAnotherTag() {
        EntityTag tag = EntityTag.of("a".getBytes(StandardCharsets.UTF_8));
        assertEquals(tag, EntityTag.of("a".getBytes(StandardCharsets.UTF_8)));
        assertNotEquals(tag, EntityTag.of("b".getBytes(StandardCharsets.UTF_8)));
        assertTrue(tag.value().matches("\"[0-9a-f]{32}\""), tag.value());
    }
}
