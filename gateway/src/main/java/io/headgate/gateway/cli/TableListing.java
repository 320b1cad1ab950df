package io.headgate.gateway.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import io.headgate.delta.TableDescription;
import io.headgate.model.TableName;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The tables of a catalog, a line each: in columns for people, as JSON objects for programs. */
final class TableListing {
    private final boolean json;
    private final Console console;
    private final List<List<String>> lines = new ArrayList<>();

    TableListing(boolean json, Console console) {
        this.json = json;
        this.console = console;
        lines.add(List.of("TABLE", "VERSION", "FILES", "BYTES", "ID", "INGEST"));
    }

    void add(TableDescription table) throws IOException {
        if (json) {
            console.println(JsonLines.line(line -> write(table, line)));
        }
        Optional<TableDescription.Files> files = table.files();
        lines.add(List.of(
                table.name().toString(),
                String.valueOf(table.version()),
                files.map(known -> String.valueOf(known.count())).orElse("-"),
                files.map(known -> String.valueOf(known.sizeBytes())).orElse("-"),
                table.id().value(),
                table.refusal().map(why -> "refused: " + why).orElse("accepted")));
    }

    void unreadable(TableName name, String why) throws IOException {
        if (json) {
            console.println(JsonLines.line(line -> {
                line.writeStringField("table", name.toString());
                line.writeBooleanField("accepted", false);
                line.writeStringField("reason", why);
            }));
        }
        lines.add(List.of(name.toString(), "-", "-", "-", "-", "refused: " + why));
    }

    /** What every JSON description of a table begins with. */
    static void write(TableDescription table, JsonGenerator json) throws IOException {
        json.writeStringField("table", table.name().toString());
        json.writeStringField("id", table.id().value());
        json.writeNumberField("version", table.version());
        if (table.files().isPresent()) {
            json.writeNumberField("files", table.files().get().count());
            json.writeNumberField("bytes", table.files().get().sizeBytes());
        }
        json.writeBooleanField("accepted", table.refusal().isEmpty());
        if (table.refusal().isPresent()) {
            json.writeStringField("reason", table.refusal().get());
        }
    }

    /** Prints the columns, each as wide as its widest entry. */
    void print() throws IOException {
        if (json) {
            return;
        }
        for (String line : aligned(lines)) {
            console.println(line);
        }
    }

    /** Lines of words in columns; the last column is not filled up. */
    static List<String> aligned(List<List<String>> lines) {
        List<String> text = new ArrayList<>();
        for (List<String> words : lines) {
            StringBuilder line = new StringBuilder();
            for (int column = 0; column < words.size() - 1; column++) {
                int at = column;
                int width = lines.stream()
                        .mapToInt(other -> other.get(at).length())
                        .max()
                        .orElse(0);
                line.append(words.get(column))
                        .append(" ".repeat(width - words.get(column).length() + 2));
            }
            text.add(line.append(words.get(words.size() - 1)).toString());
        }
        return text;
    }
}
