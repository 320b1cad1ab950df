package io.headgate.gateway.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.headgate.schema.Column;
import io.headgate.schema.ColumnType;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ColumnListTest {
    @Test
    void columnsKeepTheirOrderTheirCaseAndWhetherTheyMayBeNull() {
        assertEquals(
                List.of(
                        new Column("device_id", ColumnType.STRING, false),
                        new Column("Ts", ColumnType.TIMESTAMP, true),
                        new Column("temp", ColumnType.DOUBLE, true)),
                ColumnList.parse("device_id STRING NOT NULL, Ts TIMESTAMP,temp\n double null"));
    }

    @Test
    void namesBetweenBackticksAreTakenAsTheyAre() {
        assertEquals(
                List.of(
                        new Column("not", ColumnType.DATE, false),
                        new Column("2nd-temp", ColumnType.FLOAT, true),
                        new Column("a`b", ColumnType.DATE, true)),
                ColumnList.parse("`not` DATE NOT NULL, `2nd-temp` REAL, `a``b` DATE"));
    }

    @ParameterizedTest
    @CsvSource({
        "STRING, STRING", "BOOLEAN, BOOLEAN", "TINYINT, TINYINT", "SMALLINT, SMALLINT", "INT, INT", "INTEGER, INT",
        "BIGINT, BIGINT", "LONG, BIGINT", "FLOAT, FLOAT", "REAL, FLOAT", "DOUBLE, DOUBLE", "DATE, DATE",
        "TIMESTAMP, TIMESTAMP", "Timestamp_ntz, TIMESTAMP_NTZ", "string, STRING", "binary, BINARY",
    })
    void everyType(String sql, String type) {
        ColumnType plain = ColumnType.PLAIN.stream()
                .filter(any -> any.sqlName().equals(type))
                .findAny()
                .orElseThrow();
        assertEquals(List.of(new Column("c", plain, true)), ColumnList.parse("c " + sql));
    }

    @Test
    void typesWithParameters() {
        assertEquals(new ColumnType.Decimal(10, 0), type("DECIMAL"));
        assertEquals(new ColumnType.Decimal(5, 0), type("dec ( 5 )"));
        assertEquals(new ColumnType.Decimal(38, 38), type("NUMERIC(38,38)"));
        assertEquals(new ColumnType.Char(3), type("CHAR(3)"));
        assertEquals(new ColumnType.Char(3), type("Character(3)"));
        assertEquals(new ColumnType.Varchar(65_535), type("VARCHAR(65535)"));
        assertEquals(new ColumnType.Array(ColumnType.INTEGER, true), type("ARRAY<INT>"));
        assertEquals(new ColumnType.Map(ColumnType.STRING, ColumnType.LONG, true), type("map<string,bigint>"));
        assertEquals(
                new ColumnType.Struct(List.of(
                        new Column("a", ColumnType.INTEGER, false),
                        new Column("b", ColumnType.STRING, true),
                        new Column("c-d:", ColumnType.DATE, true))),
                type("STRUCT<a: INT NOT NULL, b STRING, `c-d:`: DATE>"));
    }

    /** What a message or the schema of a table says can be given to another. */
    @Test
    void typesAreReadAsTheyAreWritten() {
        ColumnType struct = new ColumnType.Struct(List.of(
                new Column("a", new ColumnType.Decimal(9, 2), false), new Column("b`-", ColumnType.BINARY, true)));
        for (ColumnType type : List.of(
                new ColumnType.Array(struct, false),
                new ColumnType.Map(new ColumnType.Varchar(9), new ColumnType.Array(struct, true), false),
                new ColumnType.Struct(List.of(new Column("s", struct, false))))) {
            assertEquals(type, type(type.sqlName()), type.sqlName());
        }
    }

    @Test
    void nestingHasABound() {
        int most = ColumnType.NESTING_MAX;
        assertEquals(
                ColumnType.Kind.ARRAY,
                type("ARRAY<".repeat(most) + "INT" + ">".repeat(most)).kind());
        String deeper = "c " + "ARRAY<".repeat(100_000);
        IllegalArgumentException wrong = assertThrows(IllegalArgumentException.class, () -> ColumnList.parse(deeper));
        assertEquals(
                "types are nested more than 100 levels deep. Columns are written like 'device_id STRING NOT NULL, ts"
                        + " TIMESTAMP, temp DOUBLE'.",
                wrong.getMessage());
    }

    private static ColumnType type(String sql) {
        List<Column> columns = ColumnList.parse("c " + sql + ", d INT");
        assertEquals(new Column("d", ColumnType.INTEGER, true), columns.get(1));
        return columns.get(0).type();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''                         | a column's name is missing",
                "a STRING,                  | a column's name is missing",
                ", a STRING                 | a column's name is missing",
                "a                          | the type of column a is missing",
                "a, b STRING                | the type of column a is missing",
                "a STRING NOT               | NOT without NULL at column a",
                "a STRING NOT NULL NULL     | 'NULL' where a comma, NOT NULL or the end was expected",
                "a STRING b DATE            | 'b' where a comma, NOT NULL or the end was expected",
                "a DATE, A STRING           | column A is given twice",
                "`` DATE                    | column name '' is empty or contains one of: space , ; { } ( ) = tab, line"
                        + " break",
                "`a b` DATE                 | column name 'a b' is empty or contains one of: space , ; { } ( ) = tab,"
                        + " line break",
                "2nd DATE                   | '2' where a column's name was expected: put unusual names between"
                        + " backticks",
                "`a DATE                    | '`' where a column's name was expected: put unusual names between"
                        + " backticks",
                "a INTERVAL                 | column a has type 'INTERVAL', which is none of ARRAY, BIGINT, BINARY, BOOLEAN,"
                        + " CHAR, CHARACTER, DATE, DEC, DECIMAL, DOUBLE, FLOAT, INT, INTEGER, LONG, MAP, NUMERIC, REAL,"
                        + " SMALLINT, STRING, STRUCT, TIMESTAMP, TIMESTAMP_NTZ, TINYINT, VARCHAR",
                "a DECIMAL(39,0)            | DECIMAL(39,0) is none: precision goes from 1 to 38, scale from 0 to the"
                        + " precision",
                "a DECIMAL(5,6)             | DECIMAL(5,6) is none: precision goes from 1 to 38, scale from 0 to the"
                        + " precision",
                "a DECIMAL(x)               | DECIMAL's precision is 'x', which is no whole number up to 2147483647",
                "a DECIMAL(5,               | DECIMAL's scale is missing",
                "a DECIMAL(5 STRING         | 'STRING' where DECIMAL has a ')'",
                "a VARCHAR                  | the end where VARCHAR has a '('",
                "a CHAR(99999999999)        | CHAR's length is '99999999999', which is no whole number up to 2147483647",
                "a ARRAY                    | the end where ARRAY has a '<'",
                "a ARRAY<>                  | an array's element has type '>', which is none of ARRAY, BIGINT, BINARY,"
                        + " BOOLEAN, CHAR, CHARACTER, DATE, DEC, DECIMAL, DOUBLE, FLOAT, INT, INTEGER, LONG, MAP,"
                        + " NUMERIC, REAL, SMALLINT, STRING, STRUCT, TIMESTAMP, TIMESTAMP_NTZ, TINYINT, VARCHAR",
                "a ARRAY<INT                | the end where ARRAY has a '>'",
                "a MAP<INT>                 | '>' where MAP has a ','",
                "a MAP<ARRAY<INT>, INT>     | a map's key has type ARRAY<INT>, which names of JSON fields cannot be",
                "a STRUCT<>                 | '>' where a column's name was expected: put unusual names between backticks",
                "a STRUCT<b INT, B INT>     | column B is given twice",
                "a STRUCT<b INT NOT>        | NOT without NULL at column b",
            })
    void whatIsWrong(String columns, String problem) {
        IllegalArgumentException wrong = assertThrows(IllegalArgumentException.class, () -> ColumnList.parse(columns));
        assertEquals(
                problem + ". Columns are written like 'device_id STRING NOT NULL, ts TIMESTAMP, temp DOUBLE'.",
                wrong.getMessage());
    }
}
