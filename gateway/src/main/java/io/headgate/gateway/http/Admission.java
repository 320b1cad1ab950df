package io.headgate.gateway.http;

import io.headgate.model.Refusal;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * Counts connections where they are accepted, before a byte of them is read, and keeps out those beyond the limit. A few
 * of these at a time are told so with a 503; the others, should they be many, are closed at once. Runs on the acceptor's
 * event loop, and serves there those that it tells.
 */
@ChannelHandler.Sharable
final class Admission extends ChannelInboundHandlerAdapter {
    /** Well within the file handles that are kept for everything but connections. */
    private static final int TOLD_MAX = 64;

    private static final int RETRY_AFTER_SECONDS = 5;
    private static final Refusal TOO_MANY = Refusal.unavailable(
            "Too many connections are open (http.max-connections). Nothing was read; connect again later.",
            RETRY_AFTER_SECONDS);

    private final ConnectionLimits limits;
    private final HttpMetrics metrics;
    private final RequestIds ids;
    private final Connecting connecting;
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicInteger told = new AtomicInteger();

    /**
     * @param ids for the answers given here
     * @param loop what belongs to the event loop that it is called on
     */
    Admission(ConnectionLimits limits, HttpMetrics metrics, RequestIds ids, Supplier<EdgeLoop> loop) {
        this.limits = limits;
        this.metrics = metrics;
        this.ids = ids;
        this.connecting = new Connecting(loop);
    }

    /** Connections open now. Any thread. */
    int open() {
        return open.get();
    }

    @Override
    public void channelRead(ChannelHandlerContext acceptor, Object accepted) {
        Channel channel = (Channel) accepted;
        if (enter(open, limits.maxConnections(), channel)) {
            channel.pipeline().addLast(connecting);
            acceptor.fireChannelRead(channel);
            return;
        }
        metrics.connectionRefused();
        if (enter(told, TOLD_MAX, channel)) {
            channel.pipeline().addLast(new Refused());
            ChannelFuture unused = acceptor.channel().eventLoop().register(channel);
        } else {
            channel.unsafe().closeForcibly();
        }
    }

    private static boolean enter(AtomicInteger count, int max, Channel channel) {
        if (count.incrementAndGet() <= max) {
            channel.closeFuture().addListener(closed -> count.decrementAndGet());
            return true;
        }
        count.decrementAndGet();
        return false;
    }

    /** Begins a connection once it has its event loop. */
    @ChannelHandler.Sharable
    private static final class Connecting extends ChannelInitializer<Channel> {
        private final Supplier<EdgeLoop> loop;

        Connecting(Supplier<EdgeLoop> loop) {
            this.loop = loop;
        }

        @Override
        protected void initChannel(Channel channel) {
            new Connection(loop.get(), channel).begin();
        }
    }

    private final class Refused extends ChannelInboundHandlerAdapter {
        @Override
        public void channelActive(ChannelHandlerContext context) {
            ChannelFuture unused = context.write(RawAnswer.of(TOO_MANY, ids.next()), context.voidPromise());
            Linger.begin(context.channel(), limits);
        }
    }
}
