package io.headgate.gateway.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.headgate.batching.Landing;
import io.headgate.model.TableName;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;

/** What became of a request's rows, as JSON; what is not known is left out. */
final class ReceiptBody {
    private static final JsonFactory JSON = new JsonFactory();

    private ReceiptBody() {}

    static Buffer of(String receipt, TableName table, Landing landing) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(256);
        try (JsonGenerator json = JSON.createGenerator(out)) {
            json.writeStartObject();
            json.writeStringField("receipt", receipt);
            json.writeStringField("table", table.toString());
            json.writeStringField("state", landing.state().name().toLowerCase(Locale.ROOT));
            if (landing.version().isPresent()) {
                json.writeNumberField("table_version", landing.version().getAsLong());
            }
            if (landing.rejectedRows() > 0) {
                rejected(json, landing);
            }
            if (!landing.note().isEmpty()) {
                json.writeStringField("message", landing.note());
            }
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Buffer.buffer(out.toByteArray());
    }

    private static void rejected(JsonGenerator json, Landing landing) throws IOException {
        json.writeNumberField("rejected_rows", landing.rejectedRows());
        json.writeArrayFieldStart("rejected_records");
        for (Landing.Rejected each : landing.rejected()) {
            json.writeStartObject();
            json.writeNumberField("record", each.record());
            json.writeStringField("reason", each.reason());
            json.writeEndObject();
        }
        json.writeEndArray();
    }
}
