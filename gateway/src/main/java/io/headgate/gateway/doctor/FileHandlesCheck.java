package io.headgate.gateway.doctor;

/** Whether the process may open as many files as it serves connections. */
final class FileHandlesCheck implements Check {
    private final long limit;
    private final int connections;
    private final int kept;

    /**
     * @param limit how many files the process may open
     * @param connections how many the configuration asks for
     * @param kept how many handles a gateway keeps for everything else
     */
    FileHandlesCheck(long limit, int connections, int kept) {
        this.limit = limit;
        this.connections = connections;
        this.kept = kept;
    }

    @Override
    public String name() {
        return "file-handles";
    }

    @Override
    public Finding examine() {
        String found = limit + " may be open, " + connections + " connections and " + kept + " others are wanted";
        if (limit >= (long) connections + kept) {
            return Finding.ok(found);
        }
        long served = Math.max(1, limit - kept);
        String remedy = "Raise the limit to " + ((long) connections + kept)
                + " (LimitNOFILE= of systemd, --ulimit nofile= of Docker, 'ulimit -n' of a shell).";
        return limit <= kept
                ? Finding.fail(found + ": not enough even without connections", remedy)
                : Finding.warn(found + ": only " + served + " connections would be served", remedy);
    }
}
