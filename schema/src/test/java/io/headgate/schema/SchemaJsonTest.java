package io.headgate.schema;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.headgate.model.Refusal;
import io.headgate.model.RefusedException;
import io.headgate.model.Seed;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SchemaJsonTest {
    @Test
    void everyTypeIsWrittenAndReadBack() {
        List<Column> columns = new ArrayList<>();
        for (ColumnType type : ColumnType.PLAIN) {
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

    @Test
    void columnsOfAnyTypeAreReadBack() {
        RandomRows any = new RandomRows(Seed.forTest("SchemaJsonTest").random());
        for (int round = 0; round < 1_000; round++) {
            List<Column> columns = any.columns(20);
            assertEquals(columns, SchemaJson.parse(SchemaJson.write(columns)));
        }
    }

    /** As Spark 3.5 with Delta 3.3 writes the table's schema, but for line breaks. */
    @Test
    void schemasAsSparkWritesThem() {
        String json = """
                {"type":"struct","fields":[
                {"name":"id","type":"long","nullable":false,"metadata":{"delta.columnMapping.id":1,
                  "delta.columnMapping.physicalName":"col-1","comment":"the id"}},
                {"name":"price","type":"decimal(10,2)","nullable":true,"metadata":{}},
                {"name":"code","type":"string","nullable":true,"metadata":{"__CHAR_VARCHAR_TYPE_STRING":"char(5)"}},
                {"name":"raw","type":"binary","nullable":true,"metadata":{}},
                {"name":"tags","type":{"type":"array","elementType":"string","containsNull":false},"nullable":true,
                  "metadata":{"__CHAR_VARCHAR_TYPE_STRING":"array<varchar(10)>"}},
                {"name":"counts","type":{"type":"map","keyType":"string","valueType":"integer","valueContainsNull":true},
                  "nullable":true,"metadata":{}},
                {"name":"pos","type":{"type":"struct","fields":[
                  {"name":"lat","type":"double","nullable":false,"metadata":{"delta.columnMapping.id":8,
                    "delta.columnMapping.physicalName":"col-8"}},
                  {"name":"by, who","type":"string","nullable":true,"metadata":{}},
                  {"name":"seen","type":{"type":"map","keyType":"date","valueType":{"type":"array",
                    "elementType":"string","containsNull":true},"valueContainsNull":false},"nullable":true,
                    "metadata":{}}]},
                  "nullable":true,"metadata":{"__CHAR_VARCHAR_TYPE_STRING":
                  "struct<lat:double,by, who:varchar(64),seen:map<date,array<char(2)>>>"}}]}
                """;
        List<Column> columns = List.of(
                new Column("id", ColumnType.LONG, false, OptionalInt.of(1), Optional.of("col-1")),
                new Column("price", new ColumnType.Decimal(10, 2), true),
                new Column("code", new ColumnType.Char(5), true),
                new Column("raw", ColumnType.BINARY, true),
                new Column("tags", new ColumnType.Array(new ColumnType.Varchar(10), false), true),
                new Column("counts", new ColumnType.Map(ColumnType.STRING, ColumnType.INTEGER, true), true),
                new Column(
                        "pos",
                        new ColumnType.Struct(List.of(
                                new Column("lat", ColumnType.DOUBLE, false, OptionalInt.of(8), Optional.of("col-8")),
                                new Column("by, who", new ColumnType.Varchar(64), true),
                                new Column(
                                        "seen",
                                        new ColumnType.Map(
                                                ColumnType.DATE,
                                                new ColumnType.Array(new ColumnType.Char(2), true),
                                                false),
                                        true))),
                        true));
        assertEquals(columns, SchemaJson.parse(json));
        assertEquals(columns, SchemaJson.parse(SchemaJson.write(columns)));
        assertEquals(
                "STRUCT<lat: DOUBLE NOT NULL, `by, who`: VARCHAR(64), seen: MAP<DATE, ARRAY<CHAR(2)> NOT NULL>>",
                columns.get(6).type().sqlName());
    }

    @Test
    void keysOfANestedTypeComeInAnyOrder() {
        assertEquals(
                List.of(new Column(
                        "x",
                        new ColumnType.Array(
                                new ColumnType.Struct(List.of(new Column("y", new ColumnType.Decimal(10, 0), true))),
                                true),
                        true)),
                SchemaJson.parse(field(
                        "x",
                        "{\"elementType\":{\"fields\":[{\"metadata\":{},\"type\":\"decimal\",\"name\":\"y\"}],"
                                + "\"type\":\"struct\"},\"future\":{},\"type\":\"array\"}",
                        "{}")));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"variant\"                                         | x | variant",
                "\"String\"                                          | x | String",
                "\"void\"                                            | x | void",
                "\"char(3)\"                                         | x | char(3)",
                "\"interval day to second\"                          | x | interval day to second",
                "\"string collate UTF8_LCASE\"                       | x | string collate UTF8_LCASE",
                "\"decimal(39,0)\"                                   | x | decimal(39,0)",
                "\"decimal(0,0)\"                                    | x | decimal(0,0)",
                "\"decimal(3,4)\"                                    | x | decimal(3,4)",
                "\"decimal(3,-1)\"                                   | x | decimal(3,-1)",
                "\"decimal(10)\"                                     | x | decimal(10)",
                "{\"type\":\"array\",\"elementType\":\"variant\"}    | x.element | variant",
                "{\"type\":\"struct\",\"fields\":[]}                 | x | struct without fields",
                "{\"type\":\"struct\",\"fields\":[{\"name\":\"y\",\"type\":\"void\"}]} | x.y | void",
                "{\"type\":\"map\",\"keyType\":\"void\",\"valueType\":\"long\"} | x.key | void",
                "{\"type\":\"map\",\"keyType\":\"long\",\"valueType\":\"void\"} | x.value | void",
                "{\"type\":\"map\",\"keyType\":{\"type\":\"array\",\"elementType\":\"long\"},\"valueType\":\"long\"}"
                        + " | x | map with keys of type array",
                "{\"type\":\"set\"}                                  | x | set",
                "{}                                                    | x | nested",
            })
    void otherTypesAreRefusedByName(String type, String path, String name) {
        assertRefused("Column \"" + path + "\" has the type " + name + ".", field("x", type, "{}"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"string\"                                      | varchar(10",
                "\"string\"                                      | varchar()",
                "\"string\"                                      | varchar(-1)",
                "\"string\"                                      | varchar(99999999999)",
                "\"string\"                                      | varchar(10)x",
                "\"string\"                                      | array<varchar(10)>",
                "\"long\"                                        | varchar(10)",
                "{\"type\":\"array\",\"elementType\":\"string\"} | varchar(10)",
                "{\"type\":\"array\",\"elementType\":\"string\"} | array<varchar(10)",
                "{\"type\":\"struct\",\"fields\":[{\"name\":\"y\",\"type\":\"string\"}]} | struct<z:varchar(10)>",
                "{\"type\":\"map\",\"keyType\":\"string\",\"valueType\":\"long\"}    | map<varchar(10),int>",
            })
    void aTextOfAnotherTypeIsRefused(String type, String text) {
        assertRefused(
                "Column \"x\" uses CHAR and VARCHAR as \"" + text + "\", which its type ",
                field("x", type, "{\"__CHAR_VARCHAR_TYPE_STRING\":\"" + text + "\"}"));
    }

    @Test
    void typesAreReadDownToALevel() {
        ColumnType type = ColumnType.STRING;
        for (int i = 0; i < ColumnType.NESTING_MAX; i++) {
            type = i % 2 == 0
                    ? new ColumnType.Array(type, true)
                    : new ColumnType.Struct(List.of(new Column("f", type, true)));
        }
        List<Column> deepest = List.of(new Column("x", type, true));
        assertEquals(deepest, SchemaJson.parse(SchemaJson.write(deepest)));
        for (int beyond = 1; beyond < 100; beyond++) {
            type = new ColumnType.Array(type, true);
            assertDeep(SchemaJson.write(List.of(new Column("x", type, true))));
        }
    }

    private static void assertDeep(String json) {
        RefusedException refused = assertThrows(RefusedException.class, () -> SchemaJson.parse(json));
        String message = refused.refusal().message();
        assertTrue(message.contains("is nested more than 100 levels deep"), message);
    }

    @Test
    void nestingWithoutEndIsNoSchema() {
        String json = field("x", "{\"type\":\"array\",\"elementType\":".repeat(100_000), "{}");
        assertThrows(IllegalArgumentException.class, () -> SchemaJson.parse(json));
    }

    @ParameterizedTest
    @CsvSource({
        "delta.generationExpression, generated columns",
        "delta.identity.start, identity columns",
        "delta.identity.allowExplicitInsert, identity columns",
        "delta.invariants, column invariants",
        "CURRENT_DEFAULT, column defaults",
        "__COLLATIONS, collations"
    })
    void featuresAreRefusedByName(String key, String feature) {
        assertRefused(
                "Column \"x\" uses " + feature + ".",
                field("x", "\"string\"", "{\"comment\":\"c\",\"" + key + "\":\"1\"}"));
        String inner = "{\"name\":\"y\",\"type\":\"long\",\"metadata\":{\"" + key + "\":\"1\"}}";
        assertRefused(
                "Column \"x.element.y\" uses " + feature + ".",
                field(
                        "x",
                        "{\"type\":\"array\",\"elementType\":{\"type\":\"struct\",\"fields\":[" + inner + "]}}",
                        "{}"));
    }

    @Test
    void idsAndPhysicalNamesOfColumnsAreKept() {
        List<Column> columns = List.of(
                new Column("x", ColumnType.STRING, true, OptionalInt.of(7)), new Column("y", ColumnType.LONG, false));
        assertEquals(columns, SchemaJson.parse(SchemaJson.write(columns)));
        assertEquals(
                List.of(new Column("x", ColumnType.STRING, true, OptionalInt.of(7), Optional.of("col-1"))),
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
    void idsAndPhysicalNamesOfAnotherFormCountForNothing() {
        assertEquals(
                List.of(new Column("x", ColumnType.STRING, true)),
                SchemaJson.parse(field(
                        "x",
                        "\"string\"",
                        "{\"delta.columnMapping.physicalName\":{\"a\":[7]},\"delta.columnMapping.id\":\"7\"}")));
    }

    @Test
    void namesOfFieldsThatDifferInCaseAloneAreRefused() {
        ColumnType struct = new ColumnType.Struct(
                List.of(new Column("Id", ColumnType.LONG, true), new Column("id", ColumnType.LONG, true)));
        assertRefused(
                "Columns \"s.Id\" and \"s.id\" differ at most in case",
                SchemaJson.write(List.of(new Column("s", struct, true))));
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
                "{\"type\":\"struct\",\"fields\":[{\"name\":\"x\",\"type\":[]}]}",
                "{\"type\":\"struct\",\"fields\":[{\"name\":\"x\",\"type\":{\"type\":\"array\"}}]}",
                "{\"type\":\"struct\",\"fields\":[{\"name\":\"x\",\"type\":{\"type\":\"struct\"}}]}",
                "{\"type\":\"struct\",\"fields\":[{\"name\":\"x\",\"type\":{\"type\":\"map\",\"keyType\":\"long\"}}]}",
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
