package io.headgate.gateway.doctor;

import io.vertx.core.transport.Transport;
import org.jspecify.annotations.Nullable;

/** How sockets are waited for. */
final class TransportCheck implements Check {
    private final @Nullable Transport fastest;

    /** @param fastest what this platform has beside NIO; null for nothing */
    TransportCheck(@Nullable Transport fastest) {
        this.fastest = fastest;
    }

    @Override
    public String name() {
        return "native-transport";
    }

    @Override
    public Finding examine() {
        if (fastest != null && fastest.available()) {
            return Finding.ok(fastest.name());
        }
        String why = fastest == null
                ? "none is included for this platform"
                : String.valueOf(fastest.unavailabilityCause().getMessage());
        return Finding.warn(
                "NIO: " + why,
                "NIO works and costs some CPU. There are native transports for Linux and macOS on x86-64 and aarch64.");
    }
}
