package io.headgate.gateway.doctor;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/** Whether the configuration's secrets are their owner's alone. */
final class SecretsCheck implements Check {
    private final Collection<Path> files;

    /** @param files those that hold secrets */
    SecretsCheck(Collection<Path> files) {
        this.files = files;
    }

    @Override
    public String name() {
        return "secrets";
    }

    @Override
    public Finding examine() throws IOException {
        if (files.isEmpty()) {
            return Finding.skipped("the configuration holds none");
        }
        List<Path> open = new ArrayList<>();
        for (Path file : files) {
            if (Permissions.othersMayRead(file)) {
                open.add(file);
            }
        }
        String names = open.stream().sorted().map(Path::toString).collect(Collectors.joining(" "));
        return open.isEmpty()
                ? Finding.ok("the files that hold them are their owner's alone")
                : Finding.warn("others may read " + names, "chmod 600 " + names);
    }
}
