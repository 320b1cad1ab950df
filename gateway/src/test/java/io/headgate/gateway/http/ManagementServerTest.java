package io.headgate.gateway.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.headgate.gateway.http.RawClient.Answer;
import java.io.IOException;
import java.net.BindException;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What operators ask, over real sockets. */
class ManagementServerTest {
    private final AtomicReference<Readiness> log = new AtomicReference<>(Readiness.ready());
    private final AtomicReference<Readiness> catalog = new AtomicReference<>(Readiness.ready());
    private ManagementServer server;
    private int port;

    @BeforeEach
    void start() {
        server = new ManagementServer(
                "127.0.0.1",
                0,
                List.of(new ReadinessCheck("log", log::get), new ReadinessCheck("catalog", catalog::get)),
                () -> "some_metric 1.0\n");
        port = server.start().join();
    }

    @AfterEach
    void stop() {
        server.close().join();
    }

    private Answer ask(String method, String path) throws IOException {
        try (RawClient client = new RawClient(port)) {
            return client.send(method + " " + path + " HTTP/1.1\r\nHost: x\r\n\r\n")
                    .answer();
        }
    }

    @Test
    void liveIsLive() throws IOException {
        log.set(Readiness.notReady("x"));
        Answer answer = ask("GET", "/health/live");
        assertEquals(200, answer.status());
        assertEquals("{\"state\":\"LIVE\"}", answer.body());
        assertFalse(answer.header("x-request-id").isEmpty());
    }

    @Test
    void readyWhenEveryPartIs() throws IOException {
        Answer answer = ask("GET", "/health/ready");
        assertEquals(200, answer.status());
        assertEquals(
                "{\"state\":\"READY\",\"checks\":[{\"name\":\"log\",\"state\":\"READY\"},"
                        + "{\"name\":\"catalog\",\"state\":\"READY\"}]}",
                answer.body());
    }

    @Test
    void degradedStillServes() throws IOException {
        catalog.set(Readiness.degraded("no answer for 40 s"));
        Answer answer = ask("GET", "/health/ready");
        assertEquals(200, answer.status());
        assertTrue(answer.body().startsWith("{\"state\":\"DEGRADED\""), answer.body());
        assertTrue(
                answer.body()
                        .contains("{\"name\":\"catalog\",\"state\":\"DEGRADED\",\"message\":\"no answer for 40 s\"}"),
                answer.body());
    }

    @Test
    void notReadySaysWhatIsNot() throws IOException {
        catalog.set(Readiness.degraded("no answer for 40 s"));
        log.set(Readiness.notReady("The log is being recovered."));
        Answer answer = ask("GET", "/health/ready");
        assertEquals(503, answer.status());
        assertTrue(answer.body().startsWith("{\"state\":\"NOT_READY\""), answer.body());
        assertTrue(answer.body().contains("The log is being recovered."), answer.body());
    }

    @Test
    void aCheckThatFailsIsOurFaultAndNotTheCallersToRead() throws IOException {
        server.close().join();
        server = new ManagementServer(
                "127.0.0.1",
                0,
                List.of(new ReadinessCheck("broken", () -> {
                    throw new IllegalStateException("secret");
                })),
                () -> "");
        port = server.start().join();
        Answer answer = ask("GET", "/health/ready");
        assertEquals(500, answer.status());
        assertTrue(answer.body().contains("INTERNAL_ERROR"), answer.body());
        assertTrue(answer.body().contains(answer.header("x-request-id")), answer.body());
        assertFalse(answer.body().contains("secret"), answer.body());
    }

    @Test
    void aPortThatIsTakenIsTold() {
        ManagementServer second = new ManagementServer("127.0.0.1", port, List.of(), () -> "");
        CompletionException failure =
                assertThrows(CompletionException.class, () -> second.start().join());
        assertInstanceOf(BindException.class, failure.getCause());
        second.close().join();
    }

    @Test
    void headHasNoBody() throws IOException {
        try (RawClient client = new RawClient(port)) {
            client.send("HEAD /health/live HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
            assertEquals(200, client.answer().status());
            assertTrue(client.ended());
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/metrics|text/plain; version=0.0.4; charset=utf-8|some_metric 1.0",
                "/openapi.yaml|application/yaml|openapi: 3.0.3",
                "/docs|text/html; charset=utf-8|<!doctype html>",
                "/docs/swagger-ui.css|text/css; charset=utf-8|.swagger-ui{",
                "/docs/swagger-ui-bundle.js|text/javascript; charset=utf-8|/*! For license",
                "/|text/html; charset=utf-8|<!doctype html>"
            })
    void pages(String path, String type, String start) throws IOException {
        Answer answer = ask("GET", path);
        assertEquals(200, answer.status());
        assertEquals(type, answer.header("content-type"));
        assertTrue(answer.body().startsWith(start), answer.body());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/docs/../openapi.yaml",
                "/docs/%2e%2e/openapi.yaml",
                "/docs/docs.html",
                "/docs//docs.js",
                "/health",
                "/health/live/",
                "/docs/",
                "/zerobus/v1/tables/a.b.c/insert"
            })
    void otherPathsAreNotFound(String path) throws IOException {
        Answer answer = ask("GET", path);
        assertEquals(404, answer.status());
        assertTrue(answer.body().contains("NOT_FOUND"), answer.body());
    }

    @Test
    void whatThePageRefersToIsServedAndNothingIsFromElsewhere() throws IOException {
        String page = ask("GET", "/docs").body();
        List<String> references = Pattern.compile("(?:src|href)=\"([^\"]+)\"")
                .matcher(page)
                .results()
                .map(found -> found.group(1))
                .filter(reference -> !reference.startsWith("data:"))
                .toList();
        assertEquals(4, references.size(), page);
        for (String reference : references) {
            assertEquals(200, ask("GET", "/" + reference).status(), reference);
        }
        assertFalse(page.contains("://"), page);
        assertTrue(ask("GET", "/docs/docs.js").body().contains("url: \"openapi.yaml\""));
        String style = ask("GET", "/docs/swagger-ui.css").body();
        assertFalse(
                Pattern.compile("@import|url\\([\"']?+(?!data:)").matcher(style).find());
        String policy = ask("GET", "/docs").header("content-security-policy");
        assertTrue(policy.startsWith("default-src 'none'; script-src 'self';"), policy);
        assertFalse(policy.contains("http"), policy);
    }

    @Test
    void aFileThatTheClientHasIsNotSentAgain() throws IOException {
        Answer first = ask("GET", "/docs/docs.js");
        assertEquals("no-cache", first.header("cache-control"));
        try (RawClient client = new RawClient(port)) {
            client.send("GET /docs/docs.js HTTP/1.1\r\nHost: x\r\nIf-None-Match: W/\"old\", " + first.header("etag")
                    + "\r\n\r\n");
            Answer unchanged = client.answer();
            assertEquals(304, unchanged.status());
            assertEquals(first.header("etag"), unchanged.header("etag"));
            client.send("GET /docs/docs.js HTTP/1.1\r\nHost: x\r\nIf-None-Match: \"old\"\r\n\r\n");
            assertEquals(first.body(), client.answer().body());
        }
    }

    @Test
    void otherMethodsAreNotAllowed() throws IOException {
        Answer answer = ask("POST", "/health/ready");
        assertEquals(405, answer.status());
        assertEquals("GET, HEAD", answer.header("allow"));
    }
}
