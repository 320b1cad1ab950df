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
 * @param pins columns of each of these, by exact name, that its tokens let their bearers fill with the client id only
 */
public record ServicePrincipal(String clientId, SaltedSecret secret, Set<TableName> tables, Set<String> pins) {
    private static final Pattern CLIENT_ID = Pattern.compile("[A-Za-z0-9._~-]{1,128}");

    /** @throws IllegalArgumentException if {@code clientId} is of another form */
    public ServicePrincipal {
        if (!isClientId(clientId)) {
            throw new IllegalArgumentException(
                    "A client id is 1 to 128 characters of A-Z, a-z, 0-9, '.', '_', '~', '-'");
        }
        tables = Set.copyOf(tables);
        pins = Set.copyOf(pins);
    }

    /** One whose tokens pin nothing. */
    public ServicePrincipal(String clientId, SaltedSecret secret, Set<TableName> tables) {
        this(clientId, secret, tables, Set.of());
    }

    /** Whether {@code text} can be a client id. */
    public static boolean isClientId(String text) {
        return CLIENT_ID.matcher(text).matches();
    }
}
