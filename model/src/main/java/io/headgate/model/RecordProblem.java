package io.headgate.model;

import org.jspecify.annotations.Nullable;

/**
 * One thing wrong with one record of a request.
 *
 * @param record the record's index in the request, from 0
 * @param path the JSON path within the record, {@code $.temp}; {@code $} for the record itself
 * @param field the column or field concerned, if one is
 * @param line the line in the body, from 1; 0 if unknown
 * @param column the column in that line, from 1; 0 if unknown
 * @param reason what is wrong, in words
 * @param expected what would have been right, such as a type's name
 * @param got a short, escaped piece of what was there
 */
public record RecordProblem(
        long record,
        String path,
        @Nullable String field,
        int line,
        int column,
        String reason,
        @Nullable String expected,
        @Nullable String got) {}
