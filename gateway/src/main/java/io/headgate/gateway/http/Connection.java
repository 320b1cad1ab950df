package io.headgate.gateway.http;

import io.headgate.model.Refusal;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.util.AttributeKey;
import io.netty.util.concurrent.ScheduledFuture;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.impl.HttpServerConnection;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One connection from its accept to its end, nearest to the socket: it sees the bytes before anything makes sense of
 * them. It bounds what no request bounds:
 *
 * <ul>
 *   <li>the time until a head is complete, from the connection on or, later, from the head's first byte;
 *   <li>the time between requests. Bytes alone do not extend it, so that neither a rest that trickles in nor HTTP/2's
 *       pings keep a connection;
 *   <li>the answers that wait to be read: while the socket takes no more, nothing is read from it;
 *   <li>how soon a client is heard again that was told to come back later, see {@link RefusalPace};
 *   <li>what is read after the last answer, see {@link Linger}.
 * </ul>
 *
 * <p>Vert.x installs its handlers for HTTP/1 once the first bytes are not HTTP/2's preface. This is where {@link
 * HeadRules} is put behind its decoder. Confined to the connection's event loop; of a request it costs two turns of a
 * queue.
 */
final class Connection extends ChannelDuplexHandler {
    private static final AttributeKey<Connection> KEY = AttributeKey.valueOf(Connection.class, "connection");
    private static final byte[] HTTP2_PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final Refusal HEAD_OVERDUE = Refusal.of(
            Refusal.Code.REQUEST_TIMEOUT,
            "The request's head did not arrive in time (http.head-timeout). Nothing was stored; send the request"
                    + " again.");

    private enum Protocol {
        UNKNOWN,
        HTTP1,
        HTTP2
    }

    /** This connection as one that waits for its client. */
    private final class Silence extends Deadlines.Waiting {
        @Override
        void overdue() {
            silent();
        }
    }

    private final EdgeLoop edge;
    private final Channel channel;
    private final Silence silence = new Silence();
    private Protocol protocol = Protocol.UNKNOWN;
    private int prefaceBytes;
    private int requests;
    private boolean restExpected;
    private boolean headBegun;
    private boolean lingers;
    private boolean goingAway;
    private boolean closing;
    private boolean readHeld;
    private boolean paused;
    private @Nullable Turns turns;

    Connection(EdgeLoop edge, Channel channel) {
        this.edge = edge;
        this.channel = channel;
    }

    /** The connection that a request came by. */
    static Connection of(HttpServerRequest http) {
        // Vert.x has no other way from a request to its channel.
        HttpServerConnection connection = (HttpServerConnection) http.connection();
        return connection.channelHandlerContext().channel().attr(KEY).get();
    }

    void begin() {
        channel.attr(KEY).set(this);
        channel.pipeline().addFirst(this);
        edge.heads().add(silence);
    }

    /** Where its requests wait for each other. */
    Turns turns() {
        Turns known = turns;
        if (known == null) {
            known = new Turns();
            turns = known;
        }
        return known;
    }

    /** A request's head is complete, and the request is to be served. */
    void requestBegun() {
        requests++;
        headBegun = false;
        silence.leave();
    }

    /**
     * A request got its answer, or its client left.
     *
     * @param bodyRead whether nothing of it is still to come
     */
    void requestOver(boolean bodyRead) {
        requests--;
        restExpected = !bodyRead;
        if (requests == 0 && !closing) {
            edge.idles().add(silence);
        }
    }

    /** The rest of an answered request has come. */
    void restRead() {
        restExpected = false;
    }

    /**
     * Reads nothing for so long; requests that were read already go on. Not in HTTP/2, where one device's connection is
     * many devices' as a rule.
     */
    void pause(long nanos) {
        if (nanos > 0 && protocol == Protocol.HTTP1 && !paused && !closing) {
            paused = true;
            channel.config().setAutoRead(false);
            ScheduledFuture<?> unused = channel.eventLoop().schedule(this::goOn, nanos, TimeUnit.NANOSECONDS);
        }
    }

    private void goOn() {
        paused = false;
        if (!closing) {
            channel.config().setAutoRead(true);
            releaseRead();
        }
    }

    /** What was written last is the last; the client may still be sending when the connection is closed. */
    void lingerAtClose() {
        lingers = true;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        if (protocol == Protocol.UNKNOWN) {
            detect(context, bytes);
            return;
        }
        if (protocol == Protocol.HTTP1 && silence.waitsIn(edge.idles()) && !restExpected) {
            headBegun = true;
            edge.heads().add(silence);
        }
        context.fireChannelRead(bytes);
    }

    /** Passes on what decides between HTTP/1 and HTTP/2 by itself, so that the handlers are there before a whole head is. */
    private void detect(ChannelHandlerContext context, ByteBuf bytes) {
        headBegun |= bytes.isReadable();
        int from = bytes.readerIndex();
        int length = Math.min(bytes.readableBytes(), HTTP2_PREFACE.length - prefaceBytes);
        for (int i = 0; i < length; i++) {
            if (bytes.getByte(from + i) != HTTP2_PREFACE[prefaceBytes + i]) {
                protocol = Protocol.HTTP1;
                context.fireChannelRead(bytes.readRetainedSlice(i + 1));
                checkHeads(context.pipeline());
                context.fireChannelRead(bytes);
                return;
            }
        }
        prefaceBytes += length;
        if (prefaceBytes == HTTP2_PREFACE.length) {
            protocol = Protocol.HTTP2;
            edge.idles().add(silence);
        }
        context.fireChannelRead(bytes);
    }

    private static void checkHeads(ChannelPipeline pipeline) {
        ChannelHandlerContext decoder = pipeline.context(HttpRequestDecoder.class);
        if (decoder != null) {
            pipeline.addAfter(decoder.name(), null, new HeadRules());
        }
    }

    /** Time is up. Vert.x is asked to end HTTP/2 alone, as it flushes first, behind answers that nobody may read. */
    private void silent() {
        ChannelHandlerContext context = channel.pipeline().context(this);
        if (protocol == Protocol.HTTP2 && !goingAway) {
            goingAway = true;
            edge.heads().add(silence);
            ChannelFuture unused = channel.close();
            return;
        }
        if (headBegun && protocol == Protocol.HTTP1) {
            edge.metrics().refused(HEAD_OVERDUE.code());
            edge.metrics().answered(RefusalStatus.of(HEAD_OVERDUE.code()).status());
            ChannelFuture unused =
                    context.write(RawAnswer.of(HEAD_OVERDUE, edge.ids().next()), channel.voidPromise());
            lingers = true;
        }
        close(context, channel.newPromise());
    }

    @Override
    public void close(ChannelHandlerContext context, ChannelPromise promise) {
        if (!lingers) {
            ChannelFuture unused = context.close(promise);
            return;
        }
        ChannelFuture unused = channel.closeFuture().addListener(closed -> promise.trySuccess());
        if (!closing) {
            closing = true;
            silence.leave();
            Linger.begin(channel, edge.limits());
        }
    }

    @Override
    public void read(ChannelHandlerContext context) {
        readHeld = (paused || !channel.isWritable()) && !closing;
        if (!readHeld) {
            context.read();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        releaseRead();
        context.fireChannelWritabilityChanged();
    }

    private void releaseRead() {
        if (readHeld && !paused && channel.isWritable()) {
            readHeld = false;
            channel.read();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        closing = true;
        silence.leave();
        context.fireChannelInactive();
    }
}
