package io.headgate.gateway.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.headgate.model.RecordProblem;
import io.headgate.model.TableName;
import io.headgate.schema.DecodedRows;
import io.headgate.schema.RejectedRecords;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/**
 * What became of the records of a request that were taken each for itself: {@code {"accepted": 8, "rejected": 2,
 * "rejected_indexes": [3, 7], "problems": 2, "details": [...], "quarantine": "main.fleet.rejected"}}. The details are
 * those of refusals, see {@link ErrorBody}. Of very many records the answer names the first ones.
 */
final class RejectedBody {
    /** More are counted alone: an answer is made on the event loop, and held beside all budgets. */
    static final int INDEXES_MAX = 10_000;

    private static final JsonFactory JSON = new JsonFactory();

    private RejectedBody() {}

    /** @param quarantine where the rejected records went; null if nowhere */
    static Buffer of(DecodedRows rows, @Nullable TableName quarantine) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(256);
        try (JsonGenerator json = JSON.createGenerator(out)) {
            write(json, rows.rowCount(), rows.rejected(), quarantine);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Buffer.buffer(out.toByteArray());
    }

    private static void write(
            JsonGenerator json, int accepted, RejectedRecords rejected, @Nullable TableName quarantine)
            throws IOException {
        json.writeStartObject();
        json.writeNumberField("accepted", accepted);
        json.writeNumberField("rejected", rejected.count());
        json.writeArrayFieldStart("rejected_indexes");
        for (int i = 0; i < Math.min(rejected.count(), INDEXES_MAX); i++) {
            json.writeNumber(rejected.record(i));
        }
        json.writeEndArray();
        json.writeNumberField("problems", rejected.problemCount());
        json.writeArrayFieldStart("details");
        for (int i = 0; i < Math.min(rejected.count(), INDEXES_MAX); i++) {
            for (RecordProblem problem : rejected.problems(i)) {
                ErrorBody.write(json, problem);
            }
        }
        json.writeEndArray();
        if (quarantine != null) {
            json.writeStringField("quarantine", quarantine.toString());
        }
        json.writeEndObject();
    }
}
