package io.headgate.gateway.metrics;

import io.headgate.model.Outage;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells of an outage in the events: that it began, now and then that it lasts, and that it is over. */
final class OutageEvents {
    private static final Logger LOG = LoggerFactory.getLogger(OutageEvents.class);

    private final String healed;
    private final Outage outage;

    /** @param healed what to say once it is over */
    OutageEvents(String healed, LongSupplier nanoTime) {
        this.healed = healed;
        this.outage = new Outage(nanoTime);
    }

    /** @param problem problem, cause and remedy */
    void failed(String problem) {
        long failures = outage.failed();
        if (failures > 0) {
            LOG.atWarn().addKeyValue("failures", failures).log(problem);
        }
    }

    void healed() {
        if (!outage.lasts()) {
            return;
        }
        Duration age = outage.age();
        long failures = outage.healed();
        if (failures > 0) {
            LOG.atInfo().addKeyValue("failures", failures).log(healed + " after " + age.toSeconds() + " s");
        }
    }
}
