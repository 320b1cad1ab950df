package io.headgate.gateway.limits;

import io.headgate.model.Refusal;
import org.jspecify.annotations.Nullable;

/**
 * Whether a request is within the rates, and what its caller is told of them in the header fields of
 * draft-ietf-httpapi-ratelimit-headers-10.
 *
 * @param policies the value of {@code RateLimit-Policy}: all bounds
 * @param standing the value of {@code RateLimit}: the bound that refuses, or else the one of which the least is left
 * @param refusal why not; null if it is within
 */
public record Admittance(
        String policies, String standing, @Nullable Refusal refusal) {}
