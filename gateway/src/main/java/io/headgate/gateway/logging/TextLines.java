package io.headgate.gateway.logging;

import ch.qos.logback.classic.spi.ILoggingEvent;
import org.jspecify.annotations.Nullable;

/**
 * For people: {@code time LEVEL Logger - message name=value ... | stack trace}. Line breaks become {@code |}; all else
 * that a terminal could take for an order, or that hides or reorders text, is escaped as in Java.
 */
final class TextLines extends LineFormat {
    private static final int LEVEL_WIDTH = 5;

    @Override
    void append(Line line, StringBuilder out) {
        out.append(time(line)).append(' ');
        out.append(line.level());
        out.append(
                " ".repeat(Math.max(1, LEVEL_WIDTH + 1 - line.level().toString().length())));
        String logger = line.logger();
        out.append(logger, logger.lastIndexOf('.') + 1, logger.length()).append(" - ");
        escape(AccessLine.cut(line.message(), MESSAGE_CHARS_MAX), out);
        line.fields(new Pairs(out));
        ILoggingEvent thrower = line.thrower();
        if (thrower != null) {
            out.append(" | ");
            escape(stack(thrower), out);
        }
        out.append('\n');
    }

    private static void escape(String text, StringBuilder out) {
        boolean broken = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\n' || c == '\r' || c == '\t') {
                broken = true;
                continue;
            }
            if (broken) {
                out.append(" | ");
                broken = false;
            }
            if (isHarmless(text, i)) {
                out.append(c);
            } else {
                escape(c, out);
            }
        }
    }

    private static void escape(char c, StringBuilder out) {
        out.append("\\u");
        for (int shift = 12; shift >= 0; shift -= 4) {
            out.append(Character.forDigit(c >> shift & 0xf, 16));
        }
    }

    private static boolean isHarmless(String text, int at) {
        char c = text.charAt(at);
        if (c < 0x7f) {
            return c >= ' ';
        }
        if (Character.isLowSurrogate(c)) {
            return at > 0 && Character.isHighSurrogate(text.charAt(at - 1));
        }
        return switch (Character.getType(text.codePointAt(at))) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE,
                    Character.UNASSIGNED,
                    Character.PRIVATE_USE -> false;
            default -> true;
        };
    }

    /** Fields as {@code name=value}, texts in quotes where they would not be one word. */
    private record Pairs(StringBuilder out) implements Line.Fields {
        @Override
        public boolean wantsAll() {
            return false;
        }

        @Override
        public void text(String name, @Nullable String value) {
            if (value == null) {
                return;
            }
            String bounded = AccessLine.cut(value, FIELD_CHARS_MAX);
            out.append(' ').append(name).append('=');
            if (isOneWord(bounded)) {
                out.append(bounded);
            } else {
                out.append('"');
                escape(bounded.replace("\\", "\\\\").replace("\"", "\\\""), out);
                out.append('"');
            }
        }

        @Override
        public void number(String name, long value) {
            out.append(' ').append(name).append('=').append(value);
        }

        @Override
        public void millis(String name, long nanos) {
            out.append(' ').append(name).append('=').append(inMillis(nanos));
        }

        private static boolean isOneWord(String text) {
            return !text.isEmpty() && text.chars().allMatch(c -> c > ' ' && c < 0x7f && c != '"' && c != '=');
        }
    }
}
