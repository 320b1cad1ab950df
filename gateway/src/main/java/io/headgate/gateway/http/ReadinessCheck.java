package io.headgate.gateway.http;

import java.util.function.Supplier;

/**
 * One thing that must hold for the gateway to be sent requests.
 *
 * @param name what it is called in the answer, such as {@code log}
 * @param check looks at it: never blocks, any thread
 */
public record ReadinessCheck(String name, Supplier<Readiness> check) {}
