package io.headgate.delta;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.delta.kernel.Snapshot;
import io.delta.kernel.data.ColumnVector;
import io.delta.kernel.data.ColumnarBatch;
import io.delta.kernel.data.FilteredColumnarBatch;
import io.delta.kernel.types.StructField;
import io.headgate.delta.kernel.TableScan;
import io.headgate.model.TableName;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.NoSuchFileException;
import java.util.Optional;

/** Shows what is in a table of a {@link DirectoryCatalog}: for people who want to see that their rows are there. */
public final class TableRows {
    private static final JsonFactory JSON = new JsonFactory();

    private final DirectoryCatalog catalog;

    /** @param catalog where the tables are */
    public TableRows(DirectoryCatalog catalog) {
        this.catalog = catalog;
    }

    /**
     * Writes rows of the table's latest version as JSON, one object a line, in no particular order. Takes memory for a
     * batch of rows, however big the table is.
     *
     * @param limit the most rows to write, 0 or more
     * @return how many were written
     * @throws NoSuchFileException if there is no such table
     * @throws IOException if the table cannot be read, or {@code out} not written
     */
    public long write(TableName name, long limit, Appendable out) throws IOException {
        ForcedEngine engine = catalog.engine();
        Lines lines = new Lines(limit, out);
        try {
            Snapshot latest = catalog.latest(name);
            if (limit > 0) {
                new TableScan(latest, engine).forEach(lines::write);
            }
        } catch (UnsupportedTableException | RuntimeException e) {
            throw new IOException("Table " + name + " cannot be read: " + e.getMessage(), e);
        }
        return lines.written;
    }

    private static final class Lines {
        private final long limit;
        private final Appendable out;
        private long written;

        Lines(long limit, Appendable out) {
            this.limit = limit;
            this.out = out;
        }

        boolean write(FilteredColumnarBatch batch) throws IOException {
            Optional<ColumnVector> selection = batch.getSelectionVector();
            for (int row = 0; row < batch.getData().getSize() && written < limit; row++) {
                if (isSelected(selection, row)) {
                    writeLine(batch.getData(), row);
                    written++;
                }
            }
            return written < limit;
        }

        private static boolean isSelected(Optional<ColumnVector> selection, int row) {
            return selection.isEmpty()
                    || (!selection.get().isNullAt(row) && selection.get().getBoolean(row));
        }

        private void writeLine(ColumnarBatch rows, int row) throws IOException {
            StringWriter line = new StringWriter();
            try (JsonGenerator json = JSON.createGenerator(line)) {
                JsonValues values = new JsonValues(json);
                json.writeStartObject();
                for (int i = 0; i < rows.getSchema().length(); i++) {
                    StructField column = rows.getSchema().at(i);
                    json.writeFieldName(column.getName());
                    values.write(column.getDataType(), rows.getColumnVector(i), row);
                }
                json.writeEndObject();
            }
            out.append(line.getBuffer()).append('\n');
        }
    }
}
