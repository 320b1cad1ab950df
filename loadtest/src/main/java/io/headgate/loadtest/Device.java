package io.headgate.loadtest;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoop;
import io.netty.channel.epoll.EpollSocketChannel;

/**
 * One connection that sends one request at a time. Costs some 5 µs of CPU a request, so that one core can offer several
 * times what another one serves: hence no HTTP client, but a look at each answer's head.
 */
final class Device extends ChannelInboundHandlerAdapter {
    /** Told on the event loop of what becomes of a device. */
    interface Listener {
        /** It is connected, and may send. */
        void connected(Device device);

        /** Its request was answered, and it may send again. */
        void answered(Device device, int status, int retryAfterSeconds);

        /** Its connection ended. */
        void lost(Device device);
    }

    private final Channel channel;
    private final Listener listener;
    private final AnswerReader answer = new AnswerReader();
    private long dueNanos;

    private Device(Channel channel, Listener listener) {
        this.channel = channel;
        this.listener = listener;
    }

    /** Connects so many, one after the other. */
    static void connect(int devices, int port, EventLoop loop, Listener listener) throws InterruptedException {
        Bootstrap bootstrap = new Bootstrap()
                .group(loop)
                .channel(EpollSocketChannel.class)
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(new Device(channel, listener));
                    }
                });
        for (int i = 0; i < devices; i++) {
            bootstrap.connect(Requests.HOST, port).sync();
        }
    }

    /**
     * Sends a request.
     *
     * @param due when it should have been sent, as {@link System#nanoTime()}
     */
    void send(ByteBuf request, long due) {
        dueNanos = due;
        ChannelFuture unused = channel.writeAndFlush(request.duplicate(), channel.voidPromise());
    }

    /** When the request should have been sent that was sent last. */
    long dueNanos() {
        return dueNanos;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        listener.connected(this);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        boolean ended = answer.read(bytes);
        bytes.release();
        if (ended) {
            listener.answered(this, answer.status(), answer.retryAfterSeconds());
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        listener.lost(this);
    }
}
