package io.headgate.gateway.verify;

import java.util.Collection;

/**
 * Something that was noticed.
 *
 * @param verdict what follows from it
 * @param text says what, for people
 */
public record Finding(Verdict verdict, String text) {
    static Finding broken(String text) {
        return new Finding(Verdict.LOSS_OR_DUPLICATE, text);
    }

    static Finding untold(String text) {
        return new Finding(Verdict.CANNOT_TELL, text);
    }

    static Finding note(String text) {
        return new Finding(Verdict.FINE, text);
    }

    static Verdict worst(Collection<Finding> findings) {
        return findings.stream().map(Finding::verdict).reduce(Verdict.FINE, Verdict::and);
    }
}
