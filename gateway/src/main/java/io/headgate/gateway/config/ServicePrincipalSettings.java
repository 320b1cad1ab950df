package io.headgate.gateway.config;

import io.headgate.auth.SaltedSecret;
import io.headgate.auth.ServicePrincipal;
import io.headgate.model.RefusedException;
import io.headgate.model.TableName;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;

/** Reads {@code auth.service-principals}. */
final class ServicePrincipalSettings {
    private static final String SALT = "00112233445566778899aabbccddeeff";
    private static final String SHA256 = "5f16ca9b6a1f9ef6f2f1b9f2d3a4c5d6e7f8091a2b3c4d5e6f708192a3b4c5d6";

    private ServicePrincipalSettings() {}

    static ServicePrincipal from(Settings in) {
        String clientId = in.required(
                "client-id",
                "fleet-a",
                "Its name: 1 to 128 characters of A-Z, a-z, 0-9, '.', '_', '~' and '-'; what tokens name as subject.",
                checked(
                        ServicePrincipal::isClientId,
                        "is not 1 to 128 characters of A-Z, a-z, 0-9, '.', '_', '~', '-'"));
        String sha256 = in.required(
                "secret-sha256",
                SHA256,
                "The SHA-256 of the salt's bytes and then the secret's, in hexadecimal.",
                checked(SaltedSecret::isHash, "is not 32 bytes as 64 hexadecimal digits"));
        String salt = in.required(
                "salt",
                SALT,
                "Random bytes, 16 to 64 of them, in hexadecimal.",
                checked(SaltedSecret::isSalt, "is not 16 to 64 bytes in hexadecimal"));
        List<TableName> tables = in.list(
                "tables",
                "main.fleet.telemetry",
                "The tables that its tokens may let it write to.",
                ServicePrincipalSettings::table);
        in.require(!tables.isEmpty(), "tables", "is missing: list the tables that the client may write to");
        List<String> pins = in.list(
                "pin",
                "device_id",
                "Columns of these tables, by their exact names and of type STRING, that its tokens let it fill with its"
                        + " client id and nothing else.",
                checked(name -> !name.isBlank(), "is blank"));
        return new ServicePrincipal(clientId, new SaltedSecret(salt, sha256), Set.copyOf(tables), Set.copyOf(pins));
    }

    private static Function<String, String> checked(Predicate<String> holds, String otherwise) {
        return text -> {
            if (!holds.test(text)) {
                throw new IllegalArgumentException(otherwise);
            }
            return text;
        };
    }

    private static TableName table(String text) {
        try {
            return TableName.parse(text);
        } catch (RefusedException e) {
            throw new IllegalArgumentException(
                    "is no table's name: " + e.refusal().message().replaceAll("\\.$", ""), e);
        }
    }

    /** Makes a problem of every client id that more than one principal has. */
    static void requireDistinct(List<ServicePrincipal> principals, Settings auth) {
        Set<String> ids = new HashSet<>();
        for (int i = 0; i < principals.size(); i++) {
            String id = principals.get(i).clientId();
            String key = "service-principals." + i + ".client-id";
            if (auth.isGiven(key)) {
                auth.require(ids.add(id), key, "is '" + id + "', as another service principal's is: give each its own");
            }
        }
    }
}
