package io.headgate.schema;

/**
 * A request's share of a byte budget, which grows as its rows do. It belongs to the caller, who remembers what was
 * granted and gives all of it back exactly once, whatever becomes of the rows; those who let it grow never shrink it.
 */
@FunctionalInterface
public interface ByteReservation {
    /**
     * Asks for more, before the memory is taken.
     *
     * @param additionalBytes 1 or more
     * @return false if the budget has no room; nothing was reserved by this call then
     */
    boolean grow(int additionalBytes);
}
