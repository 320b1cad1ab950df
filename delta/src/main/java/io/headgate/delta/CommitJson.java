package io.headgate.delta;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.headgate.delta.TableCommit.Transaction;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Reads what a version's JSON says about rows: one action a line, of which most are passed over. */
final class CommitJson {
    private static final JsonFactory JSON = new JsonFactory();

    private @Nullable CommittedRange range;
    private @Nullable Transaction transaction;
    private long addedRows;
    private boolean allCounted = true;

    private CommitJson() {}

    /** What the JSON of a version is called (Delta protocol, "Delta Log Entries"). */
    static String fileName(long version) {
        return String.format(Locale.ROOT, "%020d.json", version);
    }

    /**
     * Reads the commit that made a version of a table.
     *
     * @throws NoSuchFileException if there is no such file
     * @throws IOException if it cannot be read
     */
    static TableCommit read(Path table, long version) throws IOException {
        Path file = table.resolve("_delta_log").resolve(fileName(version));
        CommitJson commit = new CommitJson();
        try (InputStream bytes = Files.newInputStream(file);
                JsonParser json = JSON.createParser(bytes)) {
            while (json.nextToken() == JsonToken.START_OBJECT) {
                commit.action(json);
            }
        } catch (JsonProcessingException e) {
            // Not its message: that quotes the file, which holds values of rows.
            throw new IOException("The commit " + file + " is not what the Delta protocol says: no JSON at line "
                    + e.getLocation().getLineNr());
        }
        return new TableCommit(
                version,
                Optional.ofNullable(commit.range),
                Optional.ofNullable(commit.transaction),
                commit.allCounted ? OptionalLong.of(commit.addedRows) : OptionalLong.empty());
    }

    private void action(JsonParser json) throws IOException {
        for (String key = json.nextFieldName(); key != null; key = json.nextFieldName()) {
            JsonToken value = json.nextToken();
            if (value != JsonToken.START_OBJECT) {
                json.skipChildren();
                continue;
            }
            switch (key) {
                case "commitInfo" -> commitInfo(json);
                case "txn" -> transaction(json);
                case "add" -> add(json);
                default -> json.skipChildren();
            }
        }
    }

    private void commitInfo(JsonParser json) throws IOException {
        for (String key = json.nextFieldName(); key != null; key = json.nextFieldName()) {
            if (json.nextToken() == JsonToken.VALUE_STRING && key.equals("engineInfo")) {
                range = CommittedRange.parse(json.getText()).orElse(null);
            }
            json.skipChildren();
        }
    }

    private void transaction(JsonParser json) throws IOException {
        String appId = "";
        long version = -1;
        for (String key = json.nextFieldName(); key != null; key = json.nextFieldName()) {
            JsonToken value = json.nextToken();
            if (value == JsonToken.VALUE_STRING && key.equals("appId")) {
                appId = json.getText();
            } else if (value == JsonToken.VALUE_NUMBER_INT && key.equals("version")) {
                version = json.getLongValue();
            }
            json.skipChildren();
        }
        Transaction read = new Transaction(appId, version);
        transaction = read.isOurs() ? read : transaction;
    }

    private void add(JsonParser json) throws IOException {
        OptionalLong rows = OptionalLong.empty();
        for (String key = json.nextFieldName(); key != null; key = json.nextFieldName()) {
            if (json.nextToken() == JsonToken.VALUE_STRING && key.equals("stats")) {
                rows = numRecords(json.getText());
            }
            json.skipChildren();
        }
        allCounted &= rows.isPresent();
        addedRows += rows.orElse(0);
    }

    private static OptionalLong numRecords(String stats) throws IOException {
        try (JsonParser json = JSON.createParser(stats)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                return OptionalLong.empty();
            }
            for (String key = json.nextFieldName(); key != null; key = json.nextFieldName()) {
                if (json.nextToken() == JsonToken.VALUE_NUMBER_INT && key.equals("numRecords")) {
                    return OptionalLong.of(json.getLongValue());
                }
                json.skipChildren();
            }
            return OptionalLong.empty();
        }
    }
}
