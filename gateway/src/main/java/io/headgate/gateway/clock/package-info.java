/** Whether the wall clock can be right. */
@NullMarked
package io.headgate.gateway.clock;

import org.jspecify.annotations.NullMarked;
