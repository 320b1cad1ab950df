package io.headgate.schema;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.headgate.model.Seed;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ShortDecimalTest {
    private static final int ROUNDS = 200_000;

    private static void isAsTheJdkReadsIt(String text) {
        char[] chars = ("x" + text + "9").toCharArray();
        boolean negative = text.startsWith("-");
        long scanned = ShortDecimal.scan(chars, 1, text.length(), ShortDecimal.DOUBLE_DIGITS_MAX);
        assertNotEquals(ShortDecimal.NONE, scanned, text);
        assertEquals(Double.parseDouble(text), ShortDecimal.toDouble(scanned, negative), text);
        long narrow = ShortDecimal.scan(chars, 1, text.length(), ShortDecimal.FLOAT_DIGITS_MAX);
        if (narrow != ShortDecimal.NONE) {
            assertEquals(Float.parseFloat(text), ShortDecimal.toFloat(narrow, negative), text);
        }
    }

    @Test
    void anyShortDecimalIsTheNearestNumber() {
        Random random = Seed.forTest("ShortDecimalTest").random();
        for (int i = 0; i < ROUNDS; i++) {
            int digits = 1 + random.nextInt(ShortDecimal.DOUBLE_DIGITS_MAX);
            BigInteger units = new BigInteger(50, random).mod(BigInteger.TEN.pow(digits));
            String text = new BigDecimal(units, random.nextInt(digits)).toPlainString();
            isAsTheJdkReadsIt(random.nextBoolean() ? text : "-" + text);
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
                ".9999999")) {
            isAsTheJdkReadsIt(text);
        }
    }

    @Test
    void longerTextAndExponentsAreLeftToOthers() {
        for (String text :
                List.of("1e3", "1E-3", "+1", "1.5e0", "1234567890123456", "0.123456789012345", "-1234567890123456")) {
            long scanned = ShortDecimal.scan(text.toCharArray(), 0, text.length(), ShortDecimal.DOUBLE_DIGITS_MAX);
            assertEquals(ShortDecimal.NONE, scanned, text);
        }
    }
}
