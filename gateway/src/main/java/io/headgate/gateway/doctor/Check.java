package io.headgate.gateway.doctor;

import java.io.IOException;

/** Looks at one thing. Leaves nothing behind, and disturbs no gateway that runs. */
interface Check {
    /** What it looks at, in a word or two joined by a dash. */
    String name();

    /** @throws IOException if it cannot be told, which is as bad as the worst that it could find */
    Finding examine() throws IOException;
}
