/** What the gateway counts, as Micrometer meters for Prometheus. Meters are made once; recording looks nothing up. */
@NullMarked
package io.headgate.gateway.metrics;

import org.jspecify.annotations.NullMarked;
