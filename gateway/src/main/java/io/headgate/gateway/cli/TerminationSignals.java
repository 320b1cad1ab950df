package io.headgate.gateway.cli;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * SIGTERM and SIGINT. The JVM's own way, shutdown hooks, ends with 143 or 130 whatever the hooks do and is deaf to a
 * second signal; {@code sun.misc.Signal}, which every JDK exports from {@code jdk.unsupported}, allows for both. It is
 * reached by reflection because javac's warning about it cannot be switched off.
 */
final class TerminationSignals {
    /** What a shell reports for a process that ended by the signal: 128 and its number. */
    private static final Map<String, Integer> EXIT_CODES = Map.of("TERM", 143, "INT", 130);

    private TerminationSignals() {}

    /** Has {@code first} run, on a thread of its own, at the first signal; a second one ends the process at once. */
    static void handle(Runnable first) {
        AtomicBoolean asked = new AtomicBoolean();
        EXIT_CODES.forEach((name, exitCode) -> install(name, () -> {
            if (asked.getAndSet(true)) {
                Runtime.getRuntime().halt(exitCode);
            }
            first.run();
        }));
    }

    private static void install(String name, Runnable action) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            InvocationHandler handle = (proxy, method, arguments) -> {
                action.run();
                return null;
            };
            signal.getMethod("handle", signal, handler)
                    .invoke(
                            null,
                            signal.getConstructor(String.class).newInstance(name),
                            Proxy.newProxyInstance(handler.getClassLoader(), new Class<?>[] {handler}, handle));
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("SIG" + name + " cannot be handled; is the JVM run with -Xrs?", e);
        }
    }
}
