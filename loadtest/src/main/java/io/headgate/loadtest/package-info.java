/** What Headgate is measured beside: the disk's own force latency, and a server that does nothing but read the body. */
@NullMarked
package io.headgate.loadtest;

import org.jspecify.annotations.NullMarked;
