package io.headgate.systemtests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What a gateway's process holds when nobody asks anything of it. */
record Usage(long handles, long heapBytes, long residentBytes) {
    private static final int HANDLES_SPREAD = 12;
    private static final long HEAP_SPREAD_BYTES = 16 << 20;
    private static final long RESIDENT_SPREAD_BYTES = 96 << 20;

    static Usage of(HeadgateProgram program) throws Exception {
        long pid = program.gateway().pid();
        jcmd(pid, "GC.run");
        return new Usage(handles(pid), heap(jcmd(pid, "GC.heap_info")), resident(pid));
    }

    /** Fails if this is more than {@code before}, and more than what comes and goes by itself. */
    void assertNoMoreThan(Usage before) {
        assertTrue(handles <= before.handles + HANDLES_SPREAD, before + " became " + this);
        assertTrue(heapBytes <= before.heapBytes + HEAP_SPREAD_BYTES, before + " became " + this);
        assertTrue(residentBytes <= before.residentBytes + RESIDENT_SPREAD_BYTES, before + " became " + this);
    }

    /** Of all generations, if the collector has them. */
    private static long heap(String info) {
        String generations = info.substring(0, info.indexOf("Metaspace"));
        return Pattern.compile("used (\\d+)K")
                        .matcher(generations)
                        .results()
                        .mapToLong(used -> Long.parseLong(used.group(1)))
                        .sum()
                << 10;
    }

    private static long handles(long pid) throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc/" + pid + "/fd"))) {
            return open.count();
        }
    }

    private static long resident(long pid) throws IOException {
        return first("VmRSS:\\s+(\\d+) kB", Files.readString(Path.of("/proc/" + pid + "/status"))) << 10;
    }

    private static String jcmd(long pid, String command) throws Exception {
        Process jcmd = new ProcessBuilder(Jdks.current().resolve("bin/jcmd").toString(), Long.toString(pid), command)
                .redirectErrorStream(true)
                .start();
        String out = new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(jcmd.waitFor(30, TimeUnit.SECONDS), out);
        assertEquals(0, jcmd.exitValue(), out);
        return out;
    }

    static double gauge(HeadgateProgram program, String name) throws Exception {
        String metrics = program.management("/metrics").body();
        Matcher line =
                Pattern.compile("^" + name + " (\\S+)$", Pattern.MULTILINE).matcher(metrics);
        assertTrue(line.find(), name + " is not in\n" + metrics);
        return Double.parseDouble(line.group(1));
    }

    private static long first(String pattern, String text) {
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        assertTrue(matcher.find(), text);
        return Long.parseLong(matcher.group(1));
    }
}
