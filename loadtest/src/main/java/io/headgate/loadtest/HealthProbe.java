package io.headgate.loadtest;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** Asks a gateway every 20 ms whether it is alive, on a thread and a connection of its own, and keeps the slowest answer. */
final class HealthProbe implements AutoCloseable {
    private static final byte[] REQUEST =
            ("GET /health/live HTTP/1.1\r\nHost: " + Requests.HOST + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII);
    private static final long PAUSE_NANOS = 20_000_000;

    private final Socket socket;
    private final Thread thread;
    private final AtomicLong slowestNanos = new AtomicLong();

    private HealthProbe(Socket socket) {
        this.socket = socket;
        this.thread = new Thread(this::run, "health-probe");
        thread.setDaemon(true);
    }

    static HealthProbe start(int managementPort) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), managementPort);
        socket.setTcpNoDelay(true);
        HealthProbe probe = new HealthProbe(socket);
        probe.thread.start();
        return probe;
    }

    /** How long the slowest answer took since this was asked last; without an answer, how long forever is. */
    long slowestNanos() {
        return thread.isAlive() ? slowestNanos.getAndSet(0) : Long.MAX_VALUE;
    }

    private void run() {
        byte[] answer = new byte[4096];
        try {
            InputStream in = socket.getInputStream();
            while (!socket.isClosed()) {
                long start = System.nanoTime();
                socket.getOutputStream().write(REQUEST);
                if (in.read(answer) < 0) {
                    return;
                }
                long took = System.nanoTime() - start;
                slowestNanos.accumulateAndGet(took, Math::max);
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        } catch (IOException e) {
            // The probe ends, which whoever asks is told.
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
