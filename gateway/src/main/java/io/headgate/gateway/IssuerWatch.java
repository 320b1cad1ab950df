package io.headgate.gateway;

import io.headgate.auth.Issuer;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes over the issuer's keys when an operator rotates them. By looking at the file again and again, since that works on
 * every file system and through every kind of mount. One thread.
 */
final class IssuerWatch implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(IssuerWatch.class);

    private final Issuer issuer;
    private String problem = "";

    IssuerWatch(Issuer issuer) {
        this.issuer = issuer;
    }

    @Override
    public void run() {
        try {
            if (issuer.reload()) {
                LOG.info("The issuer's key file changed: tokens are signed with key {} now", issuer.signingKeyId());
            }
            problem = "";
        } catch (IOException | RuntimeException e) {
            warnOnce(String.valueOf(e.getMessage()));
        }
    }

    private void warnOnce(String message) {
        if (!message.equals(problem)) {
            problem = message;
            LOG.warn("The issuer's keys stay as they are: {}", message);
        }
    }
}
