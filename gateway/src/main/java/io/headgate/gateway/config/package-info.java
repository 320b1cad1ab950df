/** The configuration: one YAML file, read into records, everything that is wrong with it told at once. */
@NullMarked
package io.headgate.gateway.config;

import org.jspecify.annotations.NullMarked;
