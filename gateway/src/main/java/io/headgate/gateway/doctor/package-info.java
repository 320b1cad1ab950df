/** What a gateway needs of its machine, checked one by one, beside a running gateway too. */
@NullMarked
package io.headgate.gateway.doctor;

import org.jspecify.annotations.NullMarked;
