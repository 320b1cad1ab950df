package io.headgate.loadtest;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What a {@link Comparison} saw: printed as it comes, and at last as JSON and as a page with plots. */
final class Report {
    private final ForceLatency forceBefore;
    private final List<String> missing = new ArrayList<>();
    private final Map<String, Runs> closed = new LinkedHashMap<>();
    private final List<Open> open = new ArrayList<>();
    private String idle = "";

    /** What one server made of one workload, round by round. */
    private record Runs(String workload, String server, int rows, List<ClosedLoop.Result> results, List<Double> rss) {
        /** The run whose rate is the median. */
        ClosedLoop.Result median() {
            return results.stream()
                    .sorted((a, b) -> Double.compare(a.perSecond(), b.perSecond()))
                    .toList()
                    .get(results.size() / 2);
        }
    }

    /**
     * One open loop.
     *
     * @param force99Millis what 99 of a hundred forces of the log took no longer than meanwhile
     * @param seconds as CSV, the last line for all of them
     * @param histogram latencies by percentile
     */
    record Open(
            int rate,
            double cpuSeconds,
            double force99Millis,
            Visibility visibility,
            List<String> seconds,
            String histogram) {
        double total(String column) {
            return Report.total(seconds, column);
        }

        double cpuMicros() {
            return cpuSeconds / total("ok") * 1e6;
        }
    }

    /** A column of the last line, which is for all seconds. */
    private static double total(List<String> csv, String column) {
        return Double.parseDouble(
                csv.get(csv.size() - 1).split(",", -1)[Plot.names(csv).indexOf(column)]);
    }

    Report(ForceLatency forceBefore) {
        this.forceBefore = forceBefore;
        print("force of 4 KiB: %s", force(forceBefore));
    }

    private static String force(ForceLatency force) {
        return text("p50 %.3f ms, p99 %.3f ms", force.p50Millis(), force.p99Millis());
    }

    /** Whoever was to be there for comparison, and is not. */
    void missing(String peer) {
        missing.add(peer);
        print("missing: %s", peer);
    }

    void closed(Workload workload, MeasuredServer server, int round, ClosedLoop.Result result) throws IOException {
        Runs runs = closed.computeIfAbsent(
                workload.name() + " " + server.name(),
                key -> new Runs(workload.name(), server.name(), workload.rows(), new ArrayList<>(), new ArrayList<>()));
        if (closed.size() == 1 && round == 1) {
            print(
                    "%-20s %-13s %5s %10s %9s %9s %9s %7s %12s %12s %8s",
                    "workload",
                    "server",
                    "round",
                    "requests/s",
                    "p50 ms",
                    "p99 ms",
                    "p99.9 ms",
                    "errors",
                    "CPU us/req",
                    "generator's",
                    "RSS MiB");
        }
        runs.results.add(result);
        runs.rss.add(server.residentMebibytes());
        print(
                "%-20s %-13s %5d %10.0f %9.2f %9.2f %9.2f %7d %12.1f %12.1f %8.0f",
                workload.name(),
                server.name(),
                round,
                result.perSecond(),
                result.p50Millis(),
                result.p99Millis(),
                result.p999Millis(),
                result.errors(),
                result.serverCpuMicros(),
                result.generatorCpuSeconds() / result.requests() * 1e6,
                server.residentMebibytes());
    }

    void open(Open run) {
        open.add(run);
        print(
                "open loop at %6d/s: ok %.0f, refused %.0f, failed %.0f, not sent %.0f; p50 %.2f ms, p99 %.2f ms,"
                        + " p99.9 %.2f ms; %.1f us of CPU a request; force p99 %.2f ms; visible after p50 %.2f s, p99 %.2f s",
                run.rate,
                run.total("ok"),
                run.total("refused"),
                run.total("other"),
                run.total("unsent"),
                run.total("p50_ms"),
                run.total("p99_ms"),
                run.total("p999_ms"),
                run.cpuMicros(),
                run.force99Millis,
                run.visibility.seconds(50),
                run.visibility.seconds(99));
    }

    /** Connections of which one in a hundred sends in a second, and by how much resident memory grew for them. */
    void idle(int connections, double mebibytes, List<String> csv) {
        idle = text(
                "%d connections, %d of them active per second: ok %.0f, failed %.0f; p50 %.2f ms, p99 %.2f ms; resident"
                        + " memory grew by %.1f MiB",
                connections,
                connections / 100,
                total(csv, "ok"),
                total(csv, "refused") + total(csv, "other") + total(csv, "unsent"),
                total(csv, "p50_ms"),
                total(csv, "p99_ms"),
                mebibytes);
        print("%s", idle);
    }

    double medianPerSecond(Workload workload, String server) {
        return runs(workload.name(), server).median().perSecond();
    }

    /** One server's rate as a part of another's: the median of rounds, which ran one after the other. */
    double share(Workload workload, String server, String of) {
        return share(runs(workload.name(), server), runs(workload.name(), of));
    }

    private static double share(Runs runs, Runs of) {
        double[] shares = new double[runs.results.size()];
        for (int i = 0; i < shares.length; i++) {
            shares[i] = runs.results.get(i).perSecond() / of.results.get(i).perSecond();
        }
        Arrays.sort(shares);
        return shares[shares.length / 2];
    }

    private Runs runs(String workload, String server) {
        Runs runs = closed.get(workload + " " + server);
        if (runs == null) {
            throw new IllegalArgumentException(server + " did not take " + workload);
        }
        return runs;
    }

    /** Writes what was seen. */
    void write(ForceLatency forceAfter, Path directory) throws IOException {
        print("force of 4 KiB: %s", force(forceAfter));
        closed.values().stream()
                .filter(runs -> !runs.server.equals("ceiling"))
                .forEach(runs -> print(
                        "%-20s %-13s %4.0f %% of the ceiling",
                        runs.workload, runs.server, 100 * share(runs, runs(runs.workload, "ceiling"))));
        Files.createDirectories(directory);
        String date = LocalDate.now(ZoneOffset.UTC).toString();
        json(directory.resolve(date + ".json"), forceAfter);
        Files.writeString(directory.resolve(date + ".html"), html(date, forceAfter));
        print("written: %s and .html", directory.resolve(date + ".json"));
    }

    private void json(Path file, ForceLatency forceAfter) throws IOException {
        try (JsonGenerator json = new JsonFactory().createGenerator(Files.newBufferedWriter(file))) {
            json.setPrettyPrinter(new DefaultPrettyPrinter());
            json.writeStartObject();
            json.writeStringField("java", System.getProperty("java.vm.version"));
            json.writeNumberField("cores", Runtime.getRuntime().availableProcessors());
            json.writeArrayFieldStart("force_millis_p50_p99_before_after");
            for (ForceLatency force : List.of(forceBefore, forceAfter)) {
                json.writeNumber(force.p50Millis());
                json.writeNumber(force.p99Millis());
            }
            json.writeEndArray();
            json.writeArrayFieldStart("missing");
            for (String peer : missing) {
                json.writeString(peer);
            }
            json.writeEndArray();
            json.writeArrayFieldStart("closed_loop");
            for (Runs runs : closed.values()) {
                for (int i = 0; i < runs.results.size(); i++) {
                    write(json, runs, i);
                }
            }
            json.writeEndArray();
            json.writeStringField("idle", idle);
            json.writeArrayFieldStart("open_loop");
            for (Open run : open) {
                json.writeStartObject();
                json.writeNumberField("requests_per_second", run.rate);
                json.writeNumberField("ok", run.total("ok"));
                json.writeNumberField("not_ok", run.total("refused") + run.total("other") + run.total("unsent"));
                json.writeNumberField("p50_millis", run.total("p50_ms"));
                json.writeNumberField("p99_millis", run.total("p99_ms"));
                json.writeNumberField("p999_millis", run.total("p999_ms"));
                json.writeNumberField("cpu_micros_per_request", run.cpuMicros());
                json.writeNumberField("force_p99_millis", run.force99Millis);
                json.writeNumberField("visible_p50_seconds", run.visibility.seconds(50));
                json.writeNumberField("visible_p99_seconds", run.visibility.seconds(99));
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
        }
    }

    private static void write(JsonGenerator json, Runs runs, int round) throws IOException {
        ClosedLoop.Result result = runs.results.get(round);
        json.writeStartObject();
        json.writeStringField("workload", runs.workload);
        json.writeStringField("server", runs.server);
        json.writeNumberField("round", round + 1);
        json.writeNumberField("requests_per_second", result.perSecond());
        json.writeNumberField("rows_per_second", result.perSecond() * runs.rows);
        json.writeNumberField("errors", result.errors());
        json.writeNumberField("p50_millis", result.p50Millis());
        json.writeNumberField("p99_millis", result.p99Millis());
        json.writeNumberField("p999_millis", result.p999Millis());
        json.writeNumberField("cpu_micros_per_request", result.serverCpuMicros());
        json.writeNumberField("generator_cpu_seconds", result.generatorCpuSeconds());
        json.writeNumberField("rss_mebibytes", runs.rss.get(round));
        json.writeEndObject();
    }

    private String html(String date, ForceLatency forceAfter) {
        StringBuilder page = new StringBuilder("<!doctype html><meta charset=\"utf-8\"><title>Headgate " + date
                + "</title><body style=\"font-family:sans-serif\"><h1>" + date + "</h1><p>Force of 4 KiB before: "
                + force(forceBefore) + "; after: " + force(forceAfter) + ". Cores, shared with the generator: "
                + Runtime.getRuntime().availableProcessors() + ". Missing: " + missing + ".</p>");
        page.append(
                "<table border=\"1\" cellpadding=\"4\" style=\"border-collapse:collapse\"><tr><th>workload<th>server"
                        + "<th>requests/s<th>rows/s<th>p50 ms<th>p99 ms<th>p99.9 ms<th>errors<th>CPU µs/request</tr>");
        for (Runs runs : closed.values()) {
            ClosedLoop.Result result = runs.median();
            page.append(text(
                    "<tr><td>%s<td>%s<td>%.0f<td>%.0f<td>%.2f<td>%.2f<td>%.2f<td>%d<td>%.1f</tr>",
                    runs.workload,
                    runs.server,
                    result.perSecond(),
                    result.perSecond() * runs.rows,
                    result.p50Millis(),
                    result.p99Millis(),
                    result.p999Millis(),
                    result.errors(),
                    result.serverCpuMicros()));
        }
        page.append("</table>");
        if (!open.isEmpty()) {
            plots(page);
        }
        return page.toString();
    }

    private void plots(StringBuilder page) {
        List<double[]> cost = new ArrayList<>();
        for (Open run : open) {
            cost.add(new double[] {run.rate, run.cpuMicros(), run.total("p50_ms"), run.total("p99_ms")});
        }
        page.append("<p>" + idle + "</p><h2>Cost and latency against rate</h2>")
                .append(Plot.svg(
                        "µs of CPU a row, ms of latency, by requests per second",
                        List.of("rate", "cpu_us", "p50_ms", "p99_ms"),
                        cost,
                        List.of("cpu_us", "p50_ms", "p99_ms")));
        for (Open run : open) {
            page.append(text("<h2>%d requests per second</h2>", run.rate))
                    .append(plot("answered with 200, second by second", run.seconds, List.of("ok")))
                    .append(plot(
                            "latency in ms from when a request was due, by nines of the percentile",
                            run.histogram.lines().toList(),
                            List.of("ms")));
        }
    }

    private static String plot(String title, List<String> csv, List<String> columns) {
        return Plot.svg(title, Plot.names(csv), Plot.rows(csv), columns);
    }

    private static void print(String format, Object... values) {
        System.out.println(text(format, values));
    }

    private static String text(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
