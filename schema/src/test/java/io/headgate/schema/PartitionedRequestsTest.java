package io.headgate.schema;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.headgate.model.RecordProblem;
import io.headgate.model.Refusal;
import io.headgate.model.RefusedException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Records for a partitioned table are refused when they come, where no commit could place them. */
class PartitionedRequestsTest {
    private static final List<Column> COLUMNS = List.of(
            new Column("id", ColumnType.LONG, false),
            new Column("country", ColumnType.STRING, false),
            new Column("city", ColumnType.STRING, true),
            new Column("day", ColumnType.DATE, true),
            new Column("at", ColumnType.TIMESTAMP, true),
            new Column("wall", ColumnType.TIMESTAMP_NTZ, true));
    private static final List<String> PARTITIONS = List.of("day", "country", "city", "at", "wall");

    private static DecodedRows decode(List<String> partitions, int maxPartitions, String json) {
        TableSchema plain = Decoding.schema(COLUMNS);
        TableSchema schema = new TableSchema(
                plain.name(), plain.id(), plain.location(), plain.columns(), plain.schemaJson(), partitions);
        byte[] body = json.getBytes(StandardCharsets.UTF_8);
        DecodeLimits limits = DecodeLimits.of(1 << 20, 1 << 24, 100, 1_000_000, maxPartitions);
        return new RowDecoder(schema, limits).decode(body, 0, body.length, bytes -> true);
    }

    private static Refusal refusal(String json) {
        return assertThrows(RefusedException.class, () -> decode(PARTITIONS, 10, json))
                .refusal();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'{\"id\":1,\"country\":\"\"}'                                  | country | is empty",
                "'{\"id\":1,\"country\":\"a\\u0000\"}'                          | country | holds a NUL",
                "'{\"id\":1,\"country\":\"NL\",\"city\":\"\\u0000\"}'           | city    | holds a NUL",
                "'{\"id\":1,\"country\":\"__HIVE_DEFAULT_PARTITION__\"}'        | country | is what the directory of",
                "'{\"id\":1,\"country\":\"NL\",\"day\":\"+10000-01-01\"}'       | day     | is ",
                "'{\"id\":1,\"country\":\"NL\",\"day\":2932897}'                | day     | is outside the years 1 to 9999",
                "'{\"id\":1,\"country\":\"NL\",\"day\":-719163}'                | day     | is outside the years 1 to 9999",
                "'{\"id\":1,\"country\":\"NL\",\"day\":-2147483648}'            | day     | is outside the years 1 to 9999",
                "'{\"id\":1,\"country\":\"NL\",\"at\":253402300800000000}'      | at      | is outside the years 1 to 9999",
                "'{\"id\":1,\"country\":\"NL\",\"at\":-62135596800000001}'      | at      | is outside the years 1 to 9999",
                "'{\"id\":1,\"country\":\"NL\",\"wall\":9223372036854775807}'   | wall    | is outside the years 1 to 9999",
                "'{\"id\":1,\"country\":\"NL\",\"wall\":-9223372036854775808}'  | wall    | is outside the years 1 to 9999"
            })
    void aValueThatNoDirectoryCanBeNamedByIsRefused(String record, String field, String reason) {
        Refusal refusal = refusal("[{\"id\":0,\"country\":\"NL\"}," + record + "]");
        assertEquals(Refusal.Code.INVALID_PARAMETER, refusal.code());
        RecordProblem problem = refusal.details().get(0);
        assertEquals(1, problem.record());
        assertEquals(field, problem.field());
        assertTrue(problem.reason().startsWith(reason), problem.reason());
    }

    @Test
    void theLongestValueIsWhatADirectoryCanBeNamed() {
        int most = 255 - "country=".length();
        assertEquals(1, decode(PARTITIONS, 10, country("x".repeat(most))).rowCount());
        assertEquals(1, decode(PARTITIONS, 10, country("é".repeat(most / 2))).rowCount());
        assertEquals(1, decode(PARTITIONS, 10, country("/".repeat(most / 3))).rowCount());
        for (String tooLong : List.of(
                "x".repeat(most + 1), "é".repeat(most / 2 + 1), "/".repeat(most / 3 + 1), "x".repeat(1_000_000))) {
            RecordProblem problem = refusal(country(tooLong)).details().get(0);
            assertTrue(problem.reason().startsWith("is too long"), problem.reason());
        }
    }

    private static String country(String value) {
        return "{\"id\":1,\"country\":\"" + value + "\"}";
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"\"", "null", "\"\\u0001\"", "\"..\"", "\"/\"", "\"__hive_default_partition__\""})
    void othersAreTaken(String city) {
        String json = "{\"id\":1,\"country\":\"\\ud83d\\ude80 %\",\"city\":" + city
                + ",\"day\":\"0001-01-01\",\"at\":\"9999-12-31T23:59:59.999999Z\",\"wall\":0}";
        assertEquals(1, decode(PARTITIONS, 10, json).rowCount());
    }

    @Test
    void whatIsNoPartitionColumnTakesWhatItTook() {
        String json = "{\"id\":1,\"country\":\"\\u0000\",\"city\":\"\",\"day\":2147483647,\"at\":-9223372036854775808}";
        assertEquals(1, decode(List.of(), 10, json).rowCount());
        assertEquals(1, decode(List.of("id"), 10, json).rowCount());
    }

    @Test
    void aRequestIsOfSoManyPartitions() {
        String ten =
                IntStream.range(0, 100).mapToObj(i -> country("c" + i % 10)).collect(Collectors.joining(","));
        assertEquals(100, decode(PARTITIONS, 10, "[" + ten + "]").rowCount());
        assertEquals(
                101,
                decode(List.of(), 10, "[" + ten + "," + country("c10") + "]").rowCount());
        Refusal refusal = refusal("[" + ten + "," + country("c10") + "]");
        assertEquals(Refusal.Code.TOO_LARGE, refusal.code());
        assertTrue(refusal.message().contains("more than 10 partitions"), refusal.message());
        assertTrue(refusal.message().contains("limits.max-partitions"), refusal.message());
    }

    @Test
    void aTableCannotBePartitionedByNothingItHas() {
        for (List<String> partitions :
                List.of(List.of("nowhere"), COLUMNS.stream().map(Column::name).toList())) {
            RefusedException refused =
                    assertThrows(RefusedException.class, () -> decode(partitions, 10, country("NL")));
            assertEquals(Refusal.Code.NOT_IMPLEMENTED, refused.refusal().code());
        }
    }

    /** Metadata may have them in another case than the schema. */
    @Test
    void namesMayDifferInCase() {
        PartitionColumns columns = PartitionColumns.of(COLUMNS, List.of("Country"));
        assertEquals(
                List.of("country"),
                List.copyOf(columns.named(new Partition(List.of("NL"))).keySet()));
        assertEquals(List.of("country=NL"), columns.directories(new Partition(List.of("NL"))));
        assertEquals(
                List.of(0, 2, 3, 4, 5),
                IntStream.of(columns.otherIndexes()).boxed().toList());
    }

    @Test
    void directoriesAreNamedAsSparkNamesThem() {
        assertEquals("country=__HIVE_DEFAULT_PARTITION__", PartitionDirectory.name("country", null));
        assertEquals("a%2Fb=c%2Fd", PartitionDirectory.name("a/b", "c/d"));
        String escaped = Stream.concat(
                        IntStream.rangeClosed(1, 0x1F).mapToObj(Character::toString),
                        "\"#%'*/:=?\\\u007F{[]^".codePoints().mapToObj(Character::toString))
                .collect(Collectors.joining());
        assertEquals(
                "c=" + escaped.chars().mapToObj(c -> String.format("%%%02X", c)).collect(Collectors.joining()),
                PartitionDirectory.name("c", escaped));
        String plain = " !$&()+,-.09;<>@AZ_`az|}~éÿ\ud83d\ude80";
        assertEquals("c=" + plain, PartitionDirectory.name("c", plain));
    }

    /** Where no locale is set, the JVM can name files in ASCII alone. */
    @Test
    void namesThatTheJvmCannotEncodeAreEscaped() {
        assertEquals(
                "c=x%C3%A9%25%F0%9F%9A%80", PartitionDirectory.name("c", "xé%\ud83d\ude80", StandardCharsets.US_ASCII));
        assertEquals("c=xé%25", PartitionDirectory.name("c", "xé%", StandardCharsets.ISO_8859_1));
        assertEquals("c=x%25", PartitionDirectory.name("c", "x%", StandardCharsets.US_ASCII));
    }

    @Test
    void partitionsAreTheSameByTheirValues() {
        List<@Nullable String> values = Arrays.asList("a", null);
        assertEquals(new Partition(values), new Partition(Arrays.asList("a", null)));
        assertEquals(new Partition(values).hashCode(), new Partition(Arrays.asList("a", null)).hashCode());
    }
}
