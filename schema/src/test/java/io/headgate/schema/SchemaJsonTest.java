package io.headgate.schema;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.headgate.model.Refusal;
import io.headgate.model.RefusedException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SchemaJsonTest {
    @Test
    void everyTypeIsWrittenAndReadBack() {
        List<Column> columns = new ArrayList<>();
        for (ColumnType type : ColumnType.values()) {
            columns.add(new Column("A_" + type, type, true));
            columns.add(new Column("b \"é\" " + type, type, false));
        }
        assertEquals(columns, SchemaJson.parse(SchemaJson.write(columns)));
    }

    @Test
    void theFormIsDeltas() {
        assertEquals(
                "{\"type\":\"struct\",\"fields\":[{\"name\":\"id\",\"type\":\"string\",\"nullable\":false,\"metadata\":{}}]}",
                SchemaJson.write(List.of(new Column("id", ColumnType.STRING, false))));
    }

    @Test
    void orderOfKeysAndHarmlessMetadataDoNotMatter() {
        assertEquals(
                List.of(new Column("t", ColumnType.TIMESTAMP_NTZ, true)),
                SchemaJson.parse(
                        "{\"fields\":[{\"metadata\":{\"comment\":\"x\",\"any\":{\"deep\":[1,{\"delta.identity.start\":1}]}},"
                                + "\"future\":[[]],\"nullable\":true,\"type\":\"timestamp_ntz\",\"name\":\"t\"}],\"type\":\"struct\"}"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"decimal(10,2)\"",
                "\"binary\"",
                "\"variant\"",
                "\"String\"",
                "\"void\"",
                "\"char(3)\"",
                "{\"type\":\"array\",\"elementType\":\"string\",\"containsNull\":true}",
                "{\"elementType\":{\"type\":\"struct\",\"fields\":[]},\"type\":\"array\"}",
                "{\"type\":\"map\",\"keyType\":\"string\",\"valueType\":\"string\",\"valueContainsNull\":true}",
                "{\"type\":\"struct\",\"fields\":[]}",
                "{}"
            })
    void otherTypesAreRefusedByName(String type) {
        String name = type.startsWith("\"")
                ? type.substring(1, type.length() - 1)
                : type.contains("array")
                        ? "array"
                        : type.contains("map") ? "map" : type.equals("{}") ? "nested" : "struct";
        assertRefused("Column \"x\" has the type " + name + ".", field("x", type, "{}"));
    }

    @ParameterizedTest
    @CsvSource({
        "delta.generationExpression, generated columns",
        "delta.identity.start, identity columns",
        "delta.identity.allowExplicitInsert, identity columns",
        "delta.invariants, column invariants",
        "CURRENT_DEFAULT, column defaults",
        "__CHAR_VARCHAR_TYPE_STRING, CHAR and VARCHAR",
        "__COLLATIONS, collations"
    })
    void featuresAreRefusedByName(String key, String feature) {
        assertRefused(
                "Column \"x\" uses " + feature + ".",
                field("x", "\"string\"", "{\"comment\":\"c\",\"" + key + "\":\"1\"}"));
    }

    @Test
    void idsOfColumnsAreKept() {
        List<Column> columns = List.of(
                new Column("x", ColumnType.STRING, true, OptionalInt.of(7)), new Column("y", ColumnType.LONG, false));
        assertEquals(columns, SchemaJson.parse(SchemaJson.write(columns)));
        assertEquals(
                columns.subList(0, 1),
                SchemaJson.parse(field(
                        "x",
                        "\"string\"",
                        "{\"delta.columnMapping.physicalName\":\"col-1\",\"delta.columnMapping.id\":7}")));
    }

    @Test
    void namesThatDifferInCaseAloneAreRefused() {
        assertRefused(
                "Columns \"Id\" and \"iD\" differ at most in case",
                SchemaJson.write(List.of(
                        new Column("Id", ColumnType.LONG, true),
                        new Column("x", ColumnType.LONG, true),
                        new Column("iD", ColumnType.LONG, true))));
    }

    @Test
    void aTableWithoutColumnsIsRefused() {
        assertRefused("The table has no columns", "{\"type\":\"struct\",\"fields\":[]}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "{}",
                "{\"type\":\"struct\"}",
                "{\"fields\":[]}",
                "{\"type\":\"array\",\"fields\":[]}",
                "{\"type\":\"struct\",\"fields\":{}}",
                "{\"type\":\"struct\",\"fields\":[1]}",
                "{\"type\":\"struct\",\"fields\":[{}]}",
                "{\"type\":\"struct\",\"fields\":[{\"name\":\"x\"}]}",
                "{\"type\":\"struct\",\"fields\":[{\"name\":\"x\",\"type\":\"string\",\"nullable\":1}]}",
                "{\"type\":\"struct\",\"fields\":[{\"name\":\"x\",\"type\":\"string\",\"metadata\":1}]}",
                "{\"type\":\"struct\",\"fields\":[{\"name\":\"x\",\"type\":\"string\"}]",
                "{\"type\":\"struct\",\"fields\":[{\"name\":\"x\",\"type\":\"string\"}]} {}"
            })
    void whatIsNoSchemaIsSaidToBeNone(String json) {
        assertThrows(IllegalArgumentException.class, () -> SchemaJson.parse(json));
    }

    private static String field(String name, String type, String metadata) {
        return "{\"type\":\"struct\",\"fields\":[{\"name\":\"" + name + "\",\"type\":" + type
                + ",\"nullable\":true,\"metadata\":" + metadata + "}]}";
    }

    private static void assertRefused(String start, String json) {
        RefusedException refused = assertThrows(RefusedException.class, () -> SchemaJson.parse(json));
        assertEquals(Refusal.Code.NOT_IMPLEMENTED, refused.refusal().code());
        assertTrue(
                refused.refusal().message().startsWith(start), refused.refusal().message());
    }
}
