package io.headgate.gateway.coding;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdDictTrainer;
import io.headgate.model.Refusal;
import io.headgate.model.RefusedException;
import io.headgate.model.Seed;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is expanded, what is not and why; all at once and piece by piece alike. */
class ExpanderTest {
    private static final int SMALL_BYTES_MAX = Expander.SMALL_BYTES_MAX;
    private static final List<ContentCoding> CODINGS =
            List.of(ContentCoding.GZIP, ContentCoding.ZSTD, ContentCoding.DEFLATE);
    private static final byte[] EMPTY = {};
    private static final byte[] TEXT = "{\"device_id\":\"pump-17\",\"temp\":21.5}".getBytes(StandardCharsets.UTF_8);
    private static final byte[] LONG = IntStream.range(0, 1_000)
            .mapToObj(i -> "{\"device_id\":\"pump-" + i * 31 % 1_000 + "\",\"temp\":" + i / 7.0 + "},")
            .reduce(new StringBuilder(), StringBuilder::append, StringBuilder::append)
            .toString()
            .getBytes(StandardCharsets.UTF_8);

    private final Expander expander = new Expander();

    @AfterEach
    void end() {
        expander.close();
    }

    private byte[] pieces(ContentCoding coding, byte[] coded, int piece) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        byte[] into = new byte[piece + 2];
        try (Expansion expansion = expander.begin(coding, coded, coded.length)) {
            for (int count = expansion.read(into, 1, piece); count >= 0; count = expansion.read(into, 1, piece)) {
                assertTrue(count > 0);
                all.write(into, 1, count);
            }
            assertEquals(-1, expansion.read(into, 0, 1));
        }
        return all.toByteArray();
    }

    /** Also with what is no part of the body behind it. */
    private byte[] once(ContentCoding coding, byte[] coded, int max) {
        ByteBuffer content = expander.small(coding, Arrays.copyOf(coded, coded.length + 9), coded.length, max);
        if (content == null) {
            return new byte[] {-1};
        }
        byte[] own = new byte[content.remaining()];
        content.get(own);
        return own;
    }

    private void accepted(byte[] expected, ContentCoding coding, byte[]... parts) {
        byte[] coded = Coded.concat(parts);
        assertArrayEquals(expected, once(coding, coded, expected.length + 1));
        if (expected.length > 0) {
            assertArrayEquals(expected, once(coding, coded, expected.length));
        }
        if (expected.length > 1) {
            assertArrayEquals(new byte[] {-1}, once(coding, coded, expected.length - 1));
        }
        assertArrayEquals(expected, pieces(coding, coded, 1 << 16));
        assertArrayEquals(expected, pieces(coding, coded, 7_919));
    }

    private void refused(String how, ContentCoding coding, byte[]... parts) {
        byte[] coded = Coded.concat(parts);
        RefusedException once = assertThrows(RefusedException.class, () -> once(coding, coded, SMALL_BYTES_MAX));
        RefusedException pieces = assertThrows(RefusedException.class, () -> pieces(coding, coded, 1 << 16));
        for (RefusedException refused : List.of(once, pieces)) {
            assertEquals(Refusal.Code.INVALID_PARAMETER, refused.refusal().code());
            String message = refused.refusal().message();
            assertTrue(
                    message.startsWith(
                            "The body cannot be expanded from " + coding + ", as Content-Encoding says: it " + how),
                    message);
        }
    }

    @Test
    void whatEncodersMakeIsExpanded() {
        for (byte[] body : List.of(EMPTY, TEXT, LONG)) {
            accepted(body, ContentCoding.GZIP, Coded.gzip(body));
            accepted(body, ContentCoding.DEFLATE, Coded.zlib(body));
            accepted(body, ContentCoding.DEFLATE, Coded.raw(body));
            accepted(body, ContentCoding.ZSTD, Coded.zstd(body));
            accepted(body, ContentCoding.ZSTD, Coded.zstdStream(body, 17));
            for (int level : new int[] {1, 6, 19}) {
                accepted(body, ContentCoding.ZSTD, Zstd.compress(body, level));
            }
            for (int level = 0; level <= 9; level++) {
                accepted(body, ContentCoding.DEFLATE, deflate(body, level, EMPTY));
            }
        }
    }

    private static byte[] deflate(byte[] body, int level, byte[] dictionary) {
        Deflater deflater = new Deflater(level);
        if (dictionary.length > 0) {
            deflater.setDictionary(dictionary);
        }
        deflater.setInput(body);
        deflater.finish();
        byte[] coded = new byte[body.length + 1_000];
        int length = deflater.deflate(coded);
        deflater.end();
        return Arrays.copyOf(coded, length);
    }

    @Test
    void whatMayBeRepeatedIs() {
        byte[] twice = Coded.concat(TEXT, LONG);
        accepted(twice, ContentCoding.GZIP, Coded.gzip(TEXT), Coded.gzip(EMPTY), Coded.gzip(LONG));
        accepted(twice, ContentCoding.ZSTD, Coded.zstd(TEXT), Coded.zstdStream(LONG, 20), Coded.zstd(EMPTY));
    }

    @Test
    void skippableFramesAreSkipped() {
        byte[] skipped = Coded.skippable(LONG);
        accepted(TEXT, ContentCoding.ZSTD, skipped, Coded.zstd(TEXT), Coded.skippable(EMPTY));
        accepted(EMPTY, ContentCoding.ZSTD, skipped);
    }

    /** Extra field, name, comment and the header's own checksum. */
    private static byte[] headed(int flags, int headerChecksumError, byte[] member) {
        byte[] head = {0x1f, (byte) 0x8b, 8, (byte) flags, 1, 2, 3, 4, 0, 3};
        byte[] extra = {3, 0, 1, 2, 3};
        byte[] texts = "name\0a comment\0".getBytes(StandardCharsets.US_ASCII);
        byte[] header = Coded.concat(head, extra, texts);
        CRC32 crc = new CRC32();
        crc.update(header);
        long sum = crc.getValue() + headerChecksumError;
        return Coded.concat(
                header, new byte[] {(byte) sum, (byte) (sum >> 8)}, Arrays.copyOfRange(member, 10, member.length));
    }

    @Test
    void everyHeaderOfGzipIsRead() {
        byte[] gzip = Coded.gzip(TEXT);
        accepted(TEXT, ContentCoding.GZIP, headed(0x1e, 0, gzip));
        accepted(TEXT, ContentCoding.GZIP, headed(0x1f, 0, gzip));
        refused("has a header that is not what its checksum is of", ContentCoding.GZIP, headed(0x1e, 1, gzip));
        for (int unknown : new int[] {0x20, 0x40, 0x80}) {
            refused("has a header that RFC 1952 does not know", ContentCoding.GZIP, headed(0x1e | unknown, 0, gzip));
        }
        byte[] method = gzip.clone();
        method[2] = 7;
        refused("has a header that RFC 1952 does not know", ContentCoding.GZIP, method);
    }

    @Test
    void anythingElseIsSaidToBe() {
        byte[] noise = new byte[1_000];
        new Random(3).nextBytes(noise);
        refused("does not begin with the bytes 1f 8b", ContentCoding.GZIP, TEXT);
        refused("does not begin with the bytes 1f 8b", ContentCoding.GZIP, Coded.zlib(TEXT));
        refused("does not begin with the bytes 28 b5 2f fd", ContentCoding.ZSTD, TEXT);
        refused("does not begin with the bytes 28 b5 2f fd", ContentCoding.ZSTD, Coded.gzip(TEXT));
        refused("is damaged (invalid ", ContentCoding.DEFLATE, TEXT);
        refused("is damaged (invalid ", ContentCoding.DEFLATE, Coded.gzip(TEXT));
        refused("is damaged (invalid ", ContentCoding.DEFLATE, noise);
    }

    @Test
    void whatGoesOnIsRefused() {
        byte[] zero = {0};
        for (byte[] rest : List.of(zero, new byte[512], TEXT, Coded.raw(TEXT))) {
            String how = rest.length == 1 ? "ends before it is complete" : BrokenBody.GOES_ON;
            refused(how, ContentCoding.GZIP, Coded.gzip(LONG), rest);
            refused(how, ContentCoding.ZSTD, Coded.zstd(LONG), rest);
            refused(BrokenBody.GOES_ON, ContentCoding.DEFLATE, Coded.zlib(LONG), rest);
            refused(BrokenBody.GOES_ON, ContentCoding.DEFLATE, Coded.raw(LONG), rest);
        }
        refused(BrokenBody.GOES_ON, ContentCoding.DEFLATE, Coded.zlib(TEXT), Coded.zlib(TEXT));
    }

    @Test
    void whatIsCutShortIsRefusedWhereverThatIs() {
        for (byte[] body : List.of(TEXT, Arrays.copyOf(LONG, 3_000))) {
            cut(ContentCoding.GZIP, Coded.gzip(body));
            cut(ContentCoding.GZIP, headed(0x1e, 0, Coded.gzip(body)));
            cut(ContentCoding.DEFLATE, Coded.zlib(body));
            cut(ContentCoding.DEFLATE, Coded.raw(body));
            cut(ContentCoding.ZSTD, Coded.zstd(body));
            cut(ContentCoding.ZSTD, Coded.zstdStream(body, 20));
        }
        refused(BrokenBody.CUT, ContentCoding.GZIP, Coded.gzip(TEXT), Arrays.copyOf(Coded.gzip(TEXT), 15));
        refused(BrokenBody.CUT, ContentCoding.ZSTD, Coded.zstd(TEXT), Arrays.copyOf(Coded.zstd(TEXT), 15));
        byte[] skippable = Coded.skippable(TEXT);
        refused(BrokenBody.CUT, ContentCoding.ZSTD, Arrays.copyOf(skippable, skippable.length - 1));
    }

    private void cut(ContentCoding coding, byte[] coded) {
        for (int length = 0; length < coded.length; length++) {
            refused(BrokenBody.CUT, coding, Arrays.copyOf(coded, length));
        }
    }

    @Test
    void wrongChecksumsAreRefused() {
        byte[] gzip = Coded.gzip(LONG);
        refused(BrokenBody.WRONG_CHECKSUM, ContentCoding.GZIP, flipped(gzip, gzip.length - 8));
        refused("does not have the length that its end says", ContentCoding.GZIP, flipped(gzip, gzip.length - 1));
        byte[] zlib = Coded.zlib(LONG);
        refused(BrokenBody.WRONG_CHECKSUM, ContentCoding.DEFLATE, flipped(zlib, zlib.length - 1));
        byte[] zstd = Coded.zstdStream(LONG, 20);
        refused(BrokenBody.WRONG_CHECKSUM, ContentCoding.ZSTD, flipped(zstd, zstd.length - 1));
    }

    private static byte[] flipped(byte[] bytes, int at) {
        byte[] other = bytes.clone();
        other[at] ^= 1;
        return other;
    }

    @Test
    void dictionariesAreNotThere() {
        refused(
                BrokenBody.NEEDS_DICTIONARY,
                ContentCoding.DEFLATE,
                deflate(TEXT, 6, "device_id".getBytes(StandardCharsets.UTF_8)));
        ZstdDictTrainer trainer = new ZstdDictTrainer(1 << 20, 4 << 10);
        for (int i = 0; i < 2_000; i++) {
            trainer.addSample(
                    ("{\"device_id\":\"pump-" + i + "\",\"temp\":" + i / 3.0 + "}").getBytes(StandardCharsets.UTF_8));
        }
        byte[] dictionary = trainer.trainSamples();
        refused(
                BrokenBody.NEEDS_DICTIONARY,
                ContentCoding.ZSTD,
                Zstd.compressUsingDict(TEXT, dictionary, Zstd.defaultCompressionLevel()));
    }

    @Test
    void zstdWindowsAreBounded() {
        accepted(LONG, ContentCoding.ZSTD, Coded.zstdStream(LONG, 23));
        for (byte[] body : List.of(TEXT, LONG)) {
            for (int windowLog : new int[] {24, 27}) {
                refused("needs a window of more than 8 MiB", ContentCoding.ZSTD, Coded.zstdStream(body, windowLog));
            }
        }
        // A frame of a single segment has no window but its content: here it is said to have 8 MiB and a byte.
        byte[] single = {0x28, (byte) 0xb5, 0x2f, (byte) 0xfd, (byte) 0xa0, 1, 0, (byte) 0x80, 0, 1, 0, 0};
        refused("needs a window of more than 8 MiB", ContentCoding.ZSTD, single);
        byte[] huge = {0x28, (byte) 0xb5, 0x2f, (byte) 0xfd, (byte) 0xe0, -1, -1, -1, -1, -1, -1, -1, -1, 1, 0, 0};
        refused("needs a window of more than 8 MiB", ContentCoding.ZSTD, huge);
    }

    @Test
    void aBombIsReadNoFurtherThanAsked() {
        byte[] zeros = new byte[64 << 20];
        for (byte[] bomb : List.of(Coded.zstd(zeros), Coded.zstdStream(zeros, 20))) {
            assertArrayEquals(new byte[] {-1}, once(ContentCoding.ZSTD, bomb, SMALL_BYTES_MAX));
        }
        byte[] gzip = Coded.gzip(zeros);
        assertArrayEquals(new byte[] {-1}, once(ContentCoding.GZIP, gzip, SMALL_BYTES_MAX));
        byte[] into = new byte[1_000];
        try (Expansion expansion = expander.begin(ContentCoding.GZIP, gzip, gzip.length)) {
            assertEquals(1_000, expansion.read(into, 0, 1_000));
        }
        accepted(TEXT, ContentCoding.GZIP, Coded.gzip(TEXT)); // the same native memory, after it was left in the middle
    }

    /** What became of a body: its content, or in words why not. */
    private record Outcome(boolean isExpanded, String text) {
        static Outcome of(Supplier<byte[]> expanding) {
            try {
                return new Outcome(true, new String(expanding.get(), StandardCharsets.ISO_8859_1));
            } catch (RefusedException e) {
                assertEquals(Refusal.Code.INVALID_PARAMETER, e.refusal().code());
                // Behind the bracket are the library's own words, which differ between its ways.
                return new Outcome(false, e.refusal().message().split("\\(", 2)[0]);
            }
        }
    }

    private static final Outcome BEYOND = Outcome.of(() -> new byte[] {-1});

    /** Whatever the bytes, a body is expanded or refused, and the same by both ways. */
    @Test
    void damageIsNeverMoreThanRefused() {
        Random random = Seed.forTest("ExpanderTest").random();
        byte[] body = Arrays.copyOf(LONG, 5_000);
        List<List<byte[]>> whole = List.of(
                List.of(Coded.gzip(body), Coded.concat(Coded.gzip(TEXT), Coded.gzip(body))),
                List.of(
                        Coded.zstd(body),
                        Coded.zstdStream(body, 20),
                        Coded.concat(Coded.zstd(TEXT), Coded.skippable(TEXT), Coded.zstdStream(body, 23))),
                List.of(Coded.zlib(body), Coded.raw(body)));
        int expanded = 0;
        for (int i = 0; i < 6_000; i++) {
            List<byte[]> ofOne = whole.get(random.nextInt(3));
            byte[] coded = damaged(ofOne.get(random.nextInt(ofOne.size())).clone(), random);
            ContentCoding coding = CODINGS.get(random.nextInt(10) == 0 ? random.nextInt(3) : whole.indexOf(ofOne));
            Outcome once = Outcome.of(() -> once(coding, coded, SMALL_BYTES_MAX));
            int piece = 1 + random.nextInt(9_000);
            Outcome pieces = Outcome.of(() -> pieces(coding, coded, piece));
            if (once.equals(BEYOND)) {
                // A damaged zstd block may claim anything; piece by piece it is found out.
                assertTrue(!pieces.isExpanded || pieces.text.length() > SMALL_BYTES_MAX);
            } else {
                assertEquals(once, pieces);
                expanded += once.isExpanded ? 1 : 0;
            }
        }
        System.out.println("ExpanderTest: expanded " + expanded + " of 6000 damaged bodies");
    }

    private static byte[] damaged(byte[] coded, Random random) {
        for (int n = random.nextInt(3); n >= 0; n--) {
            coded[random.nextInt(random.nextBoolean() ? coded.length : 20)] ^= (byte) (1 << random.nextInt(8));
        }
        return random.nextInt(4) == 0 ? Arrays.copyOf(coded, random.nextInt(coded.length)) : coded;
    }
}
