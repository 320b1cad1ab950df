package io.headgate.gateway.coding;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How a body was coded for its way. */
public enum ContentCoding {
    /** Not at all. */
    IDENTITY,
    /** RFC 1952, also as several members one after another. */
    GZIP,
    /** RFC 8878 with the windows of RFC 9659, also as several frames one after another. */
    ZSTD,
    /** RFC 1950; RFC 1951 without what that puts around it, which some clients send, is told from it and taken too. */
    DEFLATE;

    /** The codings to choose from, as {@code Accept-Encoding} has them. */
    public static final String ACCEPTED = "gzip, zstd, deflate";

    private static final String NONE = "identity";

    /**
     * What the fields {@code Content-Encoding} say, all together.
     *
     * @return null if that is more than one coding, or one that is not taken
     */
    public static @Nullable ContentCoding of(List<String> fields) {
        ContentCoding only = IDENTITY;
        for (String name : String.join(",", fields).toLowerCase(Locale.ROOT).split(",", -1)) {
            String stripped = name.strip();
            if (stripped.isEmpty() || stripped.equals(NONE)) {
                continue;
            }
            ContentCoding coding = named(stripped);
            if (coding == null || only != IDENTITY) {
                return null;
            }
            only = coding;
        }
        return only;
    }

    private static @Nullable ContentCoding named(String name) {
        return switch (name) {
            case "gzip", "x-gzip" -> GZIP; // the latter by RFC 9110, 8.4.1.3
            case "zstd" -> ZSTD;
            case "deflate" -> DEFLATE;
            default -> null;
        };
    }

    /** As a message has it. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
