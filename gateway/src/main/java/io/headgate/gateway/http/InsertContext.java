package io.headgate.gateway.http;

import io.headgate.batching.ByteBudget;
import io.headgate.gateway.clock.ClockGuard;
import io.headgate.gateway.coding.Expander;
import io.headgate.gateway.limits.ReturnTimes;
import io.headgate.model.TableName;
import java.time.InstantSource;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * What the inserts of one event loop share.
 *
 * @param targets where rows go
 * @param quarantine where rejected records go; null if nowhere
 * @param inFlight bounds what all requests hold together
 * @param limits on one request
 * @param maxPayloadBytes of the rows of one request
 * @param deadlines of bodies
 * @param expander of what is small
 * @param digests of keys of small bodies
 * @param decoders for what takes long
 * @param receipts makes receipts
 * @param answers to those who wait for their table
 * @param returnTimes told of who was let in
 * @param clock wall time of receipt
 * @param clockGuard told of it
 * @param metrics told of rows that are acknowledged
 * @param loop the event loop
 */
record InsertContext(
        Targets targets,
        @Nullable TableName quarantine,
        ByteBudget inFlight,
        RequestLimits limits,
        int maxPayloadBytes,
        Deadlines deadlines,
        Expander expander,
        KeyDigests digests,
        Executor decoders,
        Receipts receipts,
        ReceiptAnswers answers,
        ReturnTimes returnTimes,
        InstantSource clock,
        ClockGuard clockGuard,
        HttpMetrics metrics,
        Executor loop) {}
