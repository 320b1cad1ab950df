package io.headgate.gateway.cli;

import io.headgate.gateway.doctor.Doctor;
import io.headgate.gateway.doctor.Examination;
import io.headgate.gateway.doctor.Finding;
import io.headgate.gateway.doctor.Verdict;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Whether this machine is fit for a gateway with this configuration. */
@Command(
        description = {
            "Checks whether this machine is fit for a gateway: one line for each check, with a remedy where one is due.",
            "Exit code 0 if nothing fails. Works beside a running gateway, and leaves nothing behind."
        },
        mixinStandardHelpOptions = true)
final class DoctorCommand implements Callable<Integer> {
    private final Console console;

    @Mixin
    private ConfigOption config = new ConfigOption();

    @Option(names = "--json", description = "Print one JSON object for each check, one a line, and no summary.")
    private boolean json;

    DoctorCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException {
        List<Verdict> verdicts = new ArrayList<>();
        Iterator<Examination> examinations =
                new Doctor(config.loadWithOrigins()).examine().iterator();
        while (examinations.hasNext()) {
            Examination made = examinations.next();
            verdicts.add(made.finding().verdict());
            console.println(json ? asJson(made) : asText(made));
        }
        if (!json) {
            console.println(summary(verdicts));
        }
        return verdicts.contains(Verdict.FAIL) ? ExitCode.FAILED : ExitCode.OK;
    }

    private static String asText(Examination made) {
        Finding finding = made.finding();
        String line = "%-7s  %-16s  %s".formatted(finding.verdict(), made.check(), finding.found());
        return finding.remedy().isEmpty() ? line : line + "\n" + " ".repeat(27) + finding.remedy();
    }

    private static String summary(List<Verdict> verdicts) {
        StringBuilder summary = new StringBuilder(verdicts.size() + " checks:");
        for (Verdict verdict : Verdict.values()) {
            long count = verdicts.stream().filter(verdict::equals).count();
            summary.append(verdict == Verdict.OK ? " " : ", ")
                    .append(count)
                    .append(' ')
                    .append(verdict);
        }
        return summary.toString();
    }

    private static String asJson(Examination made) throws IOException {
        return JsonLines.line(out -> {
            out.writeStringField("check", made.check());
            out.writeStringField("verdict", made.finding().verdict().toString());
            out.writeStringField("found", made.finding().found());
            out.writeStringField("remedy", made.finding().remedy());
        });
    }
}
