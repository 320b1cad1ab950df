package io.headgate.model;

/**
 * What a table is, whatever it is called: the {@code id} of its Delta {@code metaData} action (Delta protocol, "Change
 * Metadata"). A table that is dropped and created again under its old name has another id.
 *
 * @param value the id, never empty
 */
public record TableId(String value) {
    /** @throws IllegalArgumentException if the id is empty */
    public TableId {
        if (value.isEmpty()) {
            throw new IllegalArgumentException("A table id cannot be empty");
        }
    }

    @Override
    public String toString() {
        return value;
    }
}
