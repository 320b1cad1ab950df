/**
 * What the process writes to stderr: events and the access log, one line each, as text or JSON. Everything goes through
 * {@link io.headgate.gateway.logging.LogOutput}, which never makes its caller wait.
 */
@NullMarked
package io.headgate.gateway.logging;

import org.jspecify.annotations.NullMarked;
