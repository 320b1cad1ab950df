package io.headgate.gateway.http;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.DefaultSelectStrategyFactory;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.SingleThreadIoEventLoop;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.InternetProtocolFamily;
import io.netty.util.concurrent.RejectedExecutionHandlers;
import io.vertx.core.datagram.DatagramSocketOptions;
import io.vertx.core.net.ClientOptionsBase;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.transport.Transport;
import java.net.SocketAddress;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;

/**
 * The transport of the edge's servers, which differs from Netty's in two ways:
 *
 * <ul>
 *   <li>Each connection passes an {@link Admission} first. Vert.x itself tells of a connection only after its first
 *       request's head; this is the one place where it lets others touch a server's bootstrap.
 *   <li>One turn of an event loop is short, whatever waits: a turn takes what came on some of the connections, and answers
 *       for a while. Otherwise ten thousand devices that send at once make a turn of half a second, in which no timer runs
 *       and nobody else is read. What is left waits in the kernel, which hands it out in turn.
 * </ul>
 */
final class EdgeTransport implements Transport, io.vertx.core.spi.transport.Transport {
    private static final int TURN_CONNECTIONS_MAX = 32;
    private static final int TURN_TASKS_MILLIS = 5;

    private final Transport transport;
    private final io.vertx.core.spi.transport.Transport delegate;
    private final Admission admission;

    EdgeTransport(Transport transport, Admission admission) {
        this.transport = transport;
        this.delegate = transport.implementation();
        this.admission = admission;
    }

    @Override
    public void configure(NetServerOptions options, boolean domainSocket, ServerBootstrap bootstrap) {
        delegate.configure(options, domainSocket, bootstrap);
        bootstrap.handler(admission);
    }

    @Override
    public String name() {
        return transport.name();
    }

    @Override
    public boolean available() {
        return transport.available();
    }

    @Override
    public Throwable unavailabilityCause() {
        return transport.unavailabilityCause();
    }

    @Override
    public io.vertx.core.spi.transport.Transport implementation() {
        return this;
    }

    @Override
    public boolean isAvailable() {
        return delegate.isAvailable();
    }

    @Override
    public boolean supportsDomainSockets() {
        return delegate.supportsDomainSockets();
    }

    @Override
    public boolean supportFileRegion() {
        return delegate.supportFileRegion();
    }

    @Override
    public SocketAddress convert(io.vertx.core.net.SocketAddress address) {
        return delegate.convert(address);
    }

    @Override
    public io.vertx.core.net.SocketAddress convert(SocketAddress address) {
        return delegate.convert(address);
    }

    @Override
    public IoHandlerFactory ioHandlerFactory() {
        return transport.name().equals("epoll")
                ? EpollIoHandler.newFactory(TURN_CONNECTIONS_MAX, DefaultSelectStrategyFactory.INSTANCE)
                : delegate.ioHandlerFactory();
    }

    @Override
    public EventLoopGroup eventLoopGroup(int type, int threads, ThreadFactory factory, int ioRatio) {
        return new ShortTurns(threads, factory, ioHandlerFactory());
    }

    @Override
    public DatagramChannel datagramChannel() {
        return delegate.datagramChannel();
    }

    @Override
    @SuppressWarnings("deprecation") // the port's own signature
    public DatagramChannel datagramChannel(InternetProtocolFamily family) {
        return delegate.datagramChannel(family);
    }

    @Override
    public ChannelFactory<? extends Channel> channelFactory(boolean domainSocket) {
        return delegate.channelFactory(domainSocket);
    }

    @Override
    public ChannelFactory<? extends ServerChannel> serverChannelFactory(boolean domainSocket) {
        return delegate.serverChannelFactory(domainSocket);
    }

    @Override
    public void configure(DatagramChannel channel, DatagramSocketOptions options) {
        delegate.configure(channel, options);
    }

    @Override
    public void configure(ClientOptionsBase options, int connectTimeout, boolean domainSocket, Bootstrap bootstrap) {
        delegate.configure(options, connectTimeout, domainSocket, bootstrap);
    }

    /** Event loops that run tasks for a few milliseconds and then look at the connections again. */
    private static final class ShortTurns extends MultiThreadIoEventLoopGroup {
        ShortTurns(int threads, ThreadFactory factory, IoHandlerFactory io) {
            super(threads, factory, io);
        }

        @Override
        protected IoEventLoop newChild(Executor thread, IoHandlerFactory io, Object... ignored) {
            return new SingleThreadIoEventLoop(
                    this, thread, io, Integer.MAX_VALUE, RejectedExecutionHandlers.reject(), TURN_TASKS_MILLIS);
        }
    }
}
