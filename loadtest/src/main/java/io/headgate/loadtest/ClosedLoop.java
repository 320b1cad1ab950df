package io.headgate.loadtest;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A workload at its peak: each connection sends again once it was answered. By wrk, or by h2load for HTTP/2. */
final class ClosedLoop {
    private static final int CHILD_USER_TICKS = 13;
    private static final int CHILD_SYSTEM_TICKS = 14;
    private static final double MICROS_PER_MILLI = 1e3;
    private static final Pattern WRK = Pattern.compile("RESULT (\\d+) (\\d+) (\\d+) (\\d+) (\\d+) (\\d+)");
    private static final Pattern H2LOAD = Pattern.compile(
            "requests: \\d+ total, \\d+ started, (\\d+) done, (\\d+) succeeded, \\d+ failed, \\d+ errored");

    private final MeasuredServer server;
    private final Workload workload;
    private final Path directory;

    /**
     * What a run of it came to.
     *
     * @param seconds that it took
     * @param requests that were answered
     * @param errors those among them that were not answered as they should be, and those that were not answered
     * @param p50Millis latency of the median request; of the others alike
     * @param serverCpuSeconds of all cores
     * @param generatorCpuSeconds the same of what sends
     */
    record Result(
            double seconds,
            long requests,
            long errors,
            double p50Millis,
            double p99Millis,
            double p999Millis,
            double serverCpuSeconds,
            double generatorCpuSeconds) {
        double perSecond() {
            return requests / seconds;
        }

        double serverCpuMicros() {
            return serverCpuSeconds / requests * 1e6;
        }
    }

    /**
     * Writes down what is to be sent.
     *
     * @param directory to be made
     */
    ClosedLoop(MeasuredServer server, Workload workload, Path directory) throws IOException, InterruptedException {
        this.server = server;
        this.workload = workload;
        this.directory = Files.createDirectory(directory);
        byte[][] bodies = workload.json();
        for (int i = 0; i < bodies.length; i++) {
            String name = String.valueOf(i + 1);
            Files.write(directory.resolve(name + ".head"), server.head(workload, i % workload.tables()));
            Files.write(directory.resolve(name), server.body(workload, bodies[i]));
        }
    }

    /** Sends for a while. */
    Result run(int seconds) throws IOException, InterruptedException {
        double server0 = server.cpuSeconds();
        double generator0 = generatorCpuSeconds();
        Path timings = directory.resolve("timings");
        Files.deleteIfExists(timings);
        List<String> command = workload.http2() ? h2load(seconds, timings) : wrk(seconds);
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(String.join(" ", command) + ": " + output);
        }
        double serverCpu = server.cpuSeconds() - server0;
        double generatorCpu = generatorCpuSeconds() - generator0;
        return workload.http2()
                ? ofH2load(output, timings, seconds, serverCpu, generatorCpu)
                : ofWrk(output, serverCpu, generatorCpu);
    }

    private static double generatorCpuSeconds() throws IOException {
        return MeasuredServer.cpuSeconds("/proc/self/stat", CHILD_USER_TICKS, CHILD_SYSTEM_TICKS);
    }

    private List<String> wrk(int seconds) {
        return List.of(
                "wrk",
                "-t1",
                "-c" + workload.connections(),
                "-d" + seconds + "s",
                "--timeout",
                "30s",
                "-s",
                "loadtest/requests.lua",
                "http://" + Requests.HOST + ":" + server.port(),
                "--",
                directory.toString());
    }

    private Result ofWrk(String output, double serverCpu, double generatorCpu) throws IOException {
        Matcher result = WRK.matcher(output);
        if (!result.find()) {
            throw new IOException("wrk: " + output);
        }
        return new Result(
                Long.parseLong(result.group(1)) / 1e6,
                Long.parseLong(result.group(2)),
                Long.parseLong(result.group(6)),
                Long.parseLong(result.group(3)) / MICROS_PER_MILLI,
                Long.parseLong(result.group(4)) / MICROS_PER_MILLI,
                Long.parseLong(result.group(5)) / MICROS_PER_MILLI,
                serverCpu,
                generatorCpu);
    }

    /** It sends one body again and again. */
    private List<String> h2load(int seconds, Path timings) throws IOException {
        List<String> head = Files.readAllLines(directory.resolve("1.head"));
        List<String> command = new ArrayList<>(List.of("h2load", "-t1", "-m1", "-c" + workload.connections()));
        command.addAll(List.of("-D" + seconds, "-d", directory.resolve("1").toString()));
        command.addAll(List.of("--log-file=" + timings));
        for (String header : head.subList(1, head.size())) {
            command.addAll(List.of("-H", header));
        }
        command.add("http://" + Requests.HOST + ":" + server.port() + head.get(0));
        return command;
    }

    private static Result ofH2load(String output, Path timings, int seconds, double serverCpu, double generatorCpu)
            throws IOException {
        Matcher result = H2LOAD.matcher(output);
        if (!result.find()) {
            throw new IOException("h2load: " + output);
        }
        long[] micros = Files.readAllLines(timings).stream() // a line a request: begun at, status, microseconds
                .mapToLong(line -> Long.parseLong(line.substring(line.lastIndexOf('\t') + 1)))
                .toArray();
        Arrays.sort(micros);
        long done = Long.parseLong(result.group(1));
        return new Result(
                seconds,
                done,
                done - Long.parseLong(result.group(2)),
                percentile(micros, 0.5),
                percentile(micros, 0.99),
                percentile(micros, 0.999),
                serverCpu,
                generatorCpu);
    }

    private static double percentile(long[] micros, double part) {
        return micros.length == 0 ? Double.NaN : micros[(int) (part * (micros.length - 1))] / MICROS_PER_MILLI;
    }
}
