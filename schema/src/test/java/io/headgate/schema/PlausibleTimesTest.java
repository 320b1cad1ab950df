package io.headgate.schema;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.headgate.model.RecordProblem;
import io.headgate.model.RefusedException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A table that takes times of a range alone. */
class PlausibleTimesTest {
    private static final PlausibleTimes CENTURY = new PlausibleTimes(
            PlausibleTimes.micros(Instant.parse("2000-01-01T00:00:00Z")),
            PlausibleTimes.micros(Instant.parse("2100-01-01T00:00:00Z")));
    private static final List<Column> COLUMNS = List.of(
            new Column("t", ColumnType.TIMESTAMP, true),
            new Column("n", ColumnType.TIMESTAMP_NTZ, true),
            new Column("d", ColumnType.DATE, true),
            new Column("l", ColumnType.LONG, true),
            new Column("a", new ColumnType.Array(ColumnType.TIMESTAMP, true), true),
            new Column("m", new ColumnType.Map(ColumnType.TIMESTAMP, ColumnType.TIMESTAMP_NTZ, true), true));

    private static int decoded(PlausibleTimes plausible, String json) {
        byte[] body = json.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
        return new RowDecoder(Decoding.schema(COLUMNS), Decoding.LIMITS, plausible)
                .decode(body, 0, body.length, more -> true)
                .rowCount();
    }

    private static List<RecordProblem> problems(PlausibleTimes plausible, String json) {
        return assertThrows(RefusedException.class, () -> decoded(plausible, json), json)
                .refusal()
                .details();
    }

    @Test
    void bothEndsAreTakenAndNothingBeyond() {
        for (String column : List.of("t", "n")) {
            String zone = column.equals("t") ? "Z" : "";
            for (String value : List.of(
                    "946684800000000",
                    "'946684800000000'",
                    "9466848000e5",
                    "'2000-01-01T00:00" + zone + "'",
                    "4102444800000000",
                    "'2100-01-01T00:00:00.000000" + zone + "'")) {
                assertEquals(1, decoded(CENTURY, "{'" + column + "':" + value + "}"), value);
            }
            for (String value :
                    List.of("946684799999999", "'946684799999999'", "'1999-12-31T23:59:59.999999" + zone + "'")) {
                assertEquals(
                        "is 1999-12-31T23:59:59.999999" + zone + ", before 2000-01-01T00:00"
                                + (zone.isEmpty() ? "" : ":00Z") + ", the earliest that is plausible for the table",
                        problems(CENTURY, "{'" + column + "':" + value + "}")
                                .get(0)
                                .reason());
            }
            assertEquals(
                    "is 2100-01-01T00:00:00.000001" + zone + ", after 2100-01-01T00:00" + (zone.isEmpty() ? "" : ":00Z")
                            + ", the latest that is plausible for the table",
                    problems(CENTURY, "{'" + column + "':4102444800000001}")
                            .get(0)
                            .reason());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "946684799,",
        "946684800, seconds",
        "1769846400, seconds",
        "4102444800, seconds",
        "4102444801,",
        "946684799999,",
        "946684800000, milliseconds",
        "1769846400123, milliseconds",
        "4102444800000, milliseconds",
        "4102444800001,",
        "946684799999999,",
        "4102444800000001,",
        "946684799999999999,",
        "946684800000000000, nanoseconds",
        "1769846400123456789, nanoseconds",
        "4102444800000000999, nanoseconds",
        "4102444800000001000,",
        "9223372036854775807,",
        "-9223372036854775808,",
        "-1769846400,",
        "-1,",
        "0,"
    })
    void theUnitIsToldThatANumberLooksLike(String number, String unit) {
        for (String json : List.of("{'t':" + number + "}", "{'t':'" + number + "'}", "{'n':" + number + "}")) {
            String reason = problems(CENTURY, json).get(0).reason();
            String told = reason.replaceFirst(".* that is plausible for the table", "");
            assertEquals(
                    unit == null ? "" : ": it looks like " + unit + ", so send microseconds or ISO-8601", told, reason);
        }
    }

    @Test
    void anOpenEndLeavesTheFinerUnit() {
        PlausibleTimes since2000 = new PlausibleTimes(CENTURY.earliest(), Long.MAX_VALUE);
        assertEquals(
                "is 1970-01-21T11:37:26.400123Z, before 2000-01-01T00:00:00Z, the earliest that is plausible for the"
                        + " table: it looks like milliseconds, so send microseconds or ISO-8601",
                problems(since2000, "{'t':1769846400123}").get(0).reason());
        assertEquals(1, decoded(since2000, "{'t':9223372036854775807,'n':946684800000000}"));
        PlausibleTimes until2100 = new PlausibleTimes(Long.MIN_VALUE, CENTURY.latest());
        assertEquals(1, decoded(until2100, "{'t':-9223372036854775808,'n':0}"));
        assertEquals(1, problems(until2100, "{'t':4102444800000001}").size());
    }

    @Test
    void timesAreFoundWhereverTheyAreAndNothingElseIs() {
        List<RecordProblem> problems = problems(
                CENTURY,
                "{'t':null,'d':0,'l':0,'a':[1769846400000000,1769846400,null],"
                        + "'m':{'1':1769846400000000,'2026-01-31T08:00Z':1769846400}}");
        assertEquals(
                List.of("$.a[1]", "$.m['1']", "$.m['2026-01-31T08:00Z']"),
                problems.stream().map(RecordProblem::path).toList());
        assertEquals(
                "is a key that is 1970-01-01T00:00:00.000001Z, before 2000-01-01T00:00:00Z, the earliest that is plausible"
                        + " for the table",
                problems.get(1).reason());
        assertEquals("1769846400", problems.get(0).got());
    }

    @Test
    void allTimesAreTakenUnlessSomebodySaysOtherwise() {
        assertEquals(1, decoded(PlausibleTimes.ALL, "{'t':-9223372036854775808,'n':9223372036854775807}"));
        assertEquals(
                1,
                Decoding.rows(COLUMNS, "{\"t\":9223372036854775807,\"n\":-9223372036854775808}")
                        .size());
    }

    @Test
    void momentsThatMicrosecondsCannotTellAreNoBounds() {
        assertEquals(Long.MAX_VALUE, PlausibleTimes.micros(Instant.MAX));
        assertEquals(Long.MIN_VALUE, PlausibleTimes.micros(Instant.MIN));
        assertEquals(1, PlausibleTimes.micros(Instant.ofEpochSecond(0, 1_999)));
        assertEquals(-1, PlausibleTimes.micros(Instant.ofEpochSecond(-1, 999_999_999)));
        assertThrows(IllegalArgumentException.class, () -> new PlausibleTimes(1, 0));
        assertEquals(1, decoded(new PlausibleTimes(0, 0), "{'t':0}"));
    }
}
