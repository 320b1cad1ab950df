package io.headgate.gateway.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.headgate.model.RefusedException;
import io.headgate.model.Seed;
import io.headgate.model.TableId;
import java.util.Base64;
import java.util.HashSet;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReceiptsTest {
    private static final TableId TABLE = new TableId("0d3bd4c2-7e41-4b33-9d8e-33e0c3dcb2d5");
    private static final String SUBJECT = "pump-17";

    private final Random random = Seed.forTest("ReceiptsTest").random();
    private final SecretKey key = key();
    private final Receipts receipts = new Receipts(key, "log-1");

    private SecretKey key() {
        byte[] bytes = new byte[16];
        random.nextBytes(bytes);
        return new SecretKeySpec(bytes, "AES");
    }

    private long position() {
        return random.nextLong() >>> 1;
    }

    @Test
    void whatWasSealedOpens() {
        for (long position : new long[] {0, 1, Long.MAX_VALUE, position()}) {
            String sealed = receipts.seal(position, TABLE, SUBJECT);
            assertEquals(Receipts.SEALED_CHARS, sealed.length());
            assertEquals(OptionalLong.of(position), receipts.open(sealed, TABLE, SUBJECT));
        }
    }

    /** A replay, another event loop or the next process answers the same. */
    @Test
    void theSamePositionAlwaysSealsToTheSameText() {
        long position = position();
        String sealed = receipts.seal(position, TABLE, SUBJECT);
        receipts.seal(position + 1, TABLE, "another");
        assertEquals(sealed, receipts.seal(position, TABLE, SUBJECT));
        assertEquals(sealed, new Receipts(key, "log-1").seal(position, TABLE, SUBJECT));
    }

    @Test
    void nobodyElseOpensIt() {
        long position = position();
        String sealed = receipts.seal(position, TABLE, SUBJECT);
        assertEquals(OptionalLong.empty(), receipts.open(sealed, TABLE, "pump-18"));
        assertEquals(OptionalLong.empty(), receipts.open(sealed, new TableId("another"), SUBJECT));
        assertEquals(OptionalLong.empty(), new Receipts(key, "log-2").open(sealed, TABLE, SUBJECT));
        assertEquals(OptionalLong.empty(), new Receipts(key(), "log-1").open(sealed, TABLE, SUBJECT));
    }

    /** What divides subject and table id is not for a subject to choose. */
    @Test
    void fieldsDoNotRunIntoEachOther() {
        String sealed = receipts.seal(1, new TableId("ab"), "c");
        assertEquals(OptionalLong.empty(), receipts.open(sealed, new TableId("a"), "bc"));
        assertEquals(OptionalLong.empty(), new Receipts(key, "log-1a").open(sealed, new TableId("b"), "c"));
    }

    @Test
    void everyFlippedBitIsRefused() {
        for (int round = 0; round < 100; round++) {
            byte[] sealed = Base64.getUrlDecoder().decode(receipts.seal(position(), TABLE, SUBJECT));
            for (int bit = 0; bit < sealed.length * 8; bit++) {
                byte[] flipped = sealed.clone();
                flipped[bit / 8] ^= (byte) (1 << bit % 8);
                String text = Base64.getUrlEncoder().withoutPadding().encodeToString(flipped);
                assertEquals(OptionalLong.empty(), receipts.open(text, TABLE, SUBJECT), "bit " + bit);
            }
        }
    }

    /** The last character has 4 bits that no byte takes. */
    @Test
    void onlyOneTextStandsForABlock() {
        String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        String sealed = receipts.seal(position(), TABLE, SUBJECT);
        long opened = alphabet.chars()
                .filter(last -> receipts.open(sealed.substring(0, 21) + (char) last, TABLE, SUBJECT)
                        .isPresent())
                .count();
        assertEquals(1, opened);
    }

    @Test
    void neighboursHaveNothingInCommon() {
        Set<String> halves = new HashSet<>();
        for (long position = 0; position < 1_000; position++) {
            String sealed = receipts.seal(position, TABLE, SUBJECT);
            halves.add(sealed.substring(0, 11));
            halves.add(sealed.substring(11));
        }
        assertEquals(2_000, halves.size());
        assertNotEquals(receipts.seal(1, TABLE, SUBJECT), receipts.seal(1, TABLE, "pump-18"));
    }

    @Test
    void aReceiptSaysWhichTable() {
        String text = receipts.seal(7, TABLE, SUBJECT) + ".main.fleet.telemetry";
        assertEquals(text, ReceiptText.parse(text).toString());
        assertEquals(TestCatalog.TELEMETRY, ReceiptText.parse(text).table());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "main.fleet.telemetry",
                "AAAAAAAAAAAAAAAAAAAAAA",
                "AAAAAAAAAAAAAAAAAAAAAA.",
                "AAAAAAAAAAAAAAAAAAAAAA.telemetry",
                "AAAAAAAAAAAAAAAAAAAAA.main.fleet.telemetry",
                "AAAAAAAAAAAAAAAAAAAAAAA.main.fleet.telemetry",
                "AAAAAAAAAAAAAAAAAAAAA+.main.fleet.telemetry",
                "AAAAAAAAAAAAAAAAAAAA==.main.fleet.telemetry",
                "%41AAAAAAAAAAAAAAAAAAA.main.fleet.telemetry",
                "AAAAAAAAAAAAAAAAAAAAAA.main.fleet.tele%6detry"
            })
    void whatHasNotTheShapeOfOneIsRefused(String text) {
        assertThrows(RefusedException.class, () -> ReceiptText.parse(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"wait", "wait=", "wait=tables", "wait=table&wait=no", "a=b&wait=1", "wait=%74able"})
    void aWaitForSomethingElseIsRefused(String query) {
        assertThrows(RefusedException.class, () -> WaitParameter.isTable(query));
    }

    @Test
    void otherParametersMeanNothing() {
        assertEquals(false, WaitParameter.isTable((String) null));
        assertEquals(false, WaitParameter.isTable("a=1&waiting=2&%zz"));
        assertEquals(true, WaitParameter.isTable("a=1&wait=table"));
    }
}
