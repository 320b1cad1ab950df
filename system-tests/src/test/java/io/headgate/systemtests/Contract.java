package io.headgate.systemtests;

import com.atlassian.oai.validator.OpenApiInteractionValidator;
import com.atlassian.oai.validator.model.Request.Method;
import com.atlassian.oai.validator.model.SimpleRequest;
import com.atlassian.oai.validator.model.SimpleResponse;
import com.atlassian.oai.validator.report.ValidationReport;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.PathItem;
import io.swagger.v3.oas.models.Paths;
import io.swagger.v3.parser.OpenAPIV3Parser;
import io.swagger.v3.parser.core.models.ParseOptions;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What {@code openapi.yaml} says of one port: whether requests and answers are as it promises. Fields, headers, statuses
 * and types that it does not name are deviations too, so that nothing is served that is not written down.
 *
 * <p>Any thread.
 */
final class Contract {
    /** The port for devices: the paths that have no servers of their own. */
    static final Contract INGEST = new Contract(false, "/zerobus/v1/tables/{table}/insert", Method.POST);

    /** The port for operators. */
    static final Contract MANAGEMENT = new Contract(true, "/docs/{asset}", Method.GET);

    private static final Pattern VARIABLE = Pattern.compile("\\{[^/}]+}");

    private record Operation(String path, Method method) {}

    private final OpenAPI document;
    private final Operation elsewhere;
    private final OpenApiInteractionValidator validator;

    /** The answers of unknown paths are those of the operation at {@code elsewhere}. */
    private Contract(boolean management, String elsewhere, Method method) {
        this.elsewhere = new Operation(elsewhere, method);
        document = read();
        Paths paths = new Paths();
        document.getPaths().forEach((path, item) -> {
            if ((item.getServers() != null) == management) {
                paths.addPathItem(path, item);
            }
        });
        document.setPaths(paths);
        validator = OpenApiInteractionValidator.createFor(document)
                .withBasePathOverride("/")
                .build();
    }

    private static OpenAPI read() {
        ParseOptions options = new ParseOptions();
        options.setResolve(true);
        options.setResolveFully(true);
        String file = HeadgateProgram.launcher().resolveSibling("openapi.yaml").toString();
        return Objects.requireNonNull(new OpenAPIV3Parser().read(file, null, options), file);
    }

    /** The document, reduced to this port's paths, with every reference replaced by what it refers to. */
    OpenAPI document() {
        return document;
    }

    /** @throws AssertionError if the request is not one that the contract allows */
    void checkRequest(String method, String path, Map<String, List<String>> headers, String body) {
        String[] target = path.split("\\?", 2);
        SimpleRequest.Builder request = new SimpleRequest.Builder(method, target[0]);
        if (target.length > 1) {
            for (String parameter : target[1].split("&", -1)) {
                String[] pair = parameter.split("=", 2);
                request.withQueryParam(pair[0], pair[pair.length - 1]);
            }
        }
        headers.forEach((name, values) -> request.withHeader(name, values));
        if (!body.isEmpty()) {
            request.withBody(body);
        }
        fail("request " + method + " " + path, validator.validateRequest(request.build()), Set.of());
    }

    /** @throws AssertionError if the contract does not promise such an answer to such a request */
    void checkResponse(String method, String path, int status, Map<String, List<String>> headers, String body) {
        SimpleResponse.Builder response = SimpleResponse.Builder.status(status);
        headers.forEach(response::withHeader);
        if (!body.isEmpty()) {
            response.withBody(body);
        }
        Operation operation = find(method, path);
        fail(
                "answer " + status + " to " + method + " " + path + "\n" + headers + "\n" + body,
                validator.validateResponse(operation.path, operation.method, response.build()),
                method.equals("HEAD") ? Set.of("validation.response.body.missing") : Set.of());
    }

    /** The operation that answers: by path and method, else another method of the path, else the one for elsewhere. */
    private Operation find(String method, String path) {
        for (Map.Entry<String, PathItem> each : document.getPaths().entrySet()) {
            if (matches(each.getKey(), path)) {
                Set<PathItem.HttpMethod> methods =
                        each.getValue().readOperationsMap().keySet();
                PathItem.HttpMethod served = methods.stream()
                        .filter(known -> known.name().equals(method.toUpperCase(Locale.ROOT)))
                        .findAny()
                        .orElseGet(() -> methods.iterator().next());
                return new Operation(each.getKey(), Method.valueOf(served.name()));
            }
        }
        return elsewhere;
    }

    private static boolean matches(String template, String path) {
        String regex = VARIABLE.splitAsStream(template)
                .map(Pattern::quote)
                .reduce((a, b) -> a + "[^/]+" + b)
                .orElseThrow();
        String tail = template.endsWith("}") ? "[^/]+" : "";
        return path.split("\\?", 2)[0].matches(regex + tail);
    }

    private static void fail(String what, ValidationReport report, Set<String> allowed) {
        List<String> problems = report.getMessages().stream()
                .filter(message -> message.getLevel() != ValidationReport.Level.IGNORE)
                .filter(message -> !allowed.contains(message.getKey()))
                .map(message -> message.getKey() + ": " + message.getMessage())
                .toList();
        if (!problems.isEmpty()) {
            throw new AssertionError(
                    "The contract (openapi.yaml) does not know this " + what + "\n" + String.join("\n", problems));
        }
    }
}
