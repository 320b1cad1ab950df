package io.headgate.auth;

import java.util.Base64;
import java.util.random.RandomGenerator;

/** Makes secrets for service principals. */
public final class ClientSecret {
    /** Lets scanners for leaked secrets recognise one, and keeps it from beginning with a dash. */
    private static final String PREFIX = "hgs_";

    private static final int BYTES = 32;

    private ClientSecret() {}

    /** A new secret of 256 random bits, of characters that mean the same in a form, a header and a shell. */
    public static String generate(RandomGenerator random) {
        byte[] bytes = new byte[BYTES];
        random.nextBytes(bytes);
        return PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
