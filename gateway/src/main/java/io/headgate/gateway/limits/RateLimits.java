package io.headgate.gateway.limits;

import io.headgate.gateway.limits.ArrivalTimes.Outcome;
import io.headgate.model.Refusal;
import io.headgate.model.TableName;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How much subjects may send, tables may get, and all together may be. A request counts against each of these or, if it
 * is refused by one, against none. Bytes count as announced before they are there; a body that is larger than what is left,
 * or was not announced, is taken all the same, and whoever sends it waits the longer afterwards. Any thread.
 */
public final class RateLimits {
    private static final int TABLES_MAX = 10_000;

    /** What all requests to a table are bounded by, in the order of looking, and as clients read it. */
    private record Bounds(List<Limit> limits, String policies) {}

    private final Bounds usual;
    private final Map<TableName, Bounds> byTable;
    private final ArrivalTimes subjects;
    private final ArrivalTimes tables;
    private final ArrivalTimes total;
    private final SipHash hash;
    private final LongSupplier nanoTime;
    private final long originNanos;

    /**
     * @param nanoTime as {@link System#nanoTime()}
     * @param random makes the key by which subjects are hashed
     */
    public RateLimits(RateSettings settings, LongSupplier nanoTime, RandomGenerator random) {
        this.usual = bounds(settings, settings.table());
        this.byTable = settings.tables().entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, table -> bounds(settings, table.getValue())));
        this.subjects = new ArrivalTimes(settings.subject().isUnbounded() ? 1 : settings.maxSubjects());
        this.tables = new ArrivalTimes(TABLES_MAX);
        this.total = new ArrivalTimes(1);
        this.hash = SipHash.keyedBy(random);
        this.nanoTime = nanoTime;
        this.originNanos = nanoTime.getAsLong();
    }

    private static Bounds bounds(RateSettings settings, Rates table) {
        List<Limit> limits = List.of(
                Limit.of("subject", settings.subject()), Limit.of("table", table), Limit.of("total", settings.total()));
        return new Bounds(
                limits,
                limits.stream()
                        .flatMap(limit -> Stream.of(
                                policy(limit.name(), limit.requests(), ""),
                                policy(limit.name() + "-bytes", limit.bytes(), ";qu=\"content-bytes\"")))
                        .filter(policy -> !policy.isEmpty())
                        .collect(Collectors.joining(", ")));
    }

    private static String policy(String name, @Nullable Gcra limit, String unit) {
        return limit == null
                ? ""
                : "\"" + name + "\";q=" + limit.quota().units() + ";w="
                        + limit.quota().window().toSeconds() + unit;
    }

    /** Whether requests to {@code table} are bounded at all; the other methods are only for those. */
    public boolean bound(TableName table) {
        return !boundsOf(table).policies.isEmpty();
    }

    private Bounds boundsOf(TableName table) {
        Bounds own = byTable.isEmpty() ? null : byTable.get(table);
        return own == null ? usual : own;
    }

    /**
     * Counts a request.
     *
     * @param announcedBytes of its body, 0 if not known
     */
    public Admittance admit(String subject, TableName table, long announcedBytes) {
        long now = now();
        Bounds bounds = boundsOf(table);
        Tightest tightest = new Tightest(now);
        for (int i = 0; i < bounds.limits.size(); i++) {
            Limit limit = bounds.limits.get(i);
            if (limit.requests() == null && limit.bytes() == null) {
                continue;
            }
            Outcome outcome = timesOf(i).take(key(i, subject, table), limit, now, announcedBytes);
            if (!outcome.taken()) {
                giveBack(i, bounds.limits, subject, table, announcedBytes);
                return refused(bounds, limit, outcome, now);
            }
            tightest.see(limit, outcome);
        }
        return new Admittance(bounds.policies, tightest.toString(), null);
    }

    /** Counts bytes of an admitted request beyond those that were announced. */
    public void charge(String subject, TableName table, long bytes) {
        long now = now();
        List<Limit> limits = boundsOf(table).limits;
        for (int i = 0; i < limits.size(); i++) {
            Gcra limit = limits.get(i).bytes();
            if (limit != null) {
                timesOf(i).charge(key(i, subject, table), limit, now, bytes);
            }
        }
    }

    /** How often a subject was counted together with others, as {@code limits.rates.max-subjects} were there. */
    public long shared() {
        return subjects.shared();
    }

    private void giveBack(int to, List<Limit> limits, String subject, TableName table, long bytes) {
        for (int i = 0; i < to; i++) {
            timesOf(i).giveBack(key(i, subject, table), limits.get(i), bytes);
        }
    }

    private ArrivalTimes timesOf(int limit) {
        return switch (limit) {
            case 0 -> subjects;
            case 1 -> tables;
            default -> total;
        };
    }

    private long key(int limit, String subject, TableName table) {
        return switch (limit) {
            case 0 -> hash.of(subject);
            case 1 -> hash.of(table.toString());
            default -> 1;
        };
    }

    private static Admittance refused(Bounds bounds, Limit limit, Outcome outcome, long now) {
        Gcra requests = limit.requests();
        boolean byRequests = requests != null && requests.waitNanos(outcome.requestTat(), now) > 0;
        long wait = limit.waitNanos(outcome.requestTat(), outcome.byteTat(), now);
        int seconds = (int) Math.min(Integer.MAX_VALUE, Gcra.seconds(wait));
        String name = limit.name() + (byRequests ? "" : "-bytes");
        String what = byRequests ? "requests" : "bytes";
        String who = switch (limit.name()) {
            case "subject" -> "This subject sends";
            case "table" -> "This table is sent";
            default -> "All tables together are sent";
        };
        return new Admittance(
                bounds.policies,
                "\"" + name + "\";r=0;t=" + seconds,
                new Refusal(
                        Refusal.Code.RATE_LIMITED,
                        who + " more " + what + " than it may (limits.rates." + limit.name() + "." + what
                                + (limit.name().equals("table") ? ", or rate-" + what + " of the table" : "")
                                + "). Nothing was stored; send the request again after the seconds in Retry-After.",
                        List.of(),
                        seconds));
    }

    /** Never 0, so that a time of 0 is in the past. */
    private long now() {
        return nanoTime.getAsLong() - originNanos + 1;
    }

    /** Of all bounds that a request counts against the one of which the smallest share is left. */
    private static final class Tightest {
        private final long now;
        private double share = 2;
        private String name = "";
        private @Nullable Gcra limit;
        private long tat;

        Tightest(long now) {
            this.now = now;
        }

        void see(Limit seen, Outcome outcome) {
            see(seen.name(), "", seen.requests(), outcome.requestTat());
            see(seen.name(), "-bytes", seen.bytes(), outcome.byteTat());
        }

        private void see(String of, String unit, @Nullable Gcra seen, long seenTat) {
            if (seen != null && seen.shareLeft(seenTat, now) < share) {
                share = seen.shareLeft(seenTat, now);
                name = of + unit;
                limit = seen;
                tat = seenTat;
            }
        }

        @Override
        public String toString() {
            return limit == null
                    ? ""
                    : "\"" + name + "\";r=" + limit.left(tat, now) + ";t=" + Gcra.seconds(Math.max(0, tat - now));
        }
    }
}
