package io.headgate.gateway.http;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** An HTTP/2 client with prior knowledge that sends exactly the frames a test wants (RFC 9113, 4.1). */
final class RawHttp2 implements AutoCloseable {
    static final int DATA = 0;
    static final int HEADERS = 1;
    static final int RST_STREAM = 3;
    static final int SETTINGS = 4;
    static final int PING = 6;
    static final int GOAWAY = 7;
    static final int CONTINUATION = 9;

    static final int END_STREAM = 1;
    static final int END_HEADERS = 4;

    static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    record Frame(int type, int flags, int stream, ByteBuffer payload) {
        /** The number at an index of the payload. */
        int number(int at) {
            return payload.getInt(at);
        }
    }

    private final RawClient client;

    RawHttp2(RawClient client) throws IOException {
        this.client = client;
        client.send(PREFACE);
        send(SETTINGS, 0, 0, new byte[0]);
    }

    static byte[] frame(int type, int flags, int stream, byte[] payload) {
        return ByteBuffer.allocate(9 + payload.length)
                .put((byte) (payload.length >> 16))
                .putShort((short) payload.length)
                .put((byte) type)
                .put((byte) flags)
                .putInt(stream)
                .put(payload)
                .array();
    }

    /** A header block of literals without indexing, without Huffman (RFC 7541, 6.2.2). */
    static byte[] headers(String... namesAndValues) {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            block.write(0);
            string(block, namesAndValues[i]);
            string(block, namesAndValues[i + 1]);
        }
        return block.toByteArray();
    }

    private static void string(ByteArrayOutputStream block, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        if (bytes.length < 127) {
            block.write(bytes.length);
        } else {
            block.write(127);
            int rest = bytes.length - 127;
            for (; rest >= 128; rest >>= 7) {
                block.write((rest & 127) | 128);
            }
            block.write(rest);
        }
        block.writeBytes(bytes);
    }

    RawHttp2 send(int type, int flags, int stream, byte[] payload) throws IOException {
        client.send(frame(type, flags, stream, payload));
        return this;
    }

    /** The next frame of this type; others before it are passed over. */
    Frame await(int type) throws IOException {
        Frame frame = next();
        while (frame.type != type) {
            frame = next();
        }
        return frame;
    }

    private Frame next() throws IOException {
        byte[] head = client.read(9);
        if (head.length < 9) {
            throw new EOFException("The connection ended");
        }
        int length = ByteBuffer.wrap(head).getInt() >>> 8;
        int stream = ByteBuffer.wrap(head).getInt(5);
        return new Frame(head[3], head[4], stream, ByteBuffer.wrap(client.read(length)));
    }

    boolean ended() throws IOException {
        return client.ended();
    }

    @Override
    public void close() throws IOException {
        client.close();
    }
}
