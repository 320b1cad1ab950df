package io.headgate.auth;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The service principals of a gateway, by client id. Any thread. */
final class ServicePrincipals {
    /** Of no secret: whoever asks with an unknown id is to wait as long as with a known one. */
    private static final SaltedSecret NOBODYS = new SaltedSecret("00".repeat(16), "00".repeat(32));

    private final Map<String, ServicePrincipal> byClientId;

    /** @throws IllegalStateException if two have one client id */
    ServicePrincipals(Collection<ServicePrincipal> principals) {
        byClientId = principals.stream().collect(Collectors.toMap(ServicePrincipal::clientId, Function.identity()));
    }

    /** Whose credentials these are, if anybody's. */
    Optional<ServicePrincipal> authenticate(ClientCredentials credentials) {
        ServicePrincipal known = byClientId.get(credentials.clientId());
        SaltedSecret kept = known == null ? NOBODYS : known.secret();
        boolean matches = kept.matches(credentials.secret());
        return matches ? Optional.ofNullable(known) : Optional.empty();
    }
}
