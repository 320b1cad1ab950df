package io.headgate.loadtest;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/**
 * As much of HTTP/1.1 as it takes to make sense of the gateway's answers: a status line, headers with a {@code
 * content-length}, a body. One connection's, in pieces as they come.
 */
final class AnswerReader {
    private static final byte[] LENGTH = "content-length:".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] RETRY_AFTER = "retry-after:".getBytes(StandardCharsets.US_ASCII);
    private static final int STATUS_FROM = "HTTP/1.1 ".length();
    private static final int STATUS_TO = STATUS_FROM + 3;
    private static final int LINE_BYTES_MAX = 1024;

    private final byte[] line = new byte[LINE_BYTES_MAX];
    private int length;
    private int status;
    private int retryAfterSeconds;
    private int bodyLeft;
    private boolean inBody;

    /** Takes of a piece what belongs to one answer; true if that was its end. */
    boolean read(ByteBuf piece) {
        while (!inBody && piece.isReadable()) {
            head(piece.readByte());
        }
        if (inBody) {
            int taken = Math.min(bodyLeft, piece.readableBytes());
            piece.skipBytes(taken);
            bodyLeft -= taken;
            inBody = bodyLeft > 0;
            return !inBody;
        }
        return false;
    }

    /** The status of the answer that ended last. */
    int status() {
        return status;
    }

    /** When that says to come back; 0 if it does not. */
    int retryAfterSeconds() {
        return retryAfterSeconds;
    }

    private void head(byte b) {
        if (b != '\n') {
            if (length < LINE_BYTES_MAX && b != '\r') {
                line[length++] = b;
            }
            return;
        }
        if (length == 0) {
            inBody = true;
        } else if (line[0] == 'H' && line[1] == 'T') {
            status = number(STATUS_FROM, STATUS_TO);
            retryAfterSeconds = 0;
        } else if (begins(LENGTH)) {
            bodyLeft = number(LENGTH.length, length);
        } else if (begins(RETRY_AFTER)) {
            retryAfterSeconds = number(RETRY_AFTER.length, length);
        }
        length = 0;
    }

    private boolean begins(byte[] name) {
        if (length < name.length) {
            return false;
        }
        for (int i = 0; i < name.length; i++) {
            byte b = line[i];
            if ((b >= 'A' && b <= 'Z' ? b + ('a' - 'A') : b) != name[i]) {
                return false;
            }
        }
        return true;
    }

    private int number(int from, int to) {
        int number = 0;
        for (int i = from; i < to; i++) {
            if (line[i] >= '0' && line[i] <= '9') {
                number = number * 10 + (line[i] - '0');
            }
        }
        return number;
    }
}
