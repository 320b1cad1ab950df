package io.headgate.loadtest;

import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Headgate and what it is measured beside, in one run: workload by workload, and within each one round by round, every
 * server in turn. See {@code loadtest/run}, which starts it.
 */
public final class Comparison {
    private static final int FIRST_PORT = 18080;
    private static final int WARM_UP_SECONDS = 5;
    private static final int FIRST_WARM_UP_SECONDS = 25;
    private static final double SETTLED_CORES = 0.2;
    private static final int SETTLE_ATTEMPTS = 40;
    private static final long SETTLE_MILLIS = 500;
    private static final String SLOW_FORCE = "headgate-2ms";
    private static final int SLOW_FORCE_MICROS = 2_000;
    private static final int IDLE_CONNECTIONS = 15_000;

    // As in faulty_disk.c.
    private static final int FORCES_LEFT = 0;
    private static final int FORCE_DELAY_MICROS = 16;
    private static final int PATH = 48;
    private static final int FAULTS_BYTES = PATH + 256;

    private final Path directory;
    private final Options options;
    private final List<MeasuredServer> servers = new ArrayList<>();
    private final Report report;
    private int port = FIRST_PORT;

    private Comparison(Path directory, Options options) throws IOException {
        this.directory = directory;
        this.options = options;
        this.report = new Report(ForceLatency.measure(directory));
    }

    /** What the command line asks for. */
    private record Options(
            int rounds, int seconds, int openSeconds, double atLeast, List<String> without, List<Workload> workloads) {
        static Options of(String[] args) {
            int rounds = 3;
            int seconds = 8;
            int openSeconds = 20;
            double atLeast = 0;
            List<String> without = List.of();
            List<Workload> workloads = Workload.ALL;
            if (args.length % 2 != 0) {
                throw new IllegalArgumentException(args[args.length - 1] + " has no value");
            }
            for (int i = 0; i < args.length; i += 2) {
                String value = args[i + 1];
                switch (args[i]) {
                    case "--rounds" -> rounds = Integer.parseInt(value);
                    case "--seconds" -> seconds = Integer.parseInt(value);
                    case "--open-seconds" -> openSeconds = Integer.parseInt(value);
                    case "--at-least" -> atLeast = Double.parseDouble(value);
                    case "--without" -> without = List.of(value.split(",", -1));
                    case "--only" ->
                        workloads = Stream.of(value.split(",", -1))
                                .map(Workload::named)
                                .toList();
                    default -> throw new IllegalArgumentException("There is no option " + args[i]);
                }
            }
            return new Options(rounds, seconds, openSeconds, atLeast, without, workloads);
        }
    }

    /** Runs once; ends with 1 if Headgate's share of the ceiling is below {@code --at-least}. */
    public static void main(String[] args) throws IOException, InterruptedException {
        if (args.length == 1 && args[0].equals("--list")) {
            Workload.ALL.forEach(workload -> System.out.println(workload.name()));
            return;
        }
        Options options = Options.of(args);
        double share;
        try (TemporaryDirectory directory = TemporaryDirectory.create("headgate-run")) {
            share = new Comparison(directory.path(), options).run();
        }
        if (share < options.atLeast) {
            System.out.printf(
                    "Headgate reaches %.0f %% of the ceiling, less than %.0f %%%n", 100 * share, 100 * options.atLeast);
            System.exit(1);
        }
    }

    private double run() throws IOException, InterruptedException {
        try {
            HeadgateServer headgate = HeadgateServer.start("headgate", directory, Map.of(), port(), port());
            servers.add(headgate);
            servers.add(0, new CeilingServer(directory, port(), headgate));
            if (!options.without.contains(SLOW_FORCE)) {
                servers.add(HeadgateServer.start(SLOW_FORCE, directory, slowForce(), port(), port()));
            }
            startPeers();
            for (MeasuredServer server : servers) {
                server.awaitReady();
            }
            for (Workload workload : options.workloads) {
                closedLoops(workload);
            }
            openLoops(headgate, options.workloads.get(0));
        } finally {
            for (MeasuredServer server : servers) {
                server.stop();
            }
        }
        report.write(ForceLatency.measure(directory), Path.of("loadtest", "results"));
        return report.share(options.workloads.get(0), "headgate", "ceiling");
    }

    private int port() {
        return port++;
    }

    /** Those that are not there are missing, those that are not wanted too. */
    private void startPeers() throws IOException {
        String influxd = Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .map(path -> Path.of(path, "influxd"))
                .filter(Files::isExecutable)
                .map(Path::toString)
                .findFirst()
                .orElse("");
        if (influxd.isEmpty() || options.without.contains("influxdb")) {
            report.missing("influxdb");
        } else {
            servers.add(LineProtocolServer.influx(directory, influxd, port(), port()));
        }
        Path questdb = Path.of("loadtest", "target", "peers", "questdb.jar");
        if (Files.exists(questdb) && !options.without.contains("questdb")) {
            servers.add(LineProtocolServer.quest(directory, questdb, port()));
        } else {
            report.missing("questdb");
        }
    }

    /** Makes each force of that gateway's log take so much longer, as on a disk in a cloud. */
    private Map<String, String> slowForce() throws IOException, InterruptedException {
        Path library = directory.resolve("faulty_disk.so");
        Process compiler = new ProcessBuilder(
                        "gcc",
                        "-shared",
                        "-fPIC",
                        "-O2",
                        "-o",
                        library.toString(),
                        "system-tests/src/test/native/faulty_disk.c",
                        "-ldl")
                .inheritIO()
                .start();
        if (compiler.waitFor() != 0) {
            throw new IOException("gcc failed");
        }
        ByteBuffer faults = ByteBuffer.allocate(FAULTS_BYTES).order(ByteOrder.nativeOrder());
        faults.putLong(FORCES_LEFT, Long.MAX_VALUE).putLong(FORCE_DELAY_MICROS, SLOW_FORCE_MICROS);
        faults.position(PATH).put("/log/".getBytes(StandardCharsets.UTF_8));
        Path file = Files.write(directory.resolve("faults"), faults.array());
        return Map.of("LD_PRELOAD", library.toString(), "FAULTY_DISK", file.toString());
    }

    private void closedLoops(Workload workload) throws IOException, InterruptedException {
        List<MeasuredServer> takers =
                servers.stream().filter(server -> server.takes(workload)).toList();
        List<ClosedLoop> loops = new ArrayList<>();
        for (MeasuredServer server : takers) {
            ClosedLoop loop =
                    new ClosedLoop(server, workload, directory.resolve(workload.name() + "-" + server.name()));
            loop.run(workload.equals(options.workloads.get(0)) ? FIRST_WARM_UP_SECONDS : WARM_UP_SECONDS);
            loops.add(loop);
        }
        for (int round = 1; round <= options.rounds; round++) {
            for (int i = 0; i < takers.size(); i++) {
                settle();
                ClosedLoop.Result result = loops.get(i).run(options.seconds);
                report.closed(workload, takers.get(i), round, result);
            }
        }
    }

    /** Waits until what the servers do for what they were sent before does not weigh on the next one. */
    private void settle() throws IOException, InterruptedException {
        for (int i = 0; i < SETTLE_ATTEMPTS; i++) {
            double before = cpuSeconds();
            Thread.sleep(SETTLE_MILLIS);
            if ((cpuSeconds() - before) * 1e3 / SETTLE_MILLIS < SETTLED_CORES) {
                return;
            }
        }
    }

    private double cpuSeconds() throws IOException {
        double sum = 0;
        for (MeasuredServer server : servers) {
            sum += server.cpuSeconds();
        }
        return sum;
    }

    /** The first workload at rates from few to nearly all that it can take, whether or not it keeps up. */
    private void openLoops(HeadgateServer headgate, Workload workload) throws IOException, InterruptedException {
        if (options.openSeconds == 0) {
            return;
        }
        double peak = report.medianPerSecond(workload, headgate.name());
        for (int rate :
                List.of(100, 1_000, (int) (peak / 8), (int) (peak / 4), (int) (peak / 2), (int) (peak * 3 / 4))) {
            settle();
            OpenLoopRun run = new OpenLoopRun(headgate, workload, rate, workload.connections());
            Thread.sleep(WARM_UP_SECONDS * 1_000L);
            double before = headgate.cpuSeconds();
            Buckets forcesBefore = headgate.forces();
            run.finish();
            double cpuSeconds = headgate.cpuSeconds() - before;
            double forceSeconds = headgate.forces().percentileSince(forcesBefore, 99);
            headgate.awaitCommitted();
            Visibility visibility = Visibility.of(headgate.directory(workload), Visibility.acks(run.csv));
            report.open(new Report.Open(
                    rate, cpuSeconds, forceSeconds * 1e3, visibility, run.csv, Files.readString(run.histogram)));
        }
        settle();
        double before = headgate.residentMebibytes();
        OpenLoopRun run = new OpenLoopRun(headgate, workload, IDLE_CONNECTIONS / 100, IDLE_CONNECTIONS);
        Thread.sleep((WARM_UP_SECONDS + options.openSeconds) * 1_000L);
        double more = headgate.residentMebibytes() - before;
        run.finish();
        report.idle(IDLE_CONNECTIONS, more, run.csv);
    }

    /** An {@link OpenLoop} in a process of its own. */
    private final class OpenLoopRun {
        private final Path output = directory.resolve("open.csv");
        private final Path histogram = directory.resolve("histogram.csv");
        private final Process process;
        private List<String> csv = List.of();

        OpenLoopRun(HeadgateServer headgate, Workload workload, int rate, int connections) throws IOException {
            process = new ProcessBuilder(
                            MeasuredServer.JAVA,
                            "--enable-native-access=ALL-UNNAMED",
                            "-cp",
                            System.getProperty("java.class.path"),
                            OpenLoop.class.getName(),
                            String.valueOf(headgate.port()),
                            String.valueOf(headgate.managementPort()),
                            directory
                                    .resolve(workload.name() + "-" + headgate.name())
                                    .toString(),
                            String.valueOf(rate),
                            String.valueOf(options.openSeconds),
                            String.valueOf(connections),
                            "1",
                            histogram.toString(),
                            String.valueOf(WARM_UP_SECONDS))
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .redirectOutput(output.toFile())
                    .start();
        }

        void finish() throws IOException, InterruptedException {
            int status = process.waitFor();
            csv = Files.readAllLines(output);
            if (status != 0) {
                throw new IOException("The open loop failed: " + csv);
            }
        }
    }
}
