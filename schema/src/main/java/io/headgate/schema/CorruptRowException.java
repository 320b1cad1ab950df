package io.headgate.schema;

/** Bytes that were taken for rows are not, or not of the layout that they are read with. */
public final class CorruptRowException extends RuntimeException {
    CorruptRowException(String message) {
        super(message);
    }
}
