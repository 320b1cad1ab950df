package io.headgate.loadtest;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A server in a process of its own, with what it takes of the machine, as Linux counts it. */
abstract class MeasuredServer {
    private static final long STOP_SECONDS = 60;
    private static final int ATTEMPTS = 300;
    private static final long PAUSE_MILLIS = 200;
    private static final int TICKS_PER_SECOND = 100; // USER_HZ, the same on all of Linux
    private static final int USER_TICKS = 11;
    private static final int SYSTEM_TICKS = 12;

    /** The program that runs this one. */
    static final String JAVA =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();

    private final String name;
    private final int port;
    private final Path log;
    private final Process process;

    /**
     * Starts it; it may take a while until it is ready.
     *
     * @param port where it is to take requests
     */
    MeasuredServer(String name, Path directory, int port, Map<String, String> environment, List<String> command)
            throws IOException {
        this.name = name;
        this.port = port;
        this.log = directory.resolve(name + ".log");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().putAll(environment);
        process = builder.start();
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroy)); // should the run be ended before it is over
    }

    /** Whether it takes requests. */
    abstract boolean isReady() throws IOException, InterruptedException;

    /** Whether it can be sent the workload. */
    boolean takes(Workload workload) {
        return true;
    }

    /** The path and the headers of a workload's requests to one of its tables, by number from 0: a line each. */
    abstract List<String> head(Workload workload, int table) throws IOException, InterruptedException;

    /** What it is sent for a body in JSON. */
    byte[] body(Workload workload, byte[] json) throws IOException {
        return workload.encoded(json);
    }

    int port() {
        return port;
    }

    /** Whether something listens at its port. */
    boolean isListening() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    String name() {
        return name;
    }

    void awaitReady() throws IOException, InterruptedException {
        if (!comesTrue(this::isReady)) {
            throw new IOException(name + " does not become ready: " + Files.readString(log));
        }
    }

    /** What is asked again and again. */
    interface Condition {
        boolean holds() throws IOException, InterruptedException;
    }

    /** Whether something holds within some time, while the process lives. */
    final boolean comesTrue(Condition condition) throws IOException, InterruptedException {
        for (int i = 0; i < ATTEMPTS; i++) {
            if (!process.isAlive()) {
                throw new IOException(name + " ended: " + Files.readString(log));
            }
            if (condition.holds()) {
                return true;
            }
            Thread.sleep(PAUSE_MILLIS);
        }
        return false;
    }

    /** CPU time that it took so far, all its threads. */
    double cpuSeconds() throws IOException {
        return cpuSeconds("/proc/" + process.pid() + "/stat", USER_TICKS, SYSTEM_TICKS);
    }

    /** From a stat file of Linux: fields counted from 0 behind the name, which may have spaces in it. */
    static double cpuSeconds(String stat, int user, int system) throws IOException {
        String line = Files.readString(Path.of(stat));
        String[] fields = line.substring(line.lastIndexOf(')') + 2).split(" ", -1);
        return (double) (Long.parseLong(fields[user]) + Long.parseLong(fields[system])) / TICKS_PER_SECOND;
    }

    /** Resident memory. */
    double residentMebibytes() throws IOException {
        return Files.readAllLines(Path.of("/proc/" + process.pid() + "/status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToDouble(line -> Double.parseDouble(line.replaceAll("[^0-9]", "")) / 1024)
                .findFirst()
                .orElseThrow();
    }

    /** Ends it, and waits until it has. */
    void stop() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
        }
    }
}
