package io.headgate.delta.batch;

import io.delta.kernel.data.ColumnVector;
import io.delta.kernel.types.DataType;
import java.util.List;
import java.util.Objects;

/** Reads ARRAY and MAP. */
final class ItemsReader implements FieldReader {
    private final DataType type;
    private final int level;
    private final int repetition;
    private final List<FieldReader> parts;
    private final ColumnCursor guide;
    private ItemsValues values;

    /**
     * @param level the definition level of one that is there; that of one that has items is the next
     * @param repetition the repetition level of the items
     * @param parts of an item: its element, or its key and its value; the first of them is in the file
     */
    ItemsReader(DataType type, int level, int repetition, List<FieldReader> parts) {
        this.type = type;
        this.level = level;
        this.repetition = repetition;
        this.parts = parts;
        guide = Objects.requireNonNull(parts.get(0).guide());
        values = new ItemsValues(type);
    }

    @Override
    public long append() {
        int definition = guide.definition();
        if (definition < level) {
            values.addNone();
            pass();
            return 1;
        }
        if (definition == level) {
            values.add(0);
            pass();
            return 1;
        }
        return appendItems();
    }

    private long appendItems() {
        long bytes = 1;
        int count = 0;
        do {
            for (FieldReader part : parts) {
                bytes += part.append();
            }
            count++;
        } while (guide.repetition() >= repetition);
        values.add(count);
        return bytes;
    }

    @Override
    public void pass() {
        for (FieldReader part : parts) {
            part.pass();
        }
    }

    @Override
    public ColumnVector take() {
        ItemsValues taken =
                values.complete(parts.stream().map(FieldReader::take).toList());
        values = new ItemsValues(type);
        return taken;
    }

    @Override
    public ColumnCursor guide() {
        return guide;
    }
}
