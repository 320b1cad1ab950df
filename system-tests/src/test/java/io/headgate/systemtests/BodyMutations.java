package io.headgate.systemtests;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Bodies as no encoder makes them: what records and blanks are written as is cut, flipped, repeated, nested and spliced,
 * then compressed, and then the same happens to that. About as many remain whole as do not. The same seed makes the same
 * bodies.
 */
final class BodyMutations {
    private static final BodyCoding[] CODINGS = BodyCoding.values();
    private static final int BODIES = 200;
    private static final int LARGE_RECORDS = 2_500;
    private static final int BLANKS_MAX = 400_000;
    private static final int REPEATS_MAX = 20;
    private static final int NESTING_MAX = 2_000;

    /** A body and what its headers say of it, which may be wrong. */
    static final class Body {
        private final boolean lines;
        private final BodyCoding coding;
        private final byte[] bytes;

        Body(boolean lines, BodyCoding coding, byte[] bytes) {
            this.lines = lines;
            this.coding = coding;
            this.bytes = bytes;
        }

        /** Whether it is said to be NDJSON. */
        boolean lines() {
            return lines;
        }

        BodyCoding coding() {
            return coding;
        }

        /** 1 or more. */
        byte[] bytes() {
            return bytes;
        }
    }

    private final Random random;
    private final int maxBytes;
    private final List<Body> texts; // not coded yet

    /** @param maxBytes no body will have more */
    BodyMutations(Random random, int maxBytes) {
        this.random = random;
        this.maxBytes = maxBytes;
        this.texts = Stream.generate(this::text).limit(BODIES).toList();
    }

    private Body text() {
        boolean lines = random.nextBoolean();
        if (random.nextInt(20) == 0) {
            String blanks = " ".repeat(random.nextInt(BLANKS_MAX));
            return new Body(lines, BodyCoding.IDENTITY, ("{\"id\":\"a\"}" + blanks).getBytes(StandardCharsets.UTF_8));
        }
        int records = 1 + random.nextInt(random.nextInt(20) == 0 ? LARGE_RECORDS : 10);
        List<String> all = IntStream.range(0, records).mapToObj(this::record).toList();
        String text = lines ? String.join("\n", all) : "[" + String.join(",", all) + "]";
        return new Body(lines, BodyCoding.IDENTITY, text.getBytes(StandardCharsets.UTF_8));
    }

    private String record(int index) {
        StringBuilder record =
                new StringBuilder("{\"id\":\"pumpe-ä-").append(index).append('"');
        if (random.nextInt(4) > 0) {
            record.append(",\"n\":").append(pick(random.nextInt(), "\"17\"", "2.0", "3e2", "null"));
        }
        if (random.nextInt(4) > 0) {
            record.append(",\"x\":").append(pick(random.nextInt(8_000) / 8.0, "\"0.25\"", "\"NaN\"", "1e300", "7"));
        }
        return record.append(random.nextBoolean() ? ",\"ok\":true}" : "}").toString();
    }

    private String pick(Number usual, String... others) {
        int choice = random.nextInt(2 * others.length);
        return choice < others.length ? others[choice] : usual.toString();
    }

    Body next() {
        Body text = randomText();
        byte[] content = changedMaybe(text.bytes, randomText().bytes);
        BodyCoding coding = randomCoding();
        byte[] coded = coding.encode(content);
        if (coding != BodyCoding.IDENTITY) {
            coded = random.nextInt(8) == 0
                    ? randomCoding().encode(coded)
                    : changedMaybe(coded, coding.encode(randomText().bytes));
        }
        boolean lines = text.lines ^ (random.nextInt(20) == 0);
        BodyCoding said = random.nextInt(20) == 0 ? randomCoding() : coding;
        return new Body(lines, said, Arrays.copyOf(coded, Math.max(1, Math.min(coded.length, maxBytes))));
    }

    private Body randomText() {
        return texts.get(random.nextInt(texts.size()));
    }

    private BodyCoding randomCoding() {
        return CODINGS[random.nextInt(CODINGS.length)];
    }

    private byte[] changedMaybe(byte[] bytes, byte[] other) {
        byte[] changed = bytes;
        for (int n = Math.max(0, random.nextInt(5) - 2); n > 0 && changed.length > 0; n--) {
            changed = changed(changed, other);
        }
        return changed;
    }

    /** At any place, or within the first bytes, where the structure is. */
    private byte[] changed(byte[] bytes, byte[] other) {
        int at = random.nextInt(random.nextBoolean() ? bytes.length : Math.min(bytes.length, 30));
        return switch (random.nextInt(6)) {
            case 0 -> Arrays.copyOf(bytes, at);
            case 1, 2 -> flipped(bytes, at);
            case 3 -> repeated(bytes, at);
            case 4 -> nested(bytes, at);
            default ->
                concat(Arrays.copyOf(bytes, at), Arrays.copyOfRange(other, random.nextInt(other.length), other.length));
        };
    }

    private byte[] flipped(byte[] bytes, int at) {
        byte[] flipped = bytes.clone();
        flipped[at] ^= (byte) (1 << random.nextInt(Byte.SIZE));
        return flipped;
    }

    /** All of it, or a piece, once more or many times. */
    private byte[] repeated(byte[] bytes, int at) {
        int from = random.nextBoolean() ? 0 : at;
        int to = from == 0 ? bytes.length : from + 1 + random.nextInt(bytes.length - from);
        byte[] piece = Arrays.copyOfRange(bytes, from, to);
        byte[] repeated = Arrays.copyOf(bytes, to);
        for (int n = 1 + random.nextInt(REPEATS_MAX); n > 0 && repeated.length < maxBytes; n--) {
            repeated = concat(repeated, piece);
        }
        return concat(repeated, Arrays.copyOfRange(bytes, to, bytes.length));
    }

    /** All of it within brackets, or within itself. */
    private byte[] nested(byte[] bytes, int at) {
        int depth = 1 + random.nextInt(random.nextBoolean() ? 2 : NESTING_MAX);
        return switch (random.nextInt(3)) {
            case 0 -> concat(ascii("[".repeat(depth)), bytes, ascii("]".repeat(depth)));
            case 1 -> concat(ascii("{\"id\":".repeat(depth)), bytes, ascii("}".repeat(depth)));
            default -> concat(Arrays.copyOf(bytes, at), bytes, Arrays.copyOfRange(bytes, at, bytes.length));
        };
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] concat(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }
}
