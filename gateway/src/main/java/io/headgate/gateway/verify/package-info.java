/** Holds the tables' commits against the log: what is in, what waits, what is lost or in twice. Changes nothing. */
@NullMarked
package io.headgate.gateway.verify;

import org.jspecify.annotations.NullMarked;
