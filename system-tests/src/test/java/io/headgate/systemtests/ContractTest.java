package io.headgate.systemtests;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.PathItem;
import io.swagger.v3.oas.models.examples.Example;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.parameters.Parameter;
import io.swagger.v3.oas.models.responses.ApiResponse;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The contract keeps to itself: its examples are what it describes; and what it does not describe is caught. */
class ContractTest {
    private static final String INSERT = "/zerobus/v1/tables/main.fleet.telemetry/insert";
    private static final Map<String, List<String>> HEADERS =
            Map.of("Content-Type", List.of("application/json"), "X-Request-Id", List.of("1-2"));

    static Stream<Contract> ports() {
        return Stream.of(Contract.INGEST, Contract.MANAGEMENT);
    }

    @ParameterizedTest
    @MethodSource("ports")
    void everyAnswerHasExamplesAndTheyFitTheirSchemas(Contract contract) {
        eachOperation(
                contract,
                (path, method, operation) -> operation
                        .getResponses()
                        .forEach((status, response) -> eachExample(
                                response.getContent(),
                                path + " " + status,
                                (type, body) -> contract.checkResponse(
                                        method, path, Integer.parseInt(status), headers(response, type), body))));
    }

    @ParameterizedTest
    @MethodSource("ports")
    void everyRequestBodyHasExamplesAndTheyFitTheirSchemas(Contract contract) {
        eachOperation(contract, (path, method, operation) -> {
            if (operation.getRequestBody() != null) {
                eachExample(
                        operation.getRequestBody().getContent(),
                        path,
                        (type, body) -> contract.checkRequest(
                                method,
                                path,
                                Map.of("Content-Type", List.of(type), "Authorization", List.of("Bearer x.y.z")),
                                body));
            }
        });
    }

    @FunctionalInterface
    private interface OperationConsumer {
        void accept(String path, String method, Operation operation);
    }

    /** Calls with paths in which variables have the values of their examples. */
    private static void eachOperation(Contract contract, OperationConsumer consumer) {
        assertFalse(contract.document().getPaths().isEmpty());
        contract.document()
                .getPaths()
                .forEach((path, item) -> item.readOperationsMap()
                        .forEach((method, operation) ->
                                consumer.accept(filled(path, item, operation), method.name(), operation)));
    }

    private static String filled(String path, PathItem item, Operation operation) {
        String filled = path;
        for (Parameter parameter : Stream.of(item.getParameters(), operation.getParameters())
                .filter(parameters -> parameters != null)
                .flatMap(List::stream)
                .toList()) {
            filled = filled.replace("{" + parameter.getName() + "}", String.valueOf(parameter.getExample()));
        }
        return filled;
    }

    private static void eachExample(Content content, String where, BiConsumer<String, String> consumer) {
        if (content == null) {
            return;
        }
        content.forEach((type, media) -> {
            assertTrue(media.getExamples() != null && !media.getExamples().isEmpty(), "no example: " + where);
            examples(media).forEach(json -> consumer.accept(type, body(type, json)));
        });
    }

    private static Stream<JsonNode> examples(MediaType media) {
        return media.getExamples().values().stream()
                .map(Example::getValue)
                .map(value -> value instanceof JsonNode json ? json : TextNode.valueOf(String.valueOf(value)));
    }

    private static String body(String type, JsonNode example) {
        if (type.equals("application/x-www-form-urlencoded")) {
            return example.properties().stream()
                    .map(field -> field.getKey() + "="
                            + URLEncoder.encode(field.getValue().asText(), StandardCharsets.UTF_8))
                    .collect(Collectors.joining("&"));
        }
        return example.isTextual() ? example.asText() : example.toString();
    }

    private static Map<String, List<String>> headers(ApiResponse response, String type) {
        Map<String, List<String>> headers = new HashMap<>(Map.of("Content-Type", List.of(type)));
        if (response.getHeaders() != null) {
            response.getHeaders()
                    .forEach((name, header) -> headers.put(name, List.of(String.valueOf(header.getExample()))));
        }
        return headers;
    }

    @Test
    void anAnswerAsPromisedPasses() {
        Contract.INGEST.checkResponse("POST", INSERT, 200, HEADERS, "{}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "418|{}",
                "200|[]",
                "200|",
                "400|{}",
                "400|{\"error_code\":\"NEW_CODE\",\"message\":\"m\",\"details\":[]}",
                "400|{\"error_code\":\"INVALID_PARAMETER_VALUE\",\"message\":\"m\",\"details\":[],\"more\":1}",
                "400|{\"error_code\":\"INVALID_PARAMETER_VALUE\",\"message\":\"m\",\"details\":[{\"record\":-1,\"path\":\"$\",\"reason\":\"r\"}]}",
                "503|{\"error_code\":\"TEMPORARILY_UNAVAILABLE\",\"message\":\"no Retry-After\",\"details\":[]}"
            })
    void anAnswerThatDeviatesIsCaught(int status, String body) {
        assertThrows(
                AssertionError.class,
                () -> Contract.INGEST.checkResponse("POST", INSERT, status, HEADERS, body == null ? "" : body));
    }

    @Test
    void anAnswerWithoutAnIdOrWithAnotherTypeIsCaught() {
        Map<String, List<String>> noId = Map.of("Content-Type", List.of("application/json"));
        assertThrows(AssertionError.class, () -> Contract.INGEST.checkResponse("POST", INSERT, 200, noId, "{}"));
        Map<String, List<String>> html = Map.of("Content-Type", List.of("text/html"), "X-Request-Id", List.of("1-2"));
        assertThrows(AssertionError.class, () -> Contract.INGEST.checkResponse("POST", INSERT, 200, html, "{}"));
    }

    @Test
    void anUnknownPathMustBeAnsweredAsOne() {
        String notFound = "{\"error_code\":\"NOT_FOUND\",\"message\":\"m\",\"details\":[]}";
        Contract.INGEST.checkResponse("GET", "/nowhere", 404, HEADERS, notFound);
        Contract.MANAGEMENT.checkResponse("GET", "/nowhere", 404, HEADERS, notFound);
        assertThrows(
                AssertionError.class, () -> Contract.INGEST.checkResponse("GET", "/nowhere", 410, HEADERS, notFound));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"Bearer x.y.z|7", "Bearer x.y.z|"})
    void aRequestThatDeviatesIsCaught(String authorization, String body) {
        Map<String, List<String>> headers = new HashMap<>(Map.of("Content-Type", List.of("application/json")));
        if (authorization != null) {
            headers.put("Authorization", List.of(authorization));
        }
        assertThrows(
                AssertionError.class,
                () -> Contract.INGEST.checkRequest("POST", INSERT, headers, body == null ? "" : body));
    }
}
