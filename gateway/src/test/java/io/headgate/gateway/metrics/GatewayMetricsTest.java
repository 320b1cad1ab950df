package io.headgate.gateway.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.headgate.batching.ByteBudget;
import io.headgate.model.Refusal;
import io.headgate.model.TableName;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GatewayMetricsTest {
    private final GatewayMetrics metrics = new GatewayMetrics(System::nanoTime);

    @AfterEach
    void close() {
        metrics.close();
    }

    private void assertScraped(String line) {
        String scraped = metrics.scrape();
        assertTrue(scraped.lines().anyMatch(line::equals), () -> "No line '" + line + "' in\n" + scraped);
    }

    @Test
    void requestsCountByStatusAndRefusalsByCode() {
        metrics.http().answered(200);
        metrics.http().answered(200);
        metrics.http().answered(503);
        metrics.http().refused(Refusal.Code.UNAVAILABLE);
        assertScraped("headgate_http_requests_total{status=\"200\"} 2.0");
        assertScraped("headgate_http_requests_total{status=\"503\"} 1.0");
        assertScraped("headgate_http_refusals_total{code=\"UNAVAILABLE\"} 1.0");
        assertScraped("headgate_http_refusals_total{code=\"INTERNAL\"} 0.0");
    }

    @Test
    void acksAreTimedInBuckets() {
        metrics.http().acked(1_500_000, 200, 1);
        metrics.http().acked(4_000_000, 100, 9);
        assertScraped("headgate_ack_latency_seconds_bucket{le=\"0.001\"} 0");
        assertScraped("headgate_ack_latency_seconds_bucket{le=\"0.002\"} 1");
        assertScraped("headgate_ack_latency_seconds_bucket{le=\"0.005\"} 2");
        assertScraped("headgate_ack_latency_seconds_count 2");
        assertScraped("headgate_http_acked_body_bytes_total 300.0");
        assertScraped("headgate_acked_rows_total 10.0");
    }

    @Test
    void requestsPerForceFollowFromTheGroups() {
        metrics.log().groupForced(10, 4_096, 20_000, 100_000);
        metrics.log().groupForced(30, 8_192, 20_000, 300_000);
        assertScraped("headgate_log_group_appends_sum 40.0");
        assertScraped("headgate_log_group_appends_count 2");
        assertScraped("headgate_log_force_latency_seconds_sum 4.0E-4");
        assertScraped("headgate_log_group_bytes_sum 12288.0");
    }

    @Test
    void commitsCountByTable() {
        TableName table = TableName.parse("main.fleet.telemetry");
        metrics.streams().committed(table, 100, 3, 4_096, 5_000_000, 2_000_000_000);
        metrics.streams().commitFailed(table);
        assertScraped("headgate_commit_rows_total{table=\"main.fleet.telemetry\"} 100.0");
        assertScraped("headgate_commit_rejected_rows_total{table=\"main.fleet.telemetry\"} 3.0");
        assertScraped("headgate_commit_failures_total{table=\"main.fleet.telemetry\"} 1.0");
        assertScraped("headgate_commit_files_total{table=\"main.fleet.telemetry\"} 1.0");
        assertScraped("headgate_commit_file_bytes_total{table=\"main.fleet.telemetry\"} 4096.0");
        assertScraped("headgate_commit_lag_seconds_sum{table=\"main.fleet.telemetry\"} 2.0");
    }

    @Test
    void budgetsAreShownAsTheyAre() {
        ByteBudget budget = new ByteBudget(1_000);
        metrics.watchInFlight(budget);
        assertTrue(budget.tryReserve(300));
        assertScraped("headgate_inflight_bytes 300.0");
        assertScraped("headgate_inflight_limit_bytes 1000.0");
    }

    @Test
    void thereAreNeverTooManyTableLabels() {
        TableLabels labels = new TableLabels();
        Set<String> all = new HashSet<>();
        for (int i = 0; i < 1_000; i++) {
            all.add(labels.of(TableName.parse("main.fleet.t" + i)));
        }
        assertEquals(101, all.size());
        assertTrue(all.contains(TableLabels.OTHERS));
        assertEquals("main.fleet.t0", labels.of(TableName.parse("main.fleet.t0")));
        assertEquals(TableLabels.OTHERS, labels.of(TableName.parse("main.fleet.t999")));
    }
}
