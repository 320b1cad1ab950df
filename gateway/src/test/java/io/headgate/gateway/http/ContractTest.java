package io.headgate.gateway.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.headgate.auth.TokenProblem;
import io.headgate.gateway.coding.Expander;
import io.headgate.model.Refusal;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** What is served is what the contract says: no operation, no status and no code more or less. */
class ContractTest {
    private static final Set<String> METHODS = Set.of("get", "post", "put", "delete", "patch", "head", "options");

    private final Node contract = read();

    /** A YAML mapping, which has what is asked for. */
    private record Node(Map<?, ?> map) {
        Node at(Object key) {
            return new Node((Map<?, ?>) get(key));
        }

        Object get(Object key) {
            Object value = map.get(key);
            if (value == null) {
                throw new AssertionError("no " + key + " in " + map.keySet());
            }
            return value;
        }

        boolean has(Object key) {
            return map.containsKey(key);
        }

        Stream<String> keys() {
            return map.keySet().stream().map(String.class::cast);
        }
    }

    private static Node read() {
        try (InputStream in = ManagementServer.class.getResourceAsStream("openapi.yaml")) {
            return new Node((Map<?, ?>) new Load(LoadSettings.builder().build()).loadFromInputStream(in));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void theIngestPortServesItsOperationsAndNoOther(@TempDir Path directory) throws Exception {
        Edge edge = new Edge(directory);
        try {
            assertEquals(
                    operations(false),
                    edge.server
                            .router(new Deadlines(1, System::nanoTime), new Expander(), edge.answers(), Runnable::run)
                            .operations());
        } finally {
            edge.stop();
        }
    }

    @Test
    void theManagementPortServesItsOperationsAndNoOther() {
        ManagementServer server = new ManagementServer("127.0.0.1", 0, List.of(), () -> "");
        try {
            assertEquals(operations(true), server.router().operations());
        } finally {
            server.close().join();
        }
    }

    /** As {@link Router#operations()} names them; a variable with an enumeration is one operation per value. */
    private Set<String> operations(boolean management) {
        Node paths = contract.at("paths");
        return paths.keys()
                .filter(path -> paths.at(path).has("servers") == management)
                .flatMap(path -> paths.at(path)
                        .keys()
                        .filter(METHODS::contains)
                        .flatMap(method -> paths(path, paths.at(path).at(method))
                                .map(each -> method.toUpperCase(Locale.ROOT) + " " + each)))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Stream<String> paths(String template, Node operation) {
        if (operation.has("parameters")) {
            for (Object each : (List<?>) operation.get("parameters")) {
                Node parameter = new Node((Map<?, ?>) each);
                if (parameter.has("schema") && parameter.at("schema").has("enum")) {
                    return ((List<?>) parameter.at("schema").get("enum"))
                            .stream().map(value -> template.replace("{" + parameter.get("name") + "}", "" + value));
                }
            }
        }
        return Stream.of(template.replaceAll("\\{[^/}]+}", "{}"));
    }

    @Test
    void everyRefusalHasItsStatusAndCodeInTheContract() {
        Node responses = contract.at("paths")
                .at(IngestHandler.PATH_PREFIX + "{table}" + IngestHandler.PATH_SUFFIX)
                .at("post")
                .at("responses");
        Set<String> expected = Stream.of(Refusal.Code.values())
                .map(code -> String.valueOf(RefusalStatus.of(code).status()))
                .collect(Collectors.toCollection(TreeSet::new));
        expected.add("200");
        expected.add("202");
        assertEquals(expected, responses.keys().collect(Collectors.toCollection(TreeSet::new)));
        for (Refusal.Code code : Refusal.Code.values()) {
            RefusalStatus status = RefusalStatus.of(code);
            assertEquals(Set.of(status.errorCode()), codesInExamples(responses.at("" + status.status())), "" + status);
        }
        List<?> known = (List<?>) contract.at("components")
                .at("schemas")
                .at("Error")
                .at("properties")
                .at("error_code")
                .get("enum");
        for (Refusal.Code code : Refusal.Code.values()) {
            assertTrue(known.contains(RefusalStatus.of(code).errorCode()), code.name());
        }
    }

    @Test
    void everyTokenProblemHasAnExampleInTheContract() {
        Node responses = contract.at("paths").at(TokenHandler.PATH).at("post").at("responses");
        for (TokenProblem.Code code : TokenProblem.Code.values()) {
            OAuthStatus status = OAuthStatus.of(code);
            Set<String> errors = inExamples(responses.at("" + status.status()), "error");
            assertTrue(errors.contains(status.error()), code + ": " + errors);
        }
    }

    private Set<String> codesInExamples(Node response) {
        return inExamples(response, "error_code");
    }

    private Set<String> inExamples(Node response, String field) {
        String reference = (String) response.get("$ref");
        Node examples = contract.at("components")
                .at("responses")
                .at(reference.substring(reference.lastIndexOf('/') + 1))
                .at("content")
                .at("application/json")
                .at("examples");
        Set<String> codes = examples.keys()
                .map(name -> (String) examples.at(name).at("value").get(field))
                .collect(Collectors.toSet());
        assertFalse(codes.isEmpty());
        return codes;
    }
}
