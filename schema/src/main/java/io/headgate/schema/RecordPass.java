package io.headgate.schema;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.headgate.model.RefusedException;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The one pass over one body: records become rows as their tokens go by. Problems of records are gathered to the end; what
 * is not JSON ends it.
 */
final class RecordPass {
    private final BodyForm form;
    private final JsonParser json;
    private final RowWriter rows;
    private final RecordDecoder decoder;
    private final Problems problems;
    private final RequestPartitions partitions;
    /** Gets the records that are rejected; null if one refuses all. */
    private final @Nullable RejectedRecords rejected;

    private final int maxRecords;
    private int record;
    private int accepted;

    RecordPass(
            BodyForm form,
            JsonParser json,
            RowWriter rows,
            RecordDecoder decoder,
            Problems problems,
            RequestPartitions partitions,
            @Nullable RejectedRecords rejected,
            int maxRecords) {
        this.form = form;
        this.json = json;
        this.rows = rows;
        this.decoder = decoder;
        this.problems = problems;
        this.partitions = partitions;
        this.rejected = rejected;
        this.maxRecords = maxRecords;
    }

    /**
     * Runs, once.
     *
     * @return how many records became rows
     * @throws RefusedException if what was found refuses the request
     */
    int run() throws IOException {
        try {
            switch (form) {
                case JSON -> document();
                case NDJSON -> lines();
            }
        } catch (JsonProcessingException e) {
            throw problems.brokenBy(e);
        }
        if (rejected == null && !problems.isEmpty()) {
            throw problems.refused();
        }
        return accepted;
    }

    private void document() throws IOException {
        JsonToken first = json.nextToken();
        if (first == JsonToken.START_OBJECT) {
            record();
        } else if (first == JsonToken.START_ARRAY) {
            problems.beginRecords();
            while (json.nextToken() != JsonToken.END_ARRAY) {
                record();
            }
        } else {
            throw problems.body(first == null ? "is empty" : "is neither an object nor an array");
        }
        JsonToken next = json.nextToken();
        if (next != null) {
            boolean lines = first == JsonToken.START_OBJECT && next == JsonToken.START_OBJECT;
            throw problems.body("goes on after its end"
                    + (lines ? " (records line by line are to be sent as application/x-ndjson)" : ""));
        }
    }

    private void lines() throws IOException {
        int line = 0;
        while (json.nextToken() != null) {
            JsonLocation start = json.currentTokenLocation();
            if (start.getLineNr() == line) {
                notALine("begins on the line of the one before it");
            } else if (json.currentToken() == JsonToken.START_ARRAY) {
                notALine("is an array, which is to be sent alone and as application/json");
            } else if (json.currentToken() == JsonToken.START_OBJECT) {
                line(start);
            } else {
                record();
            }
            line = start.getLineNr();
        }
        if (record == 0) {
            throw problems.body("is empty");
        }
    }

    /** Whatever the next lines look like to the parser, the line to be mended is the one that the record began on. */
    private void line(JsonLocation start) throws IOException {
        int from = begin();
        rows.beginRow();
        try {
            decoder.put();
        } catch (JsonProcessingException e) {
            requireStillOn(start);
            throw e;
        }
        requireStillOn(start);
        end(from);
    }

    private void requireStillOn(JsonLocation start) {
        if (json.currentLocation().getLineNr() != start.getLineNr()) {
            throw problems.cutLine(start);
        }
    }

    private void notALine(String reason) throws IOException {
        int start = begin();
        problems.line(reason);
        skip();
        end(start);
    }

    /** The record that the parser is at the first token of. */
    private void record() throws IOException {
        int start = begin();
        if (json.currentToken() == JsonToken.START_OBJECT) {
            rows.beginRow();
            decoder.put();
        } else {
            problems.notAnObject();
            skip();
        }
        end(start);
    }

    /** @return where it begins, should that be of use */
    private int begin() {
        if (record == maxRecords) {
            throw Refusals.tooManyRecords(maxRecords);
        }
        return rejected == null ? 0 : (int) json.currentTokenLocation().getByteOffset();
    }

    private void skip() throws IOException {
        json.skipChildren();
        json.finishToken();
    }

    /** Rows are kept as long as they may be of use. */
    private void end(int start) {
        if (!problems.areInRecord()) {
            partitions.add(rows, problems);
        }
        if (rejected == null ? problems.isEmpty() : !problems.areInRecord()) {
            rows.endRow();
            accepted++;
        } else {
            rows.abandonRow();
            if (rejected != null) {
                int stop = (int) json.currentLocation().getByteOffset();
                rejected.add(record, start, stop - start, problems);
                problems.rejectRecord();
            }
        }
        record++;
        problems.beginRecord(record);
    }
}
