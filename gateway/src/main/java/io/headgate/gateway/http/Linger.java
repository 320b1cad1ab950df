package io.headgate.gateway.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Closes a connection whose client may still be sending. Closing at once would have the client's system throw away the
 * answer with which the client could have learned why (RFC 9112, 9.6). So the client is told that no more will come, and
 * what it sends is dropped unread until it closes, or has had its time, or has sent too much.
 */
final class Linger extends ChannelInboundHandlerAdapter {
    private final long maxBytes;
    private long bytes;

    private Linger(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** Begins with the end of {@code channel}, after what was written. On its event loop; once. */
    static void begin(Channel channel, ConnectionLimits limits) {
        channel.pipeline().addFirst(new Linger(limits.lingerBytes()));
        ChannelHandlerContext context = channel.pipeline().firstContext();
        context.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(flushed -> endOutput((DuplexChannel) channel));
        Future<?> end =
                channel.eventLoop().schedule(() -> close(context), limits.lingerTimeoutMillis(), TimeUnit.MILLISECONDS);
        channel.closeFuture().addListener(closed -> end.cancel(false));
        channel.config().setAutoRead(true);
    }

    private static void endOutput(DuplexChannel channel) {
        ChannelFuture unused = channel.shutdownOutput();
    }

    private static void close(ChannelHandlerContext context) {
        ChannelFuture unused = context.close();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        bytes += ((ByteBuf) message).readableBytes();
        ReferenceCountUtil.release(message);
        if (bytes > maxBytes) {
            close(context);
        }
    }
}
