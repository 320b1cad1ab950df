package io.headgate.gateway.coding;

import io.headgate.model.RefusedException;

/** A body whose coding is being undone, a piece at a time; whoever reads decides how much it may become. One thread. */
public interface Expansion extends AutoCloseable {
    /**
     * Puts what comes next into {@code into}.
     *
     * @param length 1 or more
     * @return how many bytes that was, 1 or more; -1 if nothing comes, and the body was whole
     * @throws RefusedException INVALID_PARAMETER with what is wrong with the body, if it is not what it is said to be
     */
    int read(byte[] into, int from, int length);

    /** Gives back what native memory is its own. */
    @Override
    void close();
}
