package io.headgate.schema;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.io.IOContext;
import com.fasterxml.jackson.core.io.SerializedString;
import com.fasterxml.jackson.core.json.UTF8StreamJsonParser;
import com.fasterxml.jackson.core.sym.ByteQuadsCanonicalizer;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Jackson's parser of one body that is in memory as a whole, with two short cuts through it:
 *
 * <ul>
 *   <li>Text is read as the UTF-8 that it is in the body. No characters are made of it, and no bytes of these.
 *   <li>What comes next is looked at ahead of the parser if it may be what nearly all records consist of: a name that is
 *       expected there, and a plain value. Whoever has use for it {@link #accept accepts} it, and the parser goes on behind
 *       it. Otherwise, whatever the reason, the parser reads it as if nobody had looked, so that it alone decides what JSON
 *       is and all errors are its own.
 * </ul>
 *
 * <p>Plain is a value without whitespace or an escape in it, between single spaces at most, as serializers write it. One
 * thread.
 */
final class RecordParser extends UTF8StreamJsonParser {
    private static final byte[] TRUE = {'t', 'r', 'u', 'e'};
    private static final byte[] FALSE = {'f', 'a', 'l', 's', 'e'};
    private static final byte[] NULL = {'n', 'u', 'l', 'l'};
    private static final int UTF8_BYTES_PER_CHAR_MAX = 3;
    private static final int NO_NUMBER = Integer.MAX_VALUE;

    private final int maxStringChars;
    private final int maxNumberChars;
    private final int maxNameBytes;
    private ByteReservation reservation = bytes -> false;
    private @Nullable GrowingBytes copy;
    private byte[] text;
    private int textOffset;
    private int textLength;
    /** Of text that is a number without an exponent, else none. */
    private int digitCount;

    private long digits;
    private int decimals;
    /** Behind the value that was looked at ahead. */
    private int aheadEnd;
    /** The name of any field or entry that was found ahead. */
    private int nameOffset;

    private int nameLength;

    private RecordParser(
            IOContext context, int features, ByteQuadsCanonicalizer names, byte[] body, int start, int end) {
        super(context, features, null, null, names, body, start, end, 0, false);
        maxStringChars = streamReadConstraints().getMaxStringLength();
        maxNumberChars = streamReadConstraints().getMaxNumberLength();
        maxNameBytes = streamReadConstraints().getMaxNameLength();
        text = body;
    }

    /** Makes them; shared by all threads, as a factory is. */
    static final class Factory extends JsonFactory {
        Factory(JsonFactoryBuilder builder) {
            super(builder);
        }

        /**
         * @param body UTF-8
         * @param reservation asked before memory for text is taken that cannot be read where it is
         */
        RecordParser parser(byte[] body, int offset, int length, ByteReservation reservation) throws IOException {
            RecordParser parser = (RecordParser) createParser(body, offset, length);
            parser.reservation = reservation;
            return parser;
        }

        @Override
        protected JsonParser _createParser(byte[] data, int offset, int length, IOContext context) {
            ByteQuadsCanonicalizer names = _byteSymbolCanonicalizer.makeChild(_factoryFeatures);
            return new RecordParser(context, _parserFeatures, names, data, offset, offset + length);
        }
    }

    /** A field's name as it is looked for ahead: with its quotes and the colon, compared eight bytes at a time. */
    static final class Name {
        private static final VarHandle LONGS =
                MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

        private final SerializedString name;
        private final byte[] bytes;
        /** The first eight bytes, or as many as there are. */
        private final long first;

        private final long firstMask;

        Name(String name) {
            this.name = new SerializedString(name);
            byte[] quoted = this.name.asQuotedUTF8();
            bytes = ByteBuffer.allocate(quoted.length + 3)
                    .put((byte) '"')
                    .put(quoted)
                    .put((byte) '"')
                    .put((byte) ':')
                    .array();
            firstMask = bytes.length < Long.BYTES ? (1L << (bytes.length * Byte.SIZE)) - 1 : -1;
            first = (long) LONGS.get(Arrays.copyOf(bytes, Math.max(bytes.length, Long.BYTES)), 0);
        }

        /** The name, for the parser to compare the next one with. */
        SerializedString serialized() {
            return name;
        }

        /** Whether it is this name, which has nothing that JSON would escape. */
        boolean is(byte[] text, int offset, int length) {
            return length == bytes.length - 3
                    && Arrays.equals(text, offset, offset + length, bytes, 1, bytes.length - 2);
        }

        /** Whether the name is there, and eight bytes that may be its own are before {@code stop}. */
        private boolean isAt(byte[] buffer, int i, int stop) {
            int length = bytes.length;
            if (i > stop - Math.max(length, Long.BYTES) || ((long) LONGS.get(buffer, i) & firstMask) != first) {
                return false;
            }
            for (int at = Long.BYTES; at < length; at += Long.BYTES) {
                int word = Math.min(at, length - Long.BYTES);
                if ((long) LONGS.get(buffer, i + word) != (long) LONGS.get(bytes, word)) {
                    return false;
                }
            }
            return true;
        }
    }

    /**
     * Looks for the field ahead, in the object that the parser is in. Its text is there to be used if it is found.
     *
     * @return what its value is; null if the parser is to read what comes
     */
    @Nullable
    JsonToken fieldAhead(Name name) throws IOException {
        int i = behindSeparator(JsonToken.START_OBJECT);
        return i >= 0 && name.isAt(_inputBuffer, i, _inputEnd) ? valueAhead(i + name.bytes.length, '}') : null;
    }

    /** Looks for an item ahead, in the array that the parser is in. */
    @Nullable
    JsonToken itemAhead() throws IOException {
        int i = behindSeparator(JsonToken.START_ARRAY);
        return i >= 0 && i < _inputEnd ? valueAhead(i, ']') : null;
    }

    /**
     * Looks for any field or entry ahead, in the object that the parser is in. The value's text is there to be used if it is
     * found; its name is part of {@link #body}, and text after {@link #readNameAhead}.
     */
    @Nullable
    JsonToken anyFieldAhead() throws IOException {
        int i = behindSeparator(JsonToken.START_OBJECT);
        if (i < 0 || i >= _inputEnd || _inputBuffer[i] != '"' || stringAhead(i + 1) == null) {
            return null;
        }
        nameOffset = textOffset;
        nameLength = textLength;
        int colon = aheadEnd;
        return nameLength <= maxNameBytes && colon < _inputEnd && _inputBuffer[colon] == ':'
                ? valueAhead(colon + 1, '}')
                : null;
    }

    /** Holds the body. */
    byte[] body() {
        return _inputBuffer;
    }

    /** Where in it the name begins of the field that was found ahead. */
    int nameOffset() {
        return nameOffset;
    }

    /** In bytes. */
    int nameLength() {
        return nameLength;
    }

    /** Reads the name of the entry that was found ahead, as text. */
    void readNameAhead() {
        setText(_inputBuffer, nameOffset, nameLength);
    }

    /**
     * Goes on behind what was found ahead last. The name of what the parser is at is not its own then, which is looked at in
     * problems alone, and those the parser comes to.
     *
     * @param found as it was found
     */
    void accept(JsonToken found) throws IOException {
        _parsingContext.expectComma(); // counts it
        _inputPtr = aheadEnd;
        _numTypesValid = NR_UNKNOWN;
        _updateToken(found);
    }

    /** Behind the comma before what comes, or the beginning of what it is the first in; -1 if neither is there. */
    private int behindSeparator(JsonToken begin) throws IOException {
        if (_tokenIncomplete) {
            _skipString();
        }
        int i = _inputPtr;
        if (_currToken == begin) {
            return i;
        }
        return i < _inputEnd && _inputBuffer[i] == ',' ? behindSpace(i + 1) : -1;
    }

    private int behindSpace(int i) {
        return i < _inputEnd && _inputBuffer[i] == ' ' ? i + 1 : i;
    }

    private @Nullable JsonToken valueAhead(int from, char closing) {
        int start = behindSpace(from);
        if (start >= _inputEnd) {
            return null;
        }
        byte first = _inputBuffer[start];
        JsonToken token = first == '"'
                ? stringAhead(start + 1)
                : first <= '9' ? numberAhead(start, first == '-') : wordAhead(start, first);
        if (token == null || aheadEnd == _inputEnd) {
            return null;
        }
        byte next = _inputBuffer[aheadEnd];
        return next == ',' || next == closing ? token : null;
    }

    private @Nullable JsonToken stringAhead(int start) {
        int end = Utf8.endOfPlainJson(_inputBuffer, start, _inputEnd);
        setText(_inputBuffer, start, end - start);
        aheadEnd = end + 1;
        return end < _inputEnd && _inputBuffer[end] == '"' && textLength <= maxStringChars
                ? JsonToken.VALUE_STRING
                : null;
    }

    private @Nullable JsonToken wordAhead(int start, byte first) {
        return switch (first) {
            case 't' -> wordAhead(start, TRUE, JsonToken.VALUE_TRUE);
            case 'f' -> wordAhead(start, FALSE, JsonToken.VALUE_FALSE);
            case 'n' -> wordAhead(start, NULL, JsonToken.VALUE_NULL);
            default -> null;
        };
    }

    private @Nullable JsonToken wordAhead(int start, byte[] word, JsonToken token) {
        aheadEnd = start + word.length;
        return aheadEnd < _inputEnd && Arrays.equals(_inputBuffer, start, aheadEnd, word, 0, word.length)
                ? token
                : null;
    }

    /** RFC 8259, section 6, without an exponent. What the number is comes out by the way. */
    private @Nullable JsonToken numberAhead(int start, boolean negative) {
        byte[] buffer = _inputBuffer;
        int stop = _inputEnd;
        int whole = negative ? start + 1 : start;
        long value = 0;
        int point = -1;
        int i = whole;
        for (; i < stop; i++) {
            int digit = buffer[i] - '0';
            if (digit >= 0 && digit <= 9) {
                value = value * 10 + digit;
            } else if (buffer[i] == '.' && point < 0) {
                point = i;
            } else {
                break;
            }
        }
        int wholeEnd = point < 0 ? i : point;
        if (wholeEnd == whole || point == i - 1 || (buffer[whole] == '0' && wholeEnd > whole + 1)) {
            return null;
        }
        setText(buffer, start, i - start);
        aheadEnd = i;
        digits = negative ? -value : value;
        decimals = point < 0 ? 0 : i - 1 - point;
        boolean negativeZero = negative && value == 0; // no long
        digitCount = negativeZero ? NO_NUMBER : i - whole - (point < 0 ? 0 : 1);
        if (textLength > maxNumberChars) {
            return null;
        }
        return point < 0 ? JsonToken.VALUE_NUMBER_INT : JsonToken.VALUE_NUMBER_FLOAT;
    }

    /**
     * Reads the text that the parser is at, if it is at one, for the methods below. It is copied if it has an escape in it.
     *
     * @param token the parser's
     * @throws ValueProblem if it holds half of a surrogate pair
     */
    void readText(JsonToken token) throws IOException, ValueProblem {
        switch (token) {
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> {
                int start = behindTokenStart() - 1;
                int length = _textBuffer.size();
                if (numberAhead(start, _inputBuffer[start] == '-') == null || textLength != length) {
                    setText(_inputBuffer, start, length);
                }
            }
            case VALUE_STRING -> stringAt(behindTokenStart());
            case FIELD_NAME -> stringAt(_nameStartOffset);
            default -> {} // it has none
        }
    }

    private int behindTokenStart() {
        return (int) (_tokenInputTotal - _currInputProcessed);
    }

    private void stringAt(int start) throws IOException, ValueProblem {
        if (stringAhead(start) == null) {
            copyText();
        }
    }

    private void copyText() throws IOException, ValueProblem {
        char[] chars = getTextCharacters();
        int from = getTextOffset();
        int length = getTextLength();
        int size = Utf8.length(chars, from, length);
        if (size < 0) {
            throw new ValueProblem("holds half of a surrogate pair, which is not a character");
        }
        GrowingBytes copy = emptyCopy();
        copy.take(size);
        Utf8.encode(chars, from, length, copy.array(), 0);
        setText(copy.array(), 0, size);
    }

    private void setText(byte[] bytes, int offset, int length) {
        if (text != bytes) { // it rarely is, and a collector has work with each reference that is set
            text = bytes;
        }
        textOffset = offset;
        textLength = length;
        digitCount = NO_NUMBER;
    }

    private GrowingBytes emptyCopy() {
        GrowingBytes empty = copy;
        if (empty == null) {
            long max = (long) UTF8_BYTES_PER_CHAR_MAX * maxStringChars;
            empty = new GrowingBytes((int) Math.min(Integer.MAX_VALUE, max), reservation);
            copy = empty;
        }
        empty.giveBack(0);
        return empty;
    }

    /** Holds the text that was read or found ahead last, as UTF-8. */
    byte[] text() {
        return text;
    }

    int textOffset() {
        return textOffset;
    }

    int textLength() {
        return textLength;
    }

    /** How many digits the text has; too many for any use if it is no JSON number, has an exponent, or is -0. */
    int digitCount() {
        return digitCount;
    }

    /** The number without its point, if its digits fit a long. */
    long digits() {
        return digits;
    }

    /** Its digits behind the point. */
    int decimals() {
        return decimals;
    }
}
