/** The edge: HTTP, configuration, metrics, commands, and the wiring of everything behind. */
@NullMarked
package io.headgate.gateway;

import org.jspecify.annotations.NullMarked;
