package io.headgate.schema;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.headgate.model.Seed;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ShortDecimalTest {
    private static final int ROUNDS = 100_000;
    private static final Pattern JSON_NUMBER = Pattern.compile("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?");

    private static final List<Column> COLUMNS = List.of(
            new Column("d", ColumnType.DOUBLE, false),
            new Column("f", ColumnType.FLOAT, false),
            new Column("last", ColumnType.BOOLEAN, true));

    private final RowDecoder decoder = new RowDecoder(Decoding.schema(COLUMNS), DecodeLimits.of(1_000, 10_000));

    /** In a body that the number is found in ahead of the parser, and in one where the parser comes to it. */
    private void isAsTheJdkReadsIt(String json, String text) {
        for (String body : List.of("{\"d\":%s,\"f\":%s,\"last\":true}", "{\"d\":  %s  ,\"f\":\t%s\n}")) {
            byte[] bytes = String.format(body, json, json).getBytes(StandardCharsets.US_ASCII);
            DecodedRows rows = decoder.decode(bytes, 0, bytes.length, more -> true);
            RowReader reader = new RowReader(RowLayout.of(COLUMNS)).wrap(rows.payload());
            assertTrue(reader.next());
            assertEquals(Double.parseDouble(text), reader.doubleAt(0), text);
            assertEquals(Float.parseFloat(text), reader.floatAt(1), text);
        }
    }

    @Test
    void anyDecimalIsTheNearestNumber() {
        Random random = Seed.forTest("ShortDecimalTest").random();
        for (int i = 0; i < ROUNDS; i++) {
            int digits = 1 + random.nextInt(ShortDecimal.DOUBLE_DIGITS_MAX + 2);
            BigInteger units = new BigInteger(60, random).mod(BigInteger.TEN.pow(digits));
            String text = new BigDecimal(units, random.nextInt(digits)).toPlainString();
            String signed = random.nextBoolean() ? text : "-" + text;
            isAsTheJdkReadsIt(signed, signed);
        }
    }

    @Test
    void pointsAndZerosMayBeAnywhere() {
        for (String text : List.of(
                "0",
                "-0",
                "0.0",
                "-0.0",
                ".5",
                "-.5",
                "5.",
                "007",
                "00.10",
                "999999999999999",
                "-9999999.99999999",
                "0.00000000000001",
                ".000000000000001",
                "9999999",
                "16777217",
                "0.3333333",
                ".9999999",
                "1e3",
                "1E-3",
                "+1",
                "1.5e0",
                "1234567890123456",
                "0.123456789012345",
                "-1234567890123456",
                "12345678901234567890123")) {
            isAsTheJdkReadsIt('"' + text + '"', text);
            if (JSON_NUMBER.matcher(text).matches()) {
                isAsTheJdkReadsIt(text, text);
            }
        }
    }
}
