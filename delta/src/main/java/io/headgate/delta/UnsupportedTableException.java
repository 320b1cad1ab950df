package io.headgate.delta;

/** The table uses something that we cannot write correctly. */
final class UnsupportedTableException extends Exception {
    private final String what;

    /** @param what the feature, by name, and what follows from it */
    UnsupportedTableException(String what) {
        super(what);
        this.what = what;
    }

    String what() {
        return what;
    }
}
