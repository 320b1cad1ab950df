package io.headgate.systemtests;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Fetches tokens as the contract's clients do: id and secret with HTTP Basic, and in the form what the token is to be
 * for, as privileges on a table, its schema and its catalog.
 */
record ServicePrincipalLogin(GatewayClient http, String clientId, String clientSecret) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String DETAIL =
            "{\"type\":\"unity_catalog_privileges\",\"privileges\":[%s],\"object_type\":\"%s\",\"object_full_path\":\"%s\"}";

    /** A token for one table. */
    String token(String table) throws IOException, InterruptedException {
        HttpResponse<String> answer = http.send(
                "POST",
                "/oidc/v1/token",
                Map.of("Authorization", basic(), "Content-Type", "application/x-www-form-urlencoded"),
                form(table));
        JsonNode token = JSON.readTree(answer.body());
        if (answer.statusCode() != 200 || token.path("expires_in").asLong() < 1) {
            throw new IOException(answer.statusCode() + " " + answer.body());
        }
        return token.path("access_token").asText();
    }

    private String basic() {
        return "Basic "
                + Base64.getEncoder().encodeToString((clientId + ":" + clientSecret).getBytes(StandardCharsets.UTF_8));
    }

    private static String form(String table) {
        Map<String, String> form = new LinkedHashMap<>();
        form.put("grant_type", "client_credentials");
        form.put("scope", "all-apis");
        form.put("resource", "api://databricks/workspaces/1234567890/zerobusDirectWriteApi");
        form.put("authorization_details", details(table));
        return form.entrySet().stream()
                .map(each -> each.getKey() + "=" + URLEncoder.encode(each.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
    }

    private static String details(String table) {
        String schema = table.substring(0, table.lastIndexOf('.'));
        String catalog = table.substring(0, table.indexOf('.'));
        return "[" + DETAIL.formatted("\"USE CATALOG\"", "CATALOG", catalog) + ","
                + DETAIL.formatted("\"USE SCHEMA\"", "SCHEMA", schema) + ","
                + DETAIL.formatted("\"SELECT\",\"MODIFY\"", "TABLE", table) + "]";
    }
}
