package io.headgate.gateway.http;

import io.headgate.model.Excerpt;
import io.headgate.model.Refusal;
import io.headgate.model.RefusedException;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;

/** A parameter of the query that is true or false. Parameters that nobody asks for are ignored. */
final class QueryFlag {
    private QueryFlag() {}

    /**
     * Whether {@code name} is true; false where the query does not have it.
     *
     * @throws RefusedException INVALID_PARAMETER if it is given twice or is neither true nor false, or if the query is
     *     not one
     */
    static boolean of(HttpServerRequest http, String name) {
        if (http.query() == null) {
            return false;
        }
        List<String> values = parameters(http).getAll(name);
        if (values.isEmpty()) {
            return false;
        }
        String value = values.get(0);
        if (values.size() > 1 || !(value.equals("true") || value.equals("false"))) {
            throw Refusal.invalid("The parameter " + name + " is '" + Excerpt.of(String.join(", ", values))
                            + "': give it once, as true or false. Nothing was stored.")
                    .asException();
        }
        return value.equals("true");
    }

    private static MultiMap parameters(HttpServerRequest http) {
        try {
            return http.params();
        } catch (IllegalArgumentException e) {
            throw Refusal.invalid("The query is not percent-encoded UTF-8. Nothing was stored.")
                    .asException();
        }
    }
}
