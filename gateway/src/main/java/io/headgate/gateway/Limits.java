package io.headgate.gateway;

import io.headgate.auth.Authenticator;
import io.headgate.batching.CommitPace;
import io.headgate.batching.StreamSettings;
import io.headgate.batching.TableSettings;
import io.headgate.delta.PartitionLimits;
import io.headgate.delta.parquet.ParquetSettings;
import io.headgate.gateway.config.GatewayConfig;
import io.headgate.gateway.config.RateConfig;
import io.headgate.gateway.http.ConnectionLimits;
import io.headgate.gateway.http.DecodeSettings;
import io.headgate.gateway.http.HttpSettings;
import io.headgate.gateway.http.RequestLimits;
import io.headgate.gateway.limits.RateSettings;
import io.headgate.model.TableName;
import io.headgate.schema.DecodeLimits;
import io.headgate.schema.SetColumn;
import io.headgate.wal.KeyRetention;
import io.headgate.wal.LogSettings;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;

/** Turns the configuration into each part's own settings, and holds what is not configurable yet. */
public final class Limits {
    private static final int GROUP_BYTES = 1 << 20;

    /** What of {@code limits.max-entry-bytes} is left to an entry's header and tags: 40 bytes, and room for tags. */
    private static final int ENTRY_HEADER_BYTES_MAX = 512;

    private static final int SPARE_SEGMENTS = 2;
    private static final Duration RETRY_DELAY_MIN = Duration.ofMillis(100);
    private static final Duration RETRY_DELAY_MAX = Duration.ofSeconds(30);

    /** What is read of a refused request before its connection is cut, in largest bodies. */
    private static final long LINGER_BODIES_MAX = 2;

    private Limits() {}

    /** What the log is opened with. */
    public static LogSettings log(GatewayConfig config) {
        return new LogSettings(
                config.log().segmentBytes(),
                config.log().maxBytes(),
                config.limits().maxEntryBytes(),
                GROUP_BYTES,
                SPARE_SEGMENTS,
                config.log().parkedBytes(),
                new KeyRetention(
                        config.idempotency().window(), config.idempotency().maxBytes()));
    }

    static StreamSettings streams(GatewayConfig config) {
        return new StreamSettings(
                new TableSettings(
                        config.commit().interval(),
                        config.commit().fileTargetBytes(),
                        config.limits().tableUnflushedBytes()),
                config.tables().entrySet().stream()
                        .collect(
                                Collectors.toMap(table -> table.getKey().toString(), table -> table(table.getValue()))),
                config.log().maxBytes() / 2,
                parkedEntryBytes(config.log().parkedBytes()),
                config.log().maxGroupDelay(),
                RETRY_DELAY_MIN,
                RETRY_DELAY_MAX);
    }

    /** The JVM tells -1 where it cannot tell a thread's CPU time: then commits cost nothing, and none waits. */
    static CommitPace commitPace(GatewayConfig config) {
        double cores =
                Runtime.getRuntime().availableProcessors() * config.commit().maxCpuPercent() / 100.0;
        return new CommitPace(
                cores,
                config.commit().maxDelay(),
                System::nanoTime,
                ManagementFactory.getThreadMXBean()::getCurrentThreadCpuTime);
    }

    /**
     * What sick tables may hold, so that all of it can be parked: a quarter is for what files of parked entries take
     * besides, their headers, declarations and alignment.
     */
    private static long parkedEntryBytes(long parkedBytes) {
        return parkedBytes / 4 * 3;
    }

    private static TableSettings table(GatewayConfig.Table table) {
        return new TableSettings(table.commitInterval(), table.fileTargetBytes(), table.unflushedBytes());
    }

    /** What the gateway writes into columns, of the tables of which it writes any. */
    static Map<TableName, Map<String, SetColumn>> setColumns(GatewayConfig config) {
        return config.tables().entrySet().stream()
                .filter(table -> !table.getValue().setColumns().isEmpty())
                .collect(Collectors.toMap(
                        Map.Entry::getKey, table -> table.getValue().setColumns()));
    }

    static DecodeSettings decoding(GatewayConfig config) {
        return new DecodeSettings(
                DecodeLimits.of(
                        Math.max(config.http().maxBodyBytes(), config.http().maxExpandedBytes()),
                        config.limits().maxEntryBytes() - ENTRY_HEADER_BYTES_MAX,
                        config.limits().maxNesting(),
                        config.limits().maxRecords(),
                        config.limits().maxPartitions()),
                config.tables().entrySet().stream()
                        .collect(Collectors.toMap(
                                Map.Entry::getKey, table -> table.getValue().plausibleTimes())));
    }

    static HttpSettings http(GatewayConfig config) {
        GatewayConfig.Http http = config.http();
        return HttpSettings.of(
                http.host(),
                http.port(),
                new RequestLimits(
                        http.maxBodyBytes(),
                        http.maxExpandedBytes(),
                        http.maxExpansionRatio(),
                        http.maxHeaderBytes(),
                        http.maxRequestLineBytes(),
                        millis(http.bodyTimeout()),
                        http.minBodyBytesPerSecond()),
                new ConnectionLimits(
                        FileHandles.connections(http.maxConnections(), FileHandles.limit()),
                        http.maxStreams(),
                        millis(http.headTimeout()),
                        millis(http.idleTimeout()),
                        millis(http.lingerTimeout()),
                        LINGER_BODIES_MAX * http.maxBodyBytes(),
                        config.limits().refusalsPerSecond()));
    }

    static RateSettings rates(GatewayConfig config) {
        RateConfig rates = config.limits().rates();
        return new RateSettings(
                rates.subject(),
                rates.table(),
                rates.total(),
                config.tables().entrySet().stream()
                        .collect(Collectors.toMap(
                                Map.Entry::getKey, table -> table.getValue().rates())),
                rates.maxSubjects());
    }

    private static int millis(Duration duration) {
        return Math.toIntExact(duration.toMillis());
    }

    static Authenticator.Settings authenticator(GatewayConfig config) {
        Authenticator.Settings usual = Authenticator.Settings.defaults();
        return new Authenticator.Settings(
                config.auth().clockSkew(), usual.acceptedWeightMax(), usual.refusedMax(), usual.refusedFor());
    }

    /** The longest token that leaves a quarter of a request's headers to all others. */
    static int tokenChars(GatewayConfig config) {
        return config.http().maxHeaderBytes() / 4 * 3;
    }

    static ParquetSettings parquet() {
        return ParquetSettings.DEFAULT;
    }

    /** A commit has room for any one request. */
    static PartitionLimits partitions(GatewayConfig config) {
        return new PartitionLimits(
                config.commit().maxOpenPartitions(), config.limits().maxPartitions());
    }
}
