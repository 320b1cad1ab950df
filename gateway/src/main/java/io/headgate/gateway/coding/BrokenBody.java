package io.headgate.gateway.coding;

import io.headgate.model.Refusal;
import io.headgate.model.RefusedException;

/** What is told of bodies that are not what their coding says; each a part of a sentence about the body. */
final class BrokenBody {
    static final String CUT = "ends before it is complete";
    static final String GOES_ON = "goes on after its end with something else";
    static final String WRONG_CHECKSUM = "does not have the content that its checksum is of";
    static final String NEEDS_DICTIONARY = "needs a dictionary, and there is none";

    private BrokenBody() {}

    static RefusedException of(ContentCoding coding, String how) {
        return Refusal.invalid("The body cannot be expanded from " + coding + ", as Content-Encoding says: it " + how
                        + ". Nothing was stored.")
                .asException();
    }

    /** @param said by the library that could not go on; libraries quote nothing of such bodies */
    static RefusedException damaged(ContentCoding coding, String said) {
        return of(coding, "is damaged (" + said + ")");
    }
}
