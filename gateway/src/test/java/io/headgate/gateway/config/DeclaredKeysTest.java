package io.headgate.gateway.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DeclaredKeysTest {
    private final List<String> problems = new ArrayList<>();
    private final Settings in =
            new Settings(new Given(Map.of(), Map.of()), Path.of("/etc/headgate/headgate.yaml"), problems);

    /** Names, defaults and ranges are a promise to whoever runs a gateway: none of them changes by accident. */
    @Test
    void everyKeyWithItsDefaultAndItsRange() {
        assertEquals("""
                http.host | text | 127.0.0.1 |
                http.port | whole number | 8080 | 0 to 65535
                http.max-body | size | 10MiB | 1KiB to 256MiB
                http.max-expanded-body | size | http.max-body | 1KiB to 256MiB
                http.max-expansion-ratio | whole number | 200 | 1 to 100000
                http.max-header | size | 16KiB | 1KiB to 1MiB
                http.max-request-line | size | 4KiB | 1KiB to 64KiB
                http.max-connections | whole number | 16384 | 1 to 1000000
                http.max-streams | whole number | 100 | 1 to 10000
                http.head-timeout | time | 10s | 100ms to 10m
                http.body-timeout | time | 30s | 100ms to 1h
                http.min-body-rate | size | 16KiB | 1 to 1GiB
                http.idle-timeout | time | 75s | 100ms to 24h
                http.linger-timeout | time | 5s | 10ms to 1m
                management.host | text | 127.0.0.1 |
                management.port | whole number | 9090 | 0 to 65535
                catalog.kind | one of | directory | directory
                catalog.path | path | ./tables |
                log.path | path | ./log |
                log.max-bytes | size | 8GiB | 1MiB to 64TiB
                log.segment-bytes | size | 64MiB | 64KiB to 1GiB
                log.parked-bytes | size | 4GiB | 0 to 64TiB
                log.max-group-delay | time | 1ms | 0s to 100ms
                commit.interval | time | 2s | 10ms to 1h
                commit.file-target | size | 64MiB | 64KiB to 4GiB
                commit.max-cpu-percent | whole number | 10 | 1 to 100
                commit.max-delay | time | 20s | 0s to 1h
                commit.max-open-partitions | whole number | 64 | 1 to 4096
                limits.table-unflushed-bytes | size | 1GiB | 64KiB to 64TiB
                limits.in-flight-bytes | size | 256MiB | 64KiB to 1TiB
                limits.max-entry-bytes | size | 16MiB | 1KiB to 256MiB
                limits.max-records | whole number | 1000000 | 1 to 100000000
                limits.max-partitions | whole number | 1000 | 1 to 100000
                limits.max-nesting | whole number | 100 | 2 to 1000
                limits.retry-after-max | time | 1m | 1s to 1h
                limits.refusals-per-second | whole number | 2000 | 1 to 1000000
                limits.rates.subject.requests | text | none | such as 100/10s
                limits.rates.subject.bytes | text | none | such as 1MiB/1s
                limits.rates.table.requests | text | none | such as 100/10s
                limits.rates.table.bytes | text | none | such as 1MiB/1s
                limits.rates.total.requests | text | none | such as 100/10s
                limits.rates.total.bytes | text | none | such as 1MiB/1s
                limits.rates.max-subjects | whole number | 1000000 | 1 to 50000000
                idempotency.window | time | 10m | 1s to 7d
                idempotency.max-bytes | size | 256MiB | 1MiB to 16GiB
                auth.issuer.key-file | path | ./issuer.jwk |
                auth.issuer.audience | text | headgate |
                auth.issuer.token-ttl | time | 1h | 1s to 365d
                auth.clock-skew | time | 30s | 0s to 10m
                auth.service-principals.<n>.client-id | text | required | such as fleet-a
                auth.service-principals.<n>.secret-sha256 | text | required | such as 5f16ca9b6a1f9ef6f2f1b9f2d3a4c5d6e7f8091a2b3c4d5e6f708192a3b4c5d6
                auth.service-principals.<n>.salt | text | required | such as 00112233445566778899aabbccddeeff
                auth.service-principals.<n>.tables | list | none | such as main.fleet.telemetry
                auth.service-principals.<n>.pin | list | none | such as device_id
                receipts.key-file | path | ./receipt.key |
                receipts.wait-max | time | 30s | 100ms to 10m
                quarantine.table | text | none | such as main.fleet.rejected
                clock.ignore-entries-after | moment | none | such as 2026-12-31T00:00:00Z
                drain.timeout | time | 20s | 1s to 1h
                logging.format | one of | auto | auto, text, json
                logging.level | one of | info | error, warn, info, debug
                logging.access | one of | refused | off, refused, all
                tables.<table>.commit-interval | time | commit.interval | 10ms to 1h
                tables.<table>.file-target | size | commit.file-target | 64KiB to 4GiB
                tables.<table>.unflushed-bytes | size | limits.table-unflushed-bytes | 64KiB to 64TiB
                tables.<table>.rate-requests | text | limits.rates.table.requests | such as 100/10s
                tables.<table>.rate-bytes | text | limits.rates.table.bytes | such as 1MiB/1s
                tables.<table>.set-columns.<column> | one of | none | receive-time, receive-time-if-absent, subject, subject-if-absent, request-id, request-id-if-absent
                tables.<table>.plausible-timestamps.from | moment | none | such as 2026-12-31T00:00:00Z
                tables.<table>.plausible-timestamps.to | moment | none | such as 2026-12-31T00:00:00Z
                """, lines(declared()));
    }

    @Test
    void everyKeyIsDescribedInASentence() {
        declared()
                .forEach(key -> assertTrue(
                        key.description().matches("[A-Z].*[^ ]\\."),
                        () -> key.name() + ": '" + key.description() + "'"));
    }

    /** Variables cannot tell a dot from a dash from an underscore, so two keys must not differ in these alone. */
    @Test
    void noTwoKeysHaveTheSameVariable() {
        Map<String, String> keys = new HashMap<>();
        for (Key key : declared()) {
            for (String each : List.of(key.name(), key.name() + "-file")) {
                if (each.equals(key.name()) || key.kind() == Key.Kind.SECRET) {
                    assertNull(keys.put(Key.variable(each), each), each);
                }
            }
        }
    }

    private List<Key> declared() {
        GatewayConfig.from(in).checkRelations(in);
        assertEquals(List.of(), problems);
        return in.declared();
    }

    private static String lines(List<Key> keys) {
        StringBuilder lines = new StringBuilder();
        for (Key key : keys) {
            lines.append(String.join(" | ", key.name(), key.kind().toString(), key.byDefault(), key.range())
                            .stripTrailing())
                    .append('\n');
        }
        return lines.toString();
    }
}
