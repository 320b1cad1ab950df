package io.headgate.systemtests;

import io.restassured.RestAssured;
import io.restassured.filter.FilterContext;
import io.restassured.http.Header;
import io.restassured.http.Headers;
import io.restassured.response.Response;
import io.restassured.specification.FilterableRequestSpecification;
import io.restassured.specification.FilterableResponseSpecification;
import io.restassured.specification.RequestSpecification;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;

/**
 * One port of a gateway, spoken to over HTTP: the only way for tests to do so, since whatever is sent and answered here
 * is checked against the contract. A deviation fails the call, and once more {@link #assertNoDeviations}, in case the
 * first failure was in a thread or a loop that went on. Any thread.
 */
final class GatewayClient {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Queue<AssertionError> deviations = new ConcurrentLinkedQueue<>();
    private final Contract contract;
    private final int port;

    GatewayClient(Contract contract, int port) {
        this.contract = contract;
        this.port = port;
    }

    /** Sends a request that the contract allows. The path is raw: as it goes over the wire. */
    HttpResponse<String> send(String method, String path, Map<String, String> headers, String body)
            throws IOException, InterruptedException {
        return send(method, path, headers, body, body.getBytes(StandardCharsets.UTF_8));
    }

    /** The same with a body that is sent as other bytes, as a header says. */
    HttpResponse<String> send(String method, String path, Map<String, String> headers, String body, byte[] sent)
            throws IOException, InterruptedException {
        HttpRequest request = request(method, path, headers, BodyPublishers.ofByteArray(sent));
        check(() -> contract.checkRequest(method, path, request.headers().map(), body));
        return answer(request, path);
    }

    /** Posts what may be wrong; its answer is checked all the same. */
    HttpResponse<String> postWrong(String path, Map<String, String> headers, BodyPublisher body)
            throws IOException, InterruptedException {
        return answer(request("POST", path, headers, body), path);
    }

    private HttpRequest request(String method, String path, Map<String, String> headers, BodyPublisher body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .method(method, body)
                .timeout(TIMEOUT);
        headers.forEach(request::header);
        return request.build();
    }

    private HttpResponse<String> answer(HttpRequest request, String path) throws IOException, InterruptedException {
        HttpResponse<String> response = answer(request);
        check(() -> contract.checkResponse(
                request.method(),
                path,
                response.statusCode(),
                response.headers().map(),
                response.body()));
        return response;
    }

    private HttpResponse<String> answer(HttpRequest request) throws IOException, InterruptedException {
        try {
            return http.send(request, HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
        } catch (ConnectException e) {
            throw new IOException("nobody listens at " + port, e);
        }
    }

    /** The start of a request that the contract allows. */
    RequestSpecification request() {
        return specification(true);
    }

    /** The start of a request that may be wrong; its answer is checked all the same. */
    RequestSpecification wrongRequest() {
        return specification(false);
    }

    private RequestSpecification specification(boolean asAllowed) {
        return RestAssured.given()
                .baseUri("http://127.0.0.1")
                .port(port)
                .urlEncodingEnabled(false)
                .filter((request, response, chain) -> filter(asAllowed, request, response, chain));
    }

    private Response filter(
            boolean asAllowed,
            FilterableRequestSpecification request,
            FilterableResponseSpecification expected,
            FilterContext chain) {
        String path = URI.create(request.getURI()).getRawPath();
        if (asAllowed) {
            Object body = request.getBody();
            check(() -> contract.checkRequest(
                    request.getMethod(), path, map(request.getHeaders()), body == null ? "" : body.toString()));
        }
        Response response = chain.next(request, expected);
        check(() -> contract.checkResponse(
                request.getMethod(), path, response.statusCode(), map(response.headers()), response.asString()));
        return response;
    }

    private static Map<String, List<String>> map(Headers headers) {
        return headers.asList().stream()
                .collect(Collectors.groupingBy(
                        Header::getName, Collectors.mapping(Header::getValue, Collectors.toList())));
    }

    private void check(Runnable check) {
        try {
            check.run();
        } catch (AssertionError e) {
            deviations.add(e);
            throw e;
        }
    }

    /** Fails with the first deviation from the contract that there was, if any. */
    void assertNoDeviations() {
        AssertionError first = deviations.peek();
        if (first != null) {
            throw new AssertionError(deviations.size() + " deviations from the contract; the first:", first);
        }
    }
}
