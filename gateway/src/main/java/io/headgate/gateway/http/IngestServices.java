package io.headgate.gateway.http;

import io.headgate.auth.Authenticator;
import io.headgate.auth.TokenEndpoint;
import io.headgate.batching.ByteBudget;
import io.headgate.batching.SharedStreams;
import io.headgate.gateway.clock.ClockGuard;
import io.headgate.gateway.limits.RateLimits;
import io.headgate.gateway.limits.ReturnTimes;
import io.headgate.model.TableName;
import io.headgate.schema.SchemaCache;
import java.time.InstantSource;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What requests need of the rest of the gateway.
 *
 * @param authenticator who is calling
 * @param tokens who gets a token
 * @param publicKeys the keys that verify tokens, as a JWK Set
 * @param schemas what tables look like
 * @param setColumns what the gateway writes into tables' columns
 * @param quarantine the table that rejected records go to; null if there is none
 * @param streams where rows go
 * @param receipts what the rows' receipts are made with
 * @param inFlight bounds what all requests hold together
 * @param rates how much may be sent
 * @param returnTimes when those that are refused are to come back
 * @param decoding how bodies are decoded
 * @param metrics told of every answer
 * @param accessLog told of every request that is over
 * @param clock wall time of receipt
 * @param clockGuard keeps requests out while that cannot be right
 * @param nanoTime as {@link System#nanoTime()}
 */
public record IngestServices(
        Authenticator authenticator,
        TokenEndpoint tokens,
        Supplier<String> publicKeys,
        SchemaCache schemas,
        SetColumnRules setColumns,
        @Nullable TableName quarantine,
        SharedStreams streams,
        ReceiptSettings receipts,
        ByteBudget inFlight,
        RateLimits rates,
        ReturnTimes returnTimes,
        DecodeSettings decoding,
        HttpMetrics metrics,
        AccessLog accessLog,
        InstantSource clock,
        ClockGuard clockGuard,
        LongSupplier nanoTime) {}
