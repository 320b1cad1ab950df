package io.headgate.loadtest;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.util.concurrent.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * So many devices that are connected, all send one row at once, and each again as often as it is refused, when {@code
 * Retry-After} says so: {@code Herd PORT TOKEN DEVICES}. Prints CSV: by second, how many came, and how many of them were
 * accepted or refused. Ends once all were accepted. Everything of it runs on one event loop.
 */
public final class Herd implements Device.Listener {
    private static final long SECOND_NANOS = 1_000_000_000;
    private static final int OK = 200;

    /** What became of the requests of one second. */
    private static final class Second {
        private int came;
        private int accepted;
        private int refused;
        private int failed;
    }

    private final EventLoop loop;
    private final ByteBuf request;
    private final List<Device> devices = new ArrayList<>();
    private final TreeMap<Long, Second> seconds = new TreeMap<>();
    private final CountDownLatch over = new CountDownLatch(1);
    private long startNanos;
    private int left;

    private Herd(EventLoop loop, String token) {
        this.loop = loop;
        this.request = Requests.raw(token, 1);
    }

    /** Runs once; prints as above. */
    public static void main(String[] args) throws InterruptedException {
        MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
        Herd herd = new Herd((EventLoop) group.next(), args[1]);
        Device.connect(Integer.parseInt(args[2]), Integer.parseInt(args[0]), herd.loop, herd);
        herd.loop.execute(herd::begin);
        herd.over.await();
        System.out.println("second,came,accepted,refused,failed");
        for (long second = 0; second <= herd.seconds.lastKey(); second++) {
            Second was = herd.seconds.getOrDefault(second, new Second());
            System.out.printf("%d,%d,%d,%d,%d%n", second, was.came, was.accepted, was.refused, was.failed);
        }
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    private void begin() {
        startNanos = System.nanoTime();
        left = devices.size();
        devices.forEach(this::come);
    }

    private void come(Device device) {
        now().came++;
        device.send(request, System.nanoTime());
    }

    @Override
    public void connected(Device device) {
        devices.add(device);
    }

    @Override
    public void answered(Device device, int status, int retryAfterSeconds) {
        if (status == OK) {
            now().accepted++;
            countDown();
            return;
        }
        if (retryAfterSeconds > 0) {
            now().refused++;
        } else {
            now().failed++;
        }
        Future<?> unused = loop.schedule(() -> come(device), Math.max(1, retryAfterSeconds), TimeUnit.SECONDS);
    }

    /** It will not come back. */
    @Override
    public void lost(Device device) {
        now().failed++;
        countDown();
    }

    private void countDown() {
        left--;
        if (left == 0) {
            over.countDown();
        }
    }

    private Second now() {
        return seconds.computeIfAbsent((System.nanoTime() - startNanos) / SECOND_NANOS, second -> new Second());
    }
}
