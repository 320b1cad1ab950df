package io.headgate.gateway.http;

import io.headgate.model.Excerpt;
import io.headgate.model.Refusal;
import io.vertx.core.http.HttpServerRequest;
import org.jspecify.annotations.Nullable;

/** The query parameter {@code wait}: whether to answer only once rows are in their table. Other parameters mean nothing. */
final class WaitParameter {
    private static final String NAME = "wait";
    private static final String TABLE = "wait=table";

    private WaitParameter() {}

    /** @throws io.headgate.model.RefusedException INVALID_PARAMETER if it has another value than {@code table} */
    static boolean isTable(HttpServerRequest http) {
        return isTable(http.query());
    }

    /** @param query as sent, not decoded; null if there is none */
    static boolean isTable(@Nullable String query) {
        boolean given = false;
        if (query != null) {
            for (String parameter : query.split("&", -1)) {
                given |= isTable(parameter, parameter.indexOf('='));
            }
        }
        return given;
    }

    private static boolean isTable(String parameter, int equalsAt) {
        String name = equalsAt < 0 ? parameter : parameter.substring(0, equalsAt);
        if (!name.equals(NAME)) {
            return false;
        }
        if (!parameter.equals(TABLE)) {
            throw Refusal.invalid("The parameter '" + Excerpt.of(parameter)
                            + "' means nothing: say 'wait=table', or leave it out. Nothing was stored.")
                    .asException();
        }
        return true;
    }
}
