package io.headgate.schema;

/**
 * A value that its column does not take. Thrown from where the value is read to where its record, path and place are
 * known; without a stack trace, since it is part of an answer.
 */
final class ValueProblem extends Exception {
    private final String reason;

    /** @param reason completes the sentence "the value ..." */
    ValueProblem(String reason) {
        super(reason, null, false, false);
        this.reason = reason;
    }

    String reason() {
        return reason;
    }
}
