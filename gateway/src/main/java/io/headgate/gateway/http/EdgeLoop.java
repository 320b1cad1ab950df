package io.headgate.gateway.http;

import io.vertx.core.Vertx;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * What all exchanges of one event loop share.
 *
 * @param vertx for timers
 * @param ids names the requests of this loop
 * @param nanoTime as {@link System#nanoTime()}
 * @param metrics told of every answer
 * @param accessLog told of every request that is over
 * @param draining whether connections are to end with their next answer
 */
record EdgeLoop(
        Vertx vertx,
        RequestIds ids,
        LongSupplier nanoTime,
        HttpMetrics metrics,
        AccessLog accessLog,
        BooleanSupplier draining) {}
