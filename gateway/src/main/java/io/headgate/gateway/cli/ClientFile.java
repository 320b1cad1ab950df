package io.headgate.gateway.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.headgate.auth.SecretFile;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A client's id and secret in a file that only its owner reads: {@code {"client_id", "client_secret"}}.
 *
 * @param clientId the id
 * @param secret the secret
 */
record ClientFile(String clientId, String secret) {
    private static final JsonFactory JSON = new JsonFactory();
    private static final String CLIENT_ID = "client_id";
    private static final String CLIENT_SECRET = "client_secret";

    /** What is in {@code file}, empty texts for what is not; nothing if there is no such file. */
    static Optional<ClientFile> read(Path file) throws IOException {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        String clientId = "";
        String secret = "";
        try (JsonParser json = JSON.createParser(Files.readString(file))) {
            while (json.nextToken() != null) {
                if (json.currentToken() == JsonToken.VALUE_STRING) {
                    clientId = CLIENT_ID.equals(json.currentName()) ? json.getText() : clientId;
                    secret = CLIENT_SECRET.equals(json.currentName()) ? json.getText() : secret;
                }
            }
        } catch (JsonProcessingException e) {
            // Its message may quote the secret.
            return Optional.of(new ClientFile("", ""));
        }
        return Optional.of(new ClientFile(clientId, secret));
    }

    /** Writes it to {@code file}, durable on return; if there is one already, that stays and counts. */
    ClientFile writeUnlessThere(Path file) throws IOException {
        SecretFile.create(file, json());
        return read(file).orElse(this);
    }

    private String json() throws IOException {
        StringWriter out = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(out).useDefaultPrettyPrinter()) {
            json.writeStartObject();
            json.writeStringField(CLIENT_ID, clientId);
            json.writeStringField(CLIENT_SECRET, secret);
            json.writeEndObject();
            json.writeRaw('\n');
        }
        return out.toString();
    }

    /** Never the secret. */
    @Override
    public String toString() {
        return "ClientFile[" + clientId + "]";
    }
}
