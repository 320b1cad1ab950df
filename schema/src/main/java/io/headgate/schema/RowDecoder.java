package io.headgate.schema;

import com.fasterxml.jackson.core.ErrorReportConfiguration;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import io.headgate.model.RefusedException;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/**
 * JSON to the typed rows of one table, in one pass over the bytes. Strict where a value would be stored as something
 * else than was sent; see {@link ValueDecoder} for what each type takes. Names of fields are exact; a field left out, or
 * null, is NULL where that is allowed. All problems of a body are found in the one pass.
 *
 * <p>Safe for use by many threads at once, and meant to be: one decoder per schema, shared, so that its table of names
 * and its memory of their order warm up once.
 */
public final class RowDecoder {
    /** What the table of names may be made to hold by bodies with other names than the table's. */
    private static final int NAME_BYTES_MAX = 1_024;

    private static final int ERROR_TOKEN_CHARS_MAX = 20;

    /** What typed rows of a body take is less than the body for the most part. */
    private static final int INITIAL_VARIABLE_BYTES_MAX = 1 << 14;

    private final RowLayout layout;
    private final Shape.Numbers numbers = new Shape.Numbers();
    private final RecordFields fields;
    private final PartitionColumns partitions;
    private final DecodeLimits limits;
    private final PlausibleTimes plausible;
    private final RecordParser.Factory json;

    /** A decoder that takes times of any year. */
    public RowDecoder(TableSchema schema, DecodeLimits limits) {
        this(schema, limits, PlausibleTimes.ALL);
    }

    /**
     * @param schema whose rows these are
     * @param limits bounds on what one body may make us hold
     * @param plausible the times that are taken
     */
    public RowDecoder(TableSchema schema, DecodeLimits limits, PlausibleTimes plausible) {
        this.layout = RowLayout.of(schema.columns());
        this.fields = new RecordFields(schema.columns(), numbers);
        this.partitions = PartitionColumns.of(schema.columns(), schema.partitionColumns());
        this.limits = limits;
        this.plausible = plausible;
        this.json = factory(limits);
    }

    /** Decodes a body in JSON of whose rows the gateway writes nothing, all of it or none. */
    public DecodedRows decode(byte[] body, int offset, int length, ByteReservation reservation) {
        return decode(body, offset, length, BodyForm.JSON, reservation, ServerColumns.NONE, RequestValues.NONE);
    }

    /**
     * Decodes a body in UTF-8, all of it or none.
     *
     * @param body holds the body; not kept
     * @param form how it holds its records
     * @param reservation asked before memory for rows is taken; what it granted remains the caller's to release, whether
     *     this returns or throws
     * @param server the columns, of this schema, that the gateway writes
     * @param values what it writes there
     * @return the rows, in memory of their own
     * @throws RefusedException INVALID_PARAMETER if the body is not one that the table takes, with its problems as details,
     *     up to {@value Problems#KEPT_MAX} of them, and as {@link UnknownFieldException} if one is a field that the schema
     *     has not; PERMISSION_DENIED, the same way, if one is another value in a pinned column; TOO_LARGE if its rows
     *     exceed {@code limits.maxPayloadBytes}, {@code limits.maxRecords} or {@code limits.maxPartitions}; UNAVAILABLE if {@code reservation} says no.
     *     Nothing else is thrown, whatever the body
     */
    public DecodedRows decode(
            byte[] body,
            int offset,
            int length,
            BodyForm form,
            ByteReservation reservation,
            ServerColumns server,
            RequestValues values) {
        return decode(body, offset, length, form, reservation, server, values, null);
    }

    /**
     * Decodes a body in UTF-8, each record for itself: those with problems are rejected, whichever they have, and the others
     * become rows. What is not JSON, or none of records, still refuses the body.
     *
     * @return the rows that came to be, and the records that did not; {@link RejectedRecords#offset} counts from
     *     {@code offset} on
     * @throws RefusedException as {@link #decode} does, but not for problems of records alone
     */
    public DecodedRows decodeEach(
            byte[] body,
            int offset,
            int length,
            BodyForm form,
            ByteReservation reservation,
            ServerColumns server,
            RequestValues values) {
        RejectedRecords rejected = new RejectedRecords(reservation);
        return decode(body, offset, length, form, reservation, server, values, rejected);
    }

    private DecodedRows decode(
            byte[] body,
            int offset,
            int length,
            BodyForm form,
            ByteReservation reservation,
            ServerColumns server,
            RequestValues values,
            @Nullable RejectedRecords rejected) {
        requireUtf8(form, body, offset, length);
        int initialBytes = layout.fixedBytes() + Math.min(length, INITIAL_VARIABLE_BYTES_MAX);
        RowWriter rows = new RowWriter(layout, initialBytes, limits.maxPayloadBytes(), reservation);
        try (RecordParser parser = json.parser(body, offset, length, reservation)) {
            Problems problems = new Problems(form, parser, rejected != null);
            RecordDecoder decoder =
                    new RecordDecoder(fields, numbers, parser, rows, plausible, problems, reservation, server, values);
            int accepted = new RecordPass(
                            form,
                            parser,
                            rows,
                            decoder,
                            problems,
                            partitionsOfOneRequest(),
                            rejected,
                            limits.maxRecords())
                    .run();
            return new DecodedRows(accepted, rows.payload(), rejected == null ? RejectedRecords.NONE : rejected);
        } catch (IOException e) {
            throw new UncheckedIOException("An array does not fail to be read", e);
        }
    }

    private RequestPartitions partitionsOfOneRequest() {
        return partitions.isEmpty()
                ? RequestPartitions.NONE
                : new RequestPartitions(partitions, layout, limits.maxPartitions());
    }

    /** Jackson checks less of UTF-8 than RFC 8259 asks for: not for overlong forms, nor for surrogates. */
    private static void requireUtf8(BodyForm form, byte[] body, int offset, int length) {
        if (Utf8.isOtherUtf(body, offset, length)) {
            throw Refusals.body(form, 1, 1, "is in UTF-16 or UTF-32, not in UTF-8");
        }
        if (length >= 3
                && body[offset] == (byte) 0xEF
                && body[offset + 1] == (byte) 0xBB
                && body[offset + 2] == (byte) 0xBF) {
            throw Refusals.body(form, 1, 1, "begins with a byte order mark");
        }
        int invalid = Utf8.firstInvalid(body, offset, length);
        if (invalid >= 0) {
            int line = 1;
            int lineStart = offset;
            for (int i = offset; i < invalid; i++) {
                if (body[i] == '\n') {
                    line++;
                    lineStart = i + 1;
                }
            }
            throw Refusals.body(form, line, invalid - lineStart + 1, "is not UTF-8");
        }
    }

    private static RecordParser.Factory factory(DecodeLimits limits) {
        return new RecordParser.Factory(new JsonFactoryBuilder()
                .enable(StreamReadFeature.USE_FAST_DOUBLE_PARSER)
                .disable(JsonFactory.Feature.INTERN_FIELD_NAMES) // global, contended, and of no use here
                .disable(JsonFactory.Feature.CHARSET_DETECTION) // RFC 8259, section 8.1: UTF-8
                // The table of names starts anew when it overflows; one client's names cannot fail another's request.
                .disable(JsonFactory.Feature.FAIL_ON_SYMBOL_HASH_OVERFLOW)
                .errorReportConfiguration(ErrorReportConfiguration.builder()
                        .maxErrorTokenLength(ERROR_TOKEN_CHARS_MAX)
                        .build())
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(limits.maxNestingDepth())
                        .maxNumberLength(limits.maxNumberChars())
                        .maxStringLength(limits.maxStringChars())
                        .maxNameLength(NAME_BYTES_MAX)
                        .build()));
    }
}
