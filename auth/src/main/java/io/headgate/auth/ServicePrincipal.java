package io.headgate.auth;

import io.headgate.model.TableName;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A program that may have tokens for its secret.
 *
 * @param clientId its name, 1 to 128 characters that mean the same whether form-encoded or not, as not all clients encode
 * @param secret what is kept of its secret
 * @param tables the tables that its tokens may let their bearers write to
 */
public record ServicePrincipal(String clientId, SaltedSecret secret, Set<TableName> tables) {
    private static final Pattern CLIENT_ID = Pattern.compile("[A-Za-z0-9._~-]{1,128}");

    /** @throws IllegalArgumentException if {@code clientId} is of another form */
    public ServicePrincipal {
        if (!isClientId(clientId)) {
            throw new IllegalArgumentException(
                    "A client id is 1 to 128 characters of A-Z, a-z, 0-9, '.', '_', '~', '-'");
        }
        tables = Set.copyOf(tables);
    }

    /** Whether {@code text} can be a client id. */
    public static boolean isClientId(String text) {
        return CLIENT_ID.matcher(text).matches();
    }
}
