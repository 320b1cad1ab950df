package io.headgate.gateway.http;

import io.headgate.model.Excerpt;
import io.headgate.model.Refusal;
import io.vertx.core.http.HttpMethod;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Finds the operation for a path and method, on the raw path: nothing is decoded or normalised here, so that an encoded
 * slash or dot cannot become another path. An unknown path is 404, a known one with another method 405.
 */
final class Router {
    private record Route(HttpMethod method, Operation operation) {}

    /** A path with one variable segment, which holds anything but a slash. */
    private record Template(String prefix, String suffix, Route route) {
        boolean matches(String path) {
            int to = path.length() - suffix.length();
            if (to <= prefix.length() || !path.startsWith(prefix) || !path.endsWith(suffix)) {
                return false;
            }
            int slash = path.indexOf('/', prefix.length());
            return slash < 0 || slash >= to;
        }
    }

    private final Map<String, Route> paths = new HashMap<>();
    private final List<Template> templates = new ArrayList<>();

    Router get(String path, Operation operation) {
        paths.put(path, new Route(HttpMethod.GET, operation));
        return this;
    }

    Router post(String path, Operation operation) {
        paths.put(path, new Route(HttpMethod.POST, operation));
        return this;
    }

    /** Adds {@code prefix + segment + suffix}; each such path has one method. */
    Router get(String prefix, String suffix, Operation operation) {
        templates.add(new Template(prefix, suffix, new Route(HttpMethod.GET, operation)));
        return this;
    }

    /** The same with another method. */
    Router post(String prefix, String suffix, Operation operation) {
        templates.add(new Template(prefix, suffix, new Route(HttpMethod.POST, operation)));
        return this;
    }

    /** What there is, as {@code "GET /metrics"}; a variable segment is <code>{}</code>. */
    SortedSet<String> operations() {
        SortedSet<String> operations = new TreeSet<>();
        paths.forEach((path, route) -> operations.add(route.method + " " + path));
        templates.forEach(each -> operations.add(each.route.method + " " + each.prefix + "{}" + each.suffix));
        return operations;
    }

    /** Serves an exchange; whatever goes wrong becomes its answer. */
    void serve(Exchange exchange) {
        try {
            route(exchange);
        } catch (RuntimeException | Error e) {
            exchange.fail(e);
        }
    }

    private void route(Exchange exchange) {
        Route route = find(exchange.path());
        HttpMethod method = exchange.http().method();
        if (!allows(route.method, method)) {
            exchange.refuseMethod(allow(route.method));
            return;
        }
        route.operation.serve(exchange);
    }

    private Route find(String path) {
        for (Template template : templates) {
            if (template.matches(path)) {
                return template.route;
            }
        }
        Route exact = paths.get(path);
        if (exact == null) {
            throw Refusal.of(Refusal.Code.NOT_FOUND, "There is nothing at '" + Excerpt.of(path) + "'.")
                    .asException();
        }
        return exact;
    }

    private static boolean allows(HttpMethod allowed, HttpMethod asked) {
        return asked.equals(allowed) || (asked.equals(HttpMethod.HEAD) && allowed.equals(HttpMethod.GET));
    }

    private static String allow(HttpMethod allowed) {
        return allowed.equals(HttpMethod.GET) ? "GET, HEAD" : allowed.name();
    }
}
