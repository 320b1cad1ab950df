package io.headgate.loadtest;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * Devices that send when it is their time, each over a connection of its own and one request at a time, whether or not the
 * gateway keeps up: {@code OpenLoop PORT MANAGEMENT_PORT TOKEN REQUESTS_PER_SECOND SECONDS CONNECTIONS ROWS}. Latencies
 * count from the moment a request was due, so that a server that falls behind cannot hide it; a request that is due while
 * all devices wait for answers is not sent, and counted as such. With 0 requests per second each device sends again as
 * soon as it was answered: that rate is the peak.
 *
 * <p>Prints a line of CSV a second, and a last one for all of them. Everything but the probe of the gateway's health runs
 * on one event loop, and takes some 5 µs of CPU a request, so that one core can offer several times what another one
 * serves: hence no HTTP client, but a look at each answer's status and length.
 */
public final class OpenLoop {
    private static final long SECOND_NANOS = 1_000_000_000;
    private static final long TICK_MICROS = 500;
    private static final int LATENCY_DIGITS = 3;
    private static final int OK = 200;
    private static final int TOO_MANY_REQUESTS = 429;
    private static final int UNAVAILABLE = 503;

    private final ByteBuf request;
    private final int perSecond;
    private final int seconds;
    private final HealthProbe health;
    private final EventLoop loop;
    private final Deque<Device> idle = new ArrayDeque<>();
    private final CountDownLatch over = new CountDownLatch(1);
    private final Tally all = new Tally();
    private Tally second = new Tally();
    private long startNanos;
    private long due;
    private int lines;

    private OpenLoop(String request, int perSecond, int seconds, HealthProbe health, EventLoop loop) {
        this.request = Unpooled.unreleasableBuffer(
                Unpooled.directBuffer().writeBytes(request.getBytes(StandardCharsets.US_ASCII)));
        this.perSecond = perSecond;
        this.seconds = seconds;
        this.health = health;
        this.loop = loop;
    }

    /** Runs once; prints as above. */
    public static void main(String[] args) throws IOException, InterruptedException {
        int port = Integer.parseInt(args[0]);
        MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
        try (HealthProbe health = HealthProbe.start(Integer.parseInt(args[1]))) {
            OpenLoop run = new OpenLoop(
                    Requests.raw(args[2], Integer.parseInt(args[6])),
                    Integer.parseInt(args[3]),
                    Integer.parseInt(args[4]),
                    health,
                    (EventLoop) group.next());
            run.connect(port, Integer.parseInt(args[5]));
            System.out.println(Tally.HEADER);
            run.loop.execute(run::begin);
            run.over.await();
        }
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    private void connect(int port, int connections) throws InterruptedException {
        Bootstrap bootstrap = new Bootstrap()
                .group(loop)
                .channel(EpollSocketChannel.class)
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(new Device(channel));
                    }
                });
        for (int i = 0; i < connections; i++) {
            bootstrap.connect(Requests.HOST, port).sync();
        }
    }

    private void begin() {
        startNanos = System.nanoTime();
        if (perSecond == 0) {
            for (Device device = idle.poll(); device != null; device = idle.poll()) {
                device.send(System.nanoTime());
            }
        } else {
            every(TICK_MICROS, this::sendDue);
        }
        every(SECOND_NANOS / 1_000, this::endSecond);
    }

    private void every(long micros, Runnable task) {
        Future<?> unused = loop.scheduleAtFixedRate(task, micros, micros, TimeUnit.MICROSECONDS);
    }

    private void sendDue() {
        long now = System.nanoTime();
        long upTo = Math.min((now - startNanos) * perSecond / SECOND_NANOS, (long) perSecond * seconds);
        for (; due < upTo; due++) {
            Device device = idle.poll();
            if (device != null) {
                device.send(startNanos + due * SECOND_NANOS / perSecond);
            } else {
                second.unsent++;
                all.unsent++;
            }
        }
    }

    private void endSecond() {
        if (lines == seconds) {
            return;
        }
        long slowest = health.slowestNanos();
        second.sawHealth(slowest);
        all.sawHealth(slowest);
        System.out.println(second.line(Integer.toString(++lines)));
        second = new Tally();
        if (lines == seconds) {
            System.out.println(all.line("all"));
            over.countDown();
        }
    }

    private final class Device extends ChannelInboundHandlerAdapter {
        private final AnswerReader answer = new AnswerReader();
        private final Channel channel;
        private long dueNanos;

        Device(Channel channel) {
            this.channel = channel;
        }

        @Override
        public void channelActive(ChannelHandlerContext context) {
            idle.add(this);
        }

        void send(long since) {
            dueNanos = since;
            second.sent++;
            all.sent++;
            ChannelFuture unused = channel.writeAndFlush(request.duplicate(), channel.voidPromise());
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            ByteBuf bytes = (ByteBuf) message;
            int status = answer.read(bytes);
            bytes.release();
            if (status == 0) {
                return;
            }
            long now = System.nanoTime();
            second.answered(status, now - dueNanos);
            all.answered(status, now - dueNanos);
            if (perSecond == 0 && lines < seconds) {
                send(now);
            } else {
                idle.add(this);
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            second.other++;
            all.other++;
            idle.remove(this);
        }
    }

    /** What came of the requests of a while. */
    private static final class Tally {
        static final String HEADER = "second,sent,ok,refused,other,unsent,p50_ms,p99_ms,slowest_health_ms";

        private int sent;
        private int ok;
        private int refused;
        private int other;
        private int unsent;
        private long slowestHealthNanos;
        private final Histogram nanos = new Histogram(LATENCY_DIGITS);

        void answered(int status, long afterNanos) {
            if (status == OK) {
                ok++;
                nanos.recordValue(afterNanos);
            } else if (status == UNAVAILABLE || status == TOO_MANY_REQUESTS) {
                refused++;
            } else {
                other++;
            }
        }

        void sawHealth(long slowest) {
            slowestHealthNanos = Math.max(slowestHealthNanos, slowest);
        }

        String line(String when) {
            return String.format(
                    "%s,%d,%d,%d,%d,%d,%.2f,%.2f,%.2f",
                    when,
                    sent,
                    ok,
                    refused,
                    other,
                    unsent,
                    nanos.getValueAtPercentile(50) / 1e6,
                    nanos.getValueAtPercentile(99) / 1e6,
                    slowestHealthNanos / 1e6);
        }
    }
}
