package io.headgate.gateway.http;

import io.headgate.model.Refusal;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.nio.charset.StandardCharsets;

/** A refusal in HTTP/1.1 for a connection that has no request it could answer; the last that is sent on it. */
final class RawAnswer {
    private RawAnswer() {}

    static ByteBuf of(Refusal refusal, String requestId) {
        byte[] body = ErrorBody.of(refusal);
        HttpResponseStatus status =
                HttpResponseStatus.valueOf(RefusalStatus.of(refusal.code()).status());
        StringBuilder head = new StringBuilder("HTTP/1.1 ").append(status).append("\r\n");
        if (refusal.retryAfterSeconds() > 0) {
            head.append("retry-after: ").append(refusal.retryAfterSeconds()).append("\r\n");
        }
        head.append("x-request-id: ").append(requestId).append("\r\n");
        head.append("connection: close\r\ncontent-type: application/json\r\n");
        head.append("content-length: ").append(body.length).append("\r\n\r\n");
        return Unpooled.wrappedBuffer(head.toString().getBytes(StandardCharsets.US_ASCII), body);
    }
}
