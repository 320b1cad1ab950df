package io.headgate.schema;

import static io.headgate.schema.ColumnType.INTEGER;
import static io.headgate.schema.ColumnType.LONG;
import static io.headgate.schema.ColumnType.STRING;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.headgate.model.RecordProblem;
import io.headgate.model.Refusal;
import io.headgate.model.RefusedException;
import io.headgate.schema.TypeCases.Case;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * What each type takes, as what, and what it does not take, and why: each as a nullable and as a NOT NULL column, in structs,
 * arrays and maps, and, if it is text, as a key.
 */
class DecodeCasesTest {
    @TestFactory
    Stream<DynamicTest> everyTypeTakesWhatItShouldAndNothingElse() {
        List<Case> cases = TypeCases.all();
        assertTrue(cases.size() > 1_500, "cases: " + cases.size());
        return cases.stream().map(c -> DynamicTest.dynamicTest(c.toString(), () -> check(c)));
    }

    private static void check(Case c) {
        for (boolean nullable : new boolean[] {true, false}) {
            checkColumn(c, nullable);
            ColumnType struct = new ColumnType.Struct(List.of(new Column("x", c.type(), nullable)));
            checkWithin(c, nullable, struct, "{\"x\":%s}", "$.v.x", "x", List::of);
            ColumnType array = new ColumnType.Array(c.type(), nullable);
            checkWithin(c, nullable, array, "[%s]", "$.v[0]", "v", List::of);
            ColumnType map = new ColumnType.Map(STRING, c.type(), nullable);
            checkWithin(c, nullable, map, "{\"k\":%s}", "$.v['k']", "v", value -> List.of(Map.entry("k", value)));
            checkWithin(
                    c,
                    nullable,
                    new ColumnType.Array(
                            new ColumnType.Struct(List.of(
                                    new Column("m", new ColumnType.Map(INTEGER, struct, false), false),
                                    new Column("n", LONG, true))),
                            false),
                    "[{\"m\":{\"7\":{\"x\":%s}},\"n\":1}]",
                    "$.v[0].m['7'].x",
                    "x",
                    value -> List.of(List.of(List.of(Map.entry(7, List.of(value))), 1L)));
        }
        if (c.isOfKey()) {
            checkKey(c);
        }
    }

    private static void checkColumn(Case c, boolean nullable) {
        Column column = new Column("v", c.type(), nullable);
        List<Column> columns = List.of(new Column("n", LONG, true), column);
        String first = "{\"n\":1,\"v\":" + c.json() + "}";
        String second = "{\"v\": " + c.json() + " , \"n\":2}";
        if (c.accepted()) {
            assertEquals(
                    List.of(List.of(1L, c.expected()), List.of(2L, c.expected())),
                    Decoding.rows(columns, "[" + first + ",\n" + second + "]"));
            assertEquals(List.of(List.of(2L, c.expected())), Decoding.rows(columns, second));
        } else {
            refused(columns, first, c, nullable, 0, "$.v", "v", 1, 12);
            if (nullable) {
                refused(columns, "[{\"v\":null},\n" + second + "]", c, true, 1, "$.v", "v", 2, 7);
            }
        }
    }

    private static void checkWithin(
            Case c,
            boolean nullable,
            ColumnType type,
            String json,
            String path,
            String field,
            Function<Object, List<?>> within) {
        List<Column> columns = List.of(new Column("v", type, false));
        String record = "{\"v\":" + json.formatted(c.json()) + "}";
        if (c.accepted()) {
            assertEquals(List.of(List.of(within.apply(c.expected()))), Decoding.rows(columns, record));
        } else {
            refused(columns, record, c, nullable, 0, path, field, 1, 6 + json.indexOf('%'));
        }
    }

    private static void checkKey(Case c) {
        List<Column> columns = List.of(new Column("v", new ColumnType.Map(c.type(), LONG, false), true));
        String record = "{\"v\":{" + c.json() + ":1}}";
        if (c.accepted()) {
            assertEquals(List.of(List.of(List.of(Map.entry(c.key(), 1L)))), Decoding.rows(columns, record));
        } else {
            RecordProblem problem = problem(columns, record, c);
            if (c.breaksNames()) {
                assertEquals("$", problem.path());
                assertTrue(problem.reason().matches("is not JSON .* surrogate .*in field name.*"), problem.reason());
                return;
            }
            assertTrue(problem.path().startsWith("$.v['"), problem.path());
            assertTrue(problem.reason().startsWith("is a key that " + c.expected()), problem.reason());
            assertEquals("a key of type " + Expected.of(c.type()), problem.expected());
        }
    }

    private static RecordProblem problem(List<Column> columns, String json, Case c) {
        Refusal refusal = assertThrows(RefusedException.class, () -> Decoding.rows(columns, json), c.toString())
                .refusal();
        assertEquals(Refusal.Code.INVALID_PARAMETER, refusal.code());
        assertEquals(1, refusal.details().size(), () -> refusal.details().toString());
        RecordProblem problem = refusal.details().get(0);
        assertTrue(refusal.message().contains(problem.reason()), refusal.message());
        assertTrue(String.valueOf(problem.got()).length() < 300, problem.got());
        return problem;
    }

    private static void refused(
            List<Column> columns,
            String json,
            Case c,
            boolean nullable,
            long record,
            String path,
            String field,
            int line,
            int column) {
        RecordProblem problem = problem(columns, json, c);
        String expected = Expected.of(c.type(), nullable);
        assertEquals(
                new RecordProblem(record, path, field, line, column, problem.reason(), expected, problem.got()),
                problem);
        assertTrue(problem.reason().startsWith((String) c.expected()), problem.reason());
    }
}
