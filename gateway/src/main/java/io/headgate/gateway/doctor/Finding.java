package io.headgate.gateway.doctor;

/**
 * What a check found.
 *
 * @param verdict how good or bad that is
 * @param found what is there, with its numbers
 * @param remedy what to do about it; empty if nothing is to be done
 */
public record Finding(Verdict verdict, String found, String remedy) {
    static Finding ok(String found) {
        return new Finding(Verdict.OK, found, "");
    }

    static Finding warn(String found, String remedy) {
        return new Finding(Verdict.WARN, found, remedy);
    }

    static Finding fail(String found, String remedy) {
        return new Finding(Verdict.FAIL, found, remedy);
    }

    static Finding skipped(String found) {
        return new Finding(Verdict.SKIPPED, found, "");
    }
}
