package io.headgate.schema;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.headgate.model.RecordProblem;
import io.headgate.model.Refusal;
import io.headgate.model.RefusedException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys of maps that are the same although their names are not, and maps of many keys. */
class MapKeysTest {
    private static List<Column> columns(ColumnType key) {
        return List.of(new Column("m", new ColumnType.Map(key, ColumnType.INTEGER, false), true));
    }

    private static void same(ColumnType key, String... names) {
        for (String first : names) {
            for (String second : names) {
                String json = "{\"m\":{\"" + first + "\":1,\"" + second + "\":2}}";
                RefusedException refused =
                        assertThrows(RefusedException.class, () -> Decoding.rows(columns(key), json), json);
                RecordProblem problem = refused.refusal().details().get(0);
                assertEquals("occurs twice in the map", problem.reason());
                assertEquals(first.length() + 12, problem.column(), json);
            }
        }
    }

    @Test
    void keysAreOfAtMost1024BytesHoweverTheyAreRead() {
        for (String format : List.of("{\"m\":{\"%s\":1}}", "{\"m\":{\"%s\" :1}}")) {
            String longest = "k".repeat(1_024);
            assertEquals(
                    List.of(List.of(List.of(Map.entry(longest, 1)))),
                    Decoding.rows(columns(ColumnType.STRING), String.format(format, longest)));
            String longer = String.format(format, longest + "k");
            RefusedException refused =
                    assertThrows(RefusedException.class, () -> Decoding.rows(columns(ColumnType.STRING), longer));
            assertTrue(
                    refused.refusal().message().contains("1024"),
                    refused.refusal().message());
        }
    }

    @Test
    void keysAreTheSameIfTheirValuesAre() {
        same(ColumnType.STRING, "a", "\\u0061");
        same(ColumnType.BOOLEAN, "true");
        same(ColumnType.BYTE, "1", "01", "+1");
        same(ColumnType.SHORT, "-1", "-01");
        same(ColumnType.INTEGER, "0", "-0", "000");
        same(ColumnType.LONG, "9223372036854775807", "+9223372036854775807");
        same(ColumnType.FLOAT, "0.1", "0.10000000149", "1e-1");
        same(ColumnType.FLOAT, "0", "-0", "-0.0", "0e5");
        same(ColumnType.DOUBLE, "0", "-0", "-0.0");
        same(ColumnType.DOUBLE, "NaN", "nan", "-NaN");
        same(ColumnType.DOUBLE, "Infinity", "inf", "+INF");
        same(ColumnType.DATE, "1970-01-02", "1", "+1");
        same(ColumnType.TIMESTAMP, "1970-01-01T00:00:01Z", "1970-01-01 01:00:01+01:00", "1000000");
        same(ColumnType.TIMESTAMP_NTZ, "1970-01-01T00:00:01", "1000000");
        same(ColumnType.BINARY, "-_8=", "+/8", "-_8", "+/8=");
        same(new ColumnType.Decimal(5, 2), "1", "1.0", "1.00", "100e-2");
        same(new ColumnType.Decimal(38, 2), "-1", "-1.0", "-0.001e3");
        same(new ColumnType.Char(3), "a", "a ", "a  ", "a      ");
        same(new ColumnType.Varchar(2), "a ", "a      ");
    }

    @Test
    void otherKeysAreOthers() {
        assertEquals(
                List.of(List.of(List.of(Map.entry("a", 1), Map.entry("a ", 2), Map.entry("A", 3), Map.entry("", 4)))),
                Decoding.rows(columns(ColumnType.STRING), "{\"m\":{\"a\":1,\"a \":2,\"A\":3,\"\":4}}"));
        assertEquals(
                List.of(List.of(List.of(Map.entry(0.0, 1), Map.entry(Double.NaN, 2), Map.entry(4.9e-324, 3)))),
                Decoding.rows(columns(ColumnType.DOUBLE), "{\"m\":{\"-0\":1,\"NaN\":2,\"4.9e-324\":3}}"));
    }

    /** Around the number of keys from which on a table of hashes is kept, its growth, and beyond. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 7, 8, 9, 10, 15, 16, 17, 31, 32, 33, 63, 64, 65, 1_000, 40_000})
    void aKeyIsFoundAgainAmongMany(int count) {
        for (ColumnType type : List.of(ColumnType.LONG, ColumnType.STRING)) {
            StringBuilder json = new StringBuilder("{\"m\":{");
            List<Object> entries = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                json.append(i > 0 ? ",\"" : "\"")
                        .append(i * 7_919L)
                        .append("\":")
                        .append(i);
                Object key = type == ColumnType.LONG ? (Object) (i * 7_919L) : String.valueOf(i * 7_919L);
                entries.add(Map.entry(key, i));
            }
            assertEquals(List.of(List.of(entries)), Decoding.rows(columns(type), json + "}}"));
            for (int again : new int[] {0, count / 2, count - 1}) {
                if (again >= 0 && count > 0) {
                    String twice = json + ",\"" + again * 7_919L + "\":0}}";
                    RefusedException refused =
                            assertThrows(RefusedException.class, () -> Decoding.rows(columns(type), twice));
                    assertEquals(1, refused.refusal().details().size());
                    assertEquals(
                            "$.m['" + again * 7_919L + "']",
                            refused.refusal().details().get(0).path());
                }
            }
        }
    }

    @Test
    void eachMapHasKeysOfItsOwn() {
        ColumnType inner = new ColumnType.Map(ColumnType.INTEGER, ColumnType.INTEGER, true);
        ColumnType outer = new ColumnType.Map(ColumnType.STRING, inner, true);
        List<Column> columns = List.of(new Column("m", new ColumnType.Array(outer, true), true));
        StringBuilder many = new StringBuilder("{");
        for (int i = 0; i < 100; i++) {
            many.append(i > 0 ? ",\"" : "\"").append(i).append("\":").append(i);
        }
        many.append('}');
        String one = "{\"a\":" + many + ",\"b\":{\"1\":1},\"c\":" + many + ",\"d\":null}";
        String json = "{\"m\":[" + one + "," + one + ",{}]}";
        assertEquals(2, Decoding.rows(columns, "[" + json + "," + json + "]").size());
        String twice = json.replace("\"b\":{\"1\":1}", "\"b\":{\"1\":1,\"2\":2,\"1\":3},\"a\":{}");
        RefusedException refused = assertThrows(RefusedException.class, () -> Decoding.rows(columns, twice));
        assertEquals(
                List.of("$.m[0]['b']['1']", "$.m[0]['a']", "$.m[1]['b']['1']", "$.m[1]['a']"),
                refused.refusal().details().stream().map(RecordProblem::path).toList());
    }

    @Test
    void aKeyThatIsNoneDoesNotHideTheOthers() {
        RefusedException refused = assertThrows(
                RefusedException.class,
                () -> Decoding.rows(
                        columns(ColumnType.INTEGER),
                        "{\"m\":{\"1\":1,\"x\":2,\"0\":3,\"2\":4,\"01\":5,\"y\":{\"z\":[]},\"00\":6}}"));
        assertEquals(
                List.of("$.m['x']", "$.m['01']", "$.m['y']", "$.m['00']"),
                refused.refusal().details().stream().map(RecordProblem::path).toList());
    }

    @Test
    void memoryForManyKeysIsReserved() {
        StringBuilder json = new StringBuilder("{\"m\":{");
        for (int i = 0; i < 20_000; i++) {
            json.append(i > 0 ? ",\"" : "\"").append(i).append("\":").append(i);
        }
        byte[] body = json.append("}}").toString().getBytes(StandardCharsets.UTF_8);
        RowDecoder decoder = Decoding.decoder(columns(ColumnType.INTEGER));
        int[] reserved = {0};
        decoder.decode(body, 0, body.length, more -> (reserved[0] += more) > 0);
        int all = reserved[0];
        assertTrue(all > 20_000 * 2 * Integer.BYTES, () -> "reserved " + all);
        RefusedException refused = assertThrows(RefusedException.class, () -> {
            int[] left = {all - 1};
            decoder.decode(body, 0, body.length, more -> (left[0] -= more) >= 0);
        });
        assertEquals(Refusal.Code.UNAVAILABLE, refused.refusal().code());
    }
}
