package io.headgate.gateway.http;

import io.headgate.model.Excerpt;
import io.headgate.model.Refusal;
import io.headgate.model.RefusedException;
import io.headgate.model.TableName;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * Reads a table name out of the raw path segment: split on literal dots first, then each part percent-decoded (RFC
 * 3986, 2.1), as clients encode identifiers one by one. A dot or slash that only appears by decoding is refused.
 */
final class TableSegment {
    private TableSegment() {}

    /** @throws RefusedException INVALID_PARAMETER if it does not name a table */
    static TableName parse(String segment) {
        String[] parts = segment.split("\\.", -1);
        if (parts.length != 3) {
            throw Refusal.invalid("The table in the path, '" + Excerpt.of(segment) + "', has " + parts.length
                            + " parts: a table is named catalog.schema.table, three parts joined by dots.")
                    .asException();
        }
        return new TableName(decode(parts[0]), decode(parts[1]), decode(parts[2]));
    }

    private static String decode(String part) {
        if (part.indexOf('%') < 0) {
            return part;
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(part.length());
        for (int i = 0; i < part.length(); i++) {
            char c = part.charAt(i);
            if (c == '%') {
                bytes.write(escaped(part, i));
                i += 2;
            } else if (c < 0x80) {
                bytes.write(c);
            } else {
                throw malformed(part);
            }
        }
        return utf8(part, bytes.toByteArray());
    }

    private static int escaped(String part, int at) {
        if (at + 2 >= part.length()
                || !HexFormat.isHexDigit(part.charAt(at + 1))
                || !HexFormat.isHexDigit(part.charAt(at + 2))) {
            throw malformed(part);
        }
        int value = HexFormat.fromHexDigits(part, at + 1, at + 3);
        if (value == '.' || value == '/') {
            throw Refusal.invalid("The part '" + Excerpt.of(part)
                            + "' of the table name in the path encodes a dot or a slash: names cannot contain either.")
                    .asException();
        }
        return value;
    }

    private static String utf8(String part, byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw malformed(part);
        }
    }

    private static RefusedException malformed(String part) {
        return Refusal.invalid("The part '" + Excerpt.of(part)
                        + "' of the table name in the path is not percent-encoded UTF-8.")
                .asException();
    }
}
