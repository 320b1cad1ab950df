package io.headgate.gateway.http;

import io.headgate.gateway.limits.RefusalPace;
import io.headgate.gateway.limits.ReturnTimes;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * What all connections and exchanges of one event loop share.
 *
 * @param limits bounds on connections
 * @param heads connections whose next request's head is not complete
 * @param idles connections without a request
 * @param ids names the requests of this loop
 * @param nanoTime as {@link System#nanoTime()}
 * @param metrics told of every answer
 * @param returnTimes when those that are refused are to come back
 * @param refusalPace how long those wait who come sooner
 * @param accessLog told of every request that is over
 * @param draining whether connections are to end with their next answer
 */
record EdgeLoop(
        ConnectionLimits limits,
        Deadlines heads,
        Deadlines idles,
        RequestIds ids,
        LongSupplier nanoTime,
        HttpMetrics metrics,
        ReturnTimes returnTimes,
        RefusalPace refusalPace,
        AccessLog accessLog,
        BooleanSupplier draining) {
    static EdgeLoop of(
            ConnectionLimits limits,
            RequestIds ids,
            LongSupplier nanoTime,
            HttpMetrics metrics,
            ReturnTimes returnTimes,
            AccessLog accessLog,
            BooleanSupplier draining) {
        return new EdgeLoop(
                limits,
                new Deadlines(TimeUnit.MILLISECONDS.toNanos(limits.headTimeoutMillis()), nanoTime),
                new Deadlines(TimeUnit.MILLISECONDS.toNanos(limits.idleTimeoutMillis()), nanoTime),
                ids,
                nanoTime,
                metrics,
                returnTimes,
                new RefusalPace(limits.refusalsPerSecond(), nanoTime),
                accessLog,
                draining);
    }

    /** Ends the connections whose time is up. To be called from time to time, on the loop. */
    void expire() {
        heads.expire();
        idles.expire();
    }
}
