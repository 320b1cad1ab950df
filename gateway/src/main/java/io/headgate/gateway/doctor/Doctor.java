package io.headgate.gateway.doctor;

import io.headgate.gateway.FileHandles;
import io.headgate.gateway.clock.BuildTime;
import io.headgate.gateway.clock.ClockRule;
import io.headgate.gateway.config.GatewayConfig;
import io.headgate.gateway.config.LoadedConfig;
import io.vertx.core.transport.Transport;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.Stream;

/** All checks, for one configuration. Blocking; takes a few seconds at the most on a healthy machine. */
public final class Doctor {
    private final LoadedConfig loaded;

    /** @param loaded what the gateway would run with */
    public Doctor(LoadedConfig loaded) {
        this.loaded = loaded;
    }

    /** Each check's result as soon as it is made, in the order in which they are best read. */
    public Stream<Examination> examine() {
        return checks().stream().map(Examination::of);
    }

    private List<Check> checks() {
        GatewayConfig config = loaded.config();
        GatewayConfig.Log log = config.log();
        return List.of(
                JavaCheck.ofThisJvm(),
                new TransportCheck(Transport.nativeTransport()),
                new CompressionCheck(),
                new FileHandlesCheck(FileHandles.limit(), config.http().maxConnections(), FileHandles.KEPT),
                new ClockCheck(
                        InstantSource.system(),
                        new ClockRule(BuildTime.read(), config.clock().ignoreEntriesAfter()),
                        log.path()),
                new LogStorageCheck(log.path()),
                new FreeSpaceCheck(log, config.idempotency().maxBytes()),
                new ForceLatencyCheck(log.path(), System::nanoTime),
                new LinkCheck(config.catalog().path()),
                new TablesCheck(config.catalog().path(), config.tables()),
                new KeyFileCheck(config.auth().issuer().keyFile()),
                new SecretsCheck(loaded.secretFiles()),
                new PortCheck("http", config.http().host(), config.http().port(), log.path()),
                new PortCheck(
                        "management",
                        config.management().host(),
                        config.management().port(),
                        log.path()));
    }
}
