package io.headgate.loadtest;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/**
 * As much of HTTP/1.1 as it takes to know where the gateway's answers end: a status line, headers with a {@code
 * content-length}, a body. One connection's, in pieces as they come.
 */
final class AnswerReader {
    private static final byte[] LENGTH = "\ncontent-length:".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] END = "\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final int STATUS_FROM = "HTTP/1.1 ".length();

    private int status;
    private int bodyLeft;
    private int endMatched;
    private int lengthMatched;
    private int read;
    private boolean inLength;

    /** Takes a piece; the answer's status if that was its end, else 0. */
    int read(ByteBuf piece) {
        while (piece.isReadable()) {
            if (endMatched == END.length) {
                int taken = Math.min(bodyLeft, piece.readableBytes());
                piece.skipBytes(taken);
                bodyLeft -= taken;
            } else {
                head(piece.readByte());
            }
            if (endMatched == END.length && bodyLeft == 0) {
                return finish();
            }
        }
        return 0;
    }

    private int finish() {
        int known = status;
        status = 0;
        endMatched = 0;
        lengthMatched = 0;
        read = 0;
        return known;
    }

    private void head(byte b) {
        if (read >= STATUS_FROM && read < STATUS_FROM + 3) {
            status = status * 10 + (b - '0');
        }
        read++;
        endMatched = b == END[endMatched] ? endMatched + 1 : b == END[0] ? 1 : 0;
        if (inLength) {
            if (b >= '0' && b <= '9') {
                bodyLeft = bodyLeft * 10 + (b - '0');
            }
            inLength = b != '\r';
            return;
        }
        byte lower = b >= 'A' && b <= 'Z' ? (byte) (b + ('a' - 'A')) : b;
        lengthMatched = lower == LENGTH[lengthMatched] ? lengthMatched + 1 : lower == LENGTH[0] ? 1 : 0;
        if (lengthMatched == LENGTH.length) {
            inLength = true;
            lengthMatched = 0;
        }
    }
}
