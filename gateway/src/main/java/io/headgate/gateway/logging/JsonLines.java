package io.headgate.gateway.logging;

import ch.qos.logback.classic.spi.ILoggingEvent;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.io.CharacterEscapes;
import com.fasterxml.jackson.core.util.MinimalPrettyPrinter;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * For tools: an object per line, {@code ts}, {@code level}, {@code logger} and {@code msg} first, then the line's own
 * fields, then {@code error} and {@code stack_trace}. Written in ASCII, so that no tool on the way and no terminal can
 * stumble over it.
 */
final class JsonLines extends LineFormat {
    private static final int HIGHEST_PLAIN_CHAR = '~';
    private static final JsonFactory JSON = new JsonFactoryBuilder()
            .highestNonEscapedChar(HIGHEST_PLAIN_CHAR)
            .characterEscapes(new DeleteToo())
            .build();

    /** What JSON must escape, and the one control character of ASCII that it need not. */
    private static final class DeleteToo extends CharacterEscapes {
        private static final int DELETE = 0x7f;

        @Override
        public int[] getEscapeCodesForAscii() {
            int[] codes = standardAsciiEscapesForJSON();
            codes[DELETE] = ESCAPE_STANDARD;
            return codes;
        }

        @Override
        public @Nullable SerializableString getEscapeSequence(int c) {
            return null;
        }
    }

    @Override
    void append(Line line, StringBuilder out) {
        StringWriter text = new StringWriter(512);
        try (JsonGenerator json = JSON.createGenerator(text)) {
            json.setPrettyPrinter(new MinimalPrettyPrinter());
            write(line, json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        out.append(text.getBuffer()).append('\n');
    }

    private void write(Line line, JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("ts", time(line));
        json.writeStringField("level", line.level().toString().toLowerCase(Locale.ROOT));
        json.writeStringField("logger", line.logger());
        json.writeStringField("msg", AccessLine.cut(line.message(), MESSAGE_CHARS_MAX));
        line.fields(new Members(json));
        ILoggingEvent thrower = line.thrower();
        if (thrower != null) {
            String stack = stack(thrower);
            json.writeStringField("error", AccessLine.cut(stack.split("\\R", 2)[0], FIELD_CHARS_MAX));
            json.writeStringField("stack_trace", stack);
        }
        json.writeEndObject();
    }

    private record Members(JsonGenerator json) implements Line.Fields {
        @Override
        public boolean wantsAll() {
            return true;
        }

        @Override
        public void text(String name, @Nullable String value) {
            if (value != null) {
                try {
                    json.writeStringField(name, AccessLine.cut(value, FIELD_CHARS_MAX));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }

        @Override
        public void number(String name, long value) {
            try {
                json.writeNumberField(name, value);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void millis(String name, long nanos) {
            try {
                json.writeNumberField(name, inMillis(nanos));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
