/** The commands: one class each, thin, on top of configuration, wiring and the modules behind. */
@NullMarked
package io.headgate.gateway.cli;

import org.jspecify.annotations.NullMarked;
