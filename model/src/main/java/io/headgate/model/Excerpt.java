package io.headgate.model;

/** A short, printable piece of somebody else's text, safe to put into a message or a log line. */
public final class Excerpt {
    private static final int CHARS_MAX = 40;

    private Excerpt() {}

    /** At most 40 characters of {@code text}, control and non-ASCII characters escaped, and an ellipsis where cut. */
    public static String of(String text) {
        StringBuilder out = new StringBuilder(CHARS_MAX + 3);
        for (int i = 0; i < text.length(); i++) {
            if (i == CHARS_MAX) {
                return out.append("...").toString();
            }
            char c = text.charAt(i);
            if (c >= ' ' && c <= '~') {
                out.append(c);
            } else {
                out.append(String.format("\\u%04x", (int) c));
            }
        }
        return out.toString();
    }
}
