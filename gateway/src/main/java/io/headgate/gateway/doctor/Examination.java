package io.headgate.gateway.doctor;

import java.io.IOException;

/**
 * A check that was made.
 *
 * @param check its name
 * @param finding what it found
 */
public record Examination(String check, Finding finding) {
    static Examination of(Check check) {
        return new Examination(check.name(), find(check));
    }

    private static Finding find(Check check) {
        try {
            return check.examine();
        } catch (IOException | RuntimeException e) {
            return Finding.fail("could not be looked at: " + e, "Mend that, and run 'headgate doctor' again.");
        }
    }
}
