package io.headgate.gateway.http;

import io.headgate.model.Excerpt;
import io.headgate.model.Refusal;
import io.headgate.model.RefusedException;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What RFC 9112 asks of a head beyond what Netty's decoder refuses (bare line feeds, spaces before colons, control
 * characters, several lengths, a length beside chunks), and what keeps a request to become HTTP/2 from doing harm. A
 * request that breaks a rule goes on as one that could not be read, with its refusal as the reason.
 */
final class HeadRules extends ChannelInboundHandlerAdapter {
    private static final int UPGRADE_BODY_BYTES_MAX = 64 << 10;
    private static final int SETTING_BYTES = 6;

    private boolean upgrading;

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof HttpRequest request) {
            check(request);
            upgrading = request.headers().contains(HttpHeaderNames.UPGRADE);
        } else if (upgrading && message instanceof HttpContent content) {
            context.fireChannelRead(unpooled(content));
            return;
        }
        context.fireChannelRead(message);
    }

    private static void check(HttpRequest request) {
        HttpHeaders headers = request.headers();
        if (request.decoderResult().isSuccess()) {
            try {
                requireVersion(request);
                requireNames(headers);
                requireHost(request);
                requireCoding(headers.get(HttpHeaderNames.TRANSFER_ENCODING));
            } catch (RefusedException e) {
                request.setDecoderResult(DecoderResult.failure(e));
            }
        }
        if (headers.contains(HttpHeaderNames.UPGRADE)
                && (request.decoderResult().isFailure() || !isUpgrade(headers))) {
            headers.remove(HttpHeaderNames.UPGRADE);
        }
    }

    private static void requireVersion(HttpRequest request) {
        HttpVersion version = request.protocolVersion();
        if (!version.equals(HttpVersion.HTTP_1_1) && !version.equals(HttpVersion.HTTP_1_0)) {
            request.setProtocolVersion(HttpVersion.HTTP_1_1); // which the answer then has
            throw Refusal.of(
                            Refusal.Code.NOT_IMPLEMENTED,
                            "This is " + Excerpt.of(version.text()) + ": use HTTP/1.1 or HTTP/2.")
                    .asException();
        }
    }

    private static void requireNames(HttpHeaders headers) {
        if (headers.contains("")) {
            throw Refusal.invalid("There is a header without a name.").asException();
        }
    }

    /** RFC 9112, 3.2: exactly one, but in HTTP/1.0. */
    private static void requireHost(HttpRequest request) {
        List<String> hosts = request.headers().getAll(HttpHeaderNames.HOST);
        if (hosts.isEmpty() && request.protocolVersion().equals(HttpVersion.HTTP_1_0)) {
            return;
        }
        if (hosts.size() != 1 || !isHost(hosts.get(0))) {
            throw Refusal.invalid("There must be one header Host, with a host name or address and optionally a port.")
                    .asException();
        }
    }

    /** Whether all characters may occur in a host and port (RFC 3986, 3.2.2); empty is allowed. */
    private static boolean isHost(String host) {
        for (int i = 0; i < host.length(); i++) {
            char c = host.charAt(i);
            if (c <= ' ' || c >= 0x7F || "\"#/<>?@\\^`{|}".indexOf(c) >= 0) {
                return false;
            }
        }
        return true;
    }

    private static void requireCoding(@Nullable String coding) {
        if (coding != null && !HttpHeaderValues.CHUNKED.contentEqualsIgnoreCase(coding)) {
            throw Refusal.of(
                            Refusal.Code.NOT_IMPLEMENTED,
                            "The Transfer-Encoding '" + Excerpt.of(coding) + "' is not implemented: use chunked alone.")
                    .asException();
        }
    }

    /**
     * Whether a request to become HTTP/2 is one that Vert.x can follow. It answers others without a word, and never
     * frees what they bring. A server may always stay with HTTP/1.1 (RFC 9110, 7.8), so that is what becomes of them,
     * and of those with a long body, which no window would bound.
     */
    private static boolean isUpgrade(HttpHeaders headers) {
        return headers.contains(HttpHeaderNames.UPGRADE, "h2c", true)
                && headers.containsValue(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE, true)
                && headers.containsValue(HttpHeaderNames.CONNECTION, "http2-settings", true)
                && headers.getAll("http2-settings").size() == 1
                && isSettings(headers.get("http2-settings"))
                && !headers.contains(HttpHeaderNames.TRANSFER_ENCODING)
                && !isLong(headers.get(HttpHeaderNames.CONTENT_LENGTH));
    }

    private static boolean isLong(@Nullable String contentLength) {
        return contentLength != null && BodyRules.exceeds(contentLength, UPGRADE_BODY_BYTES_MAX);
    }

    private static boolean isSettings(String base64) {
        try {
            return Base64.getUrlDecoder().decode(base64).length % SETTING_BYTES == 0;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** The same in memory that need not be freed: Vert.x drops it where it does not accept the upgrade after all. */
    private static HttpContent unpooled(HttpContent content) {
        HttpContent copy = content.replace(Unpooled.copiedBuffer(content.content()));
        content.release();
        return copy;
    }
}
