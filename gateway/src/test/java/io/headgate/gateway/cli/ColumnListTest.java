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
        "STRING, STRING", "BOOLEAN, BOOLEAN", "TINYINT, BYTE", "SMALLINT, SHORT", "INT, INTEGER", "INTEGER, INTEGER",
        "BIGINT, LONG", "LONG, LONG", "FLOAT, FLOAT", "REAL, FLOAT", "DOUBLE, DOUBLE", "DATE, DATE",
        "TIMESTAMP, TIMESTAMP", "Timestamp_ntz, TIMESTAMP_NTZ", "string, STRING",
    })
    void everyType(String sql, ColumnType type) {
        assertEquals(List.of(new Column("c", type, true)), ColumnList.parse("c " + sql));
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
                "a DECIMAL(10,2)            | column a has type 'DECIMAL', which is none of BIGINT, BOOLEAN, DATE,"
                        + " DOUBLE, FLOAT, INT, INTEGER, LONG, REAL, SMALLINT, STRING, TIMESTAMP, TIMESTAMP_NTZ, TINYINT",
            })
    void whatIsWrong(String columns, String problem) {
        IllegalArgumentException wrong = assertThrows(IllegalArgumentException.class, () -> ColumnList.parse(columns));
        assertEquals(
                problem + ". Columns are written like 'device_id STRING NOT NULL, ts TIMESTAMP, temp DOUBLE'.",
                wrong.getMessage());
    }
}
