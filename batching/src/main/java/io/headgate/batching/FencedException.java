package io.headgate.batching;

/** The table says that somebody else commits under our log's name, or that our log lost its end. We must stop. */
final class FencedException extends Exception {
    FencedException(String message) {
        super(message);
    }
}
