package io.headgate.gateway.http;

import io.headgate.model.RecordProblem;
import io.headgate.model.Refusal;
import io.headgate.model.RefusedException;
import io.headgate.model.TableName;
import io.headgate.schema.ByteReservation;
import io.headgate.schema.Column;
import io.headgate.schema.ColumnType;
import io.headgate.schema.DecodedRows;
import io.headgate.schema.RejectedRecords;
import io.headgate.schema.RowLayout;
import io.headgate.schema.RowWriter;
import io.headgate.schema.TableSchema;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;

/**
 * The table that rejected records go to, as the text that they were, beside what was wrong with them: one row for each.
 * Of its columns five are written, by their names; all others must take NULL.
 *
 * @param target the table
 */
record Quarantine(Target target) {
    private static final String RECEIVED_AT = "received_at";
    private static final String SOURCE_TABLE = "source_table";
    private static final String SUBJECT = "subject";
    private static final String RECORD = "record";
    private static final String REASON = "reason";
    private static final Set<String> TEXTS = Set.of(SOURCE_TABLE, SUBJECT, RECORD, REASON);
    private static final long MICROS_PER_MILLI = 1_000;

    /** Of what is a record by itself, and was rejected for where it stood. */
    private static final RecordProblem NOT_ALONE =
            new RecordProblem(0, "$", null, 0, 0, "is not on a line of its own", null, null);

    /** @throws RefusedException NOT_IMPLEMENTED if the table is not made for that */
    Quarantine {
        check(target.schema());
    }

    private static void check(TableSchema schema) {
        require(schema, has(schema, RECEIVED_AT, ColumnType.TIMESTAMP));
        for (String text : TEXTS) {
            require(schema, has(schema, text, ColumnType.STRING));
        }
        for (Column column : schema.columns()) {
            require(schema, column.nullable() || column.name().equals(RECEIVED_AT) || TEXTS.contains(column.name()));
        }
        // Values of other columns may be such as no partition can have.
        require(schema, Set.of(SOURCE_TABLE).containsAll(schema.partitionColumns()));
    }

    private static boolean has(TableSchema schema, String name, ColumnType type) {
        return schema.columns().stream()
                .anyMatch(column -> column.name().equals(name) && column.type().equals(type));
    }

    private static void require(TableSchema schema, boolean holds) {
        if (!holds) {
            throw Refusal.of(
                            Refusal.Code.NOT_IMPLEMENTED,
                            "Records were rejected, and the table " + schema.name()
                                    + " (quarantine.table) cannot hold them: it needs the columns received_at TIMESTAMP and"
                                    + " source_table, subject, record and reason STRING, may have others that take"
                                    + " NULL, and may be partitioned by source_table alone. Nothing was stored.")
                    .asException();
        }
    }

    /** What the rows of one request have in common. */
    record Origin(String subject, TableName table, long receivedMillis) {}

    /** Looks at a part of a body again: at one record that was rejected, and of which is no longer known why. */
    @FunctionalInterface
    interface SecondLook {
        /** @throws RefusedException if the part is not even a record */
        RejectedRecords at(int offset, int length);
    }

    /**
     * Makes the rows.
     *
     * @param body what the records were in, from index 0
     * @param secondLook says why a record was rejected if there were many
     * @param maxBytes that they may have
     * @param reservation asked before memory for them is taken
     * @throws RefusedException TOO_LARGE or UNAVAILABLE
     */
    DecodedRows rows(
            byte[] body,
            RejectedRecords rejected,
            SecondLook secondLook,
            Origin origin,
            int maxBytes,
            ByteReservation reservation) {
        List<Column> columns = target.schema().columns();
        int[] at = List.of(RECEIVED_AT, SOURCE_TABLE, SUBJECT, RECORD, REASON).stream()
                .mapToInt(name -> indexOf(columns, name))
                .toArray();
        byte[] table = utf8(origin.table().toString());
        byte[] subject = utf8(origin.subject());
        RowWriter rows = new RowWriter(RowLayout.of(columns), 0, maxBytes, reservation);
        for (int i = 0; i < rejected.count(); i++) {
            rows.beginRow();
            rows.putLong(at[0], origin.receivedMillis() * MICROS_PER_MILLI);
            rows.putString(at[1], table);
            rows.putString(at[2], subject);
            rows.putBytes(at[3], body, rejected.offset(i), textLength(body, rejected, i));
            rows.putString(at[4], utf8(reason(rejected, i, secondLook)));
            rows.endRow();
        }
        return new DecodedRows(rejected.count(), rows.payload(), rejected);
    }

    private static int indexOf(List<Column> columns, String name) {
        int index = 0;
        while (!columns.get(index).name().equals(name)) {
            index++;
        }
        return index;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static int textLength(byte[] body, RejectedRecords rejected, int i) {
        int length = rejected.length(i);
        while (length > 0
                && body[rejected.offset(i) + length - 1] <= ' '
                && body[rejected.offset(i) + length - 1] > 0) {
            length--;
        }
        return length;
    }

    private static String reason(RejectedRecords rejected, int i, SecondLook secondLook) {
        List<RecordProblem> problems = rejected.problems(i);
        if (problems.isEmpty()) {
            problems = problems(rejected.offset(i), rejected.length(i), secondLook);
        }
        StringBuilder text = new StringBuilder();
        for (RecordProblem problem : problems) {
            text.append(text.isEmpty() ? "" : "; ")
                    .append(problem.path())
                    .append(' ')
                    .append(problem.reason());
            if (problem.expected() != null) {
                text.append(" (expected ").append(problem.expected());
                text.append(problem.got() == null ? ")" : ", got " + problem.got() + ")");
            }
        }
        int more = rejected.problemCount(i) - problems.size();
        return problems.isEmpty() || more <= 0 ? text.toString() : text + "; and " + more + " more";
    }

    private static List<RecordProblem> problems(int offset, int length, SecondLook secondLook) {
        try {
            RejectedRecords alone = secondLook.at(offset, length);
            return alone.count() == 0 ? List.of(NOT_ALONE) : alone.problems(0);
        } catch (RefusedException e) {
            return e.refusal().details();
        }
    }
}
