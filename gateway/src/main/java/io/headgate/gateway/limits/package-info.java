/** How much callers may send, and when those that were refused are told to come back. Knows no HTTP. */
@NullMarked
package io.headgate.gateway.limits;

import org.jspecify.annotations.NullMarked;
