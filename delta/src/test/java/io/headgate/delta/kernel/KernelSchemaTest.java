package io.headgate.delta.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.headgate.schema.Column;
import io.headgate.schema.ColumnType;
import io.headgate.schema.SchemaJson;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class KernelSchemaTest {
    /** What Kernel puts into a table's metadata is what we read from it. */
    @Test
    void everyTypeGoesThroughKernelUnchanged() {
        List<Column> columns = new ArrayList<>();
        for (ColumnType type : ColumnType.PLAIN) {
            columns.add(new Column("c_" + type.deltaName(), type, columns.size() % 2 == 0));
        }
        columns.add(new Column("id", ColumnType.LONG, true, OptionalInt.of(7), Optional.of("col-7")));
        columns.add(new Column("decimal", new ColumnType.Decimal(38, 10), true));
        columns.add(new Column("char", new ColumnType.Char(3), true));
        ColumnType struct = new ColumnType.Struct(
                List.of(new Column("a", new ColumnType.Varchar(5), false), new Column("b", ColumnType.BINARY, true)));
        columns.add(new Column("array", new ColumnType.Array(struct, false), true));
        columns.add(new Column(
                "map",
                new ColumnType.Map(ColumnType.DATE, new ColumnType.Array(new ColumnType.Char(1), true), false),
                false));

        assertEquals(
                columns,
                SchemaJson.parse(KernelSchema.of(SchemaJson.write(columns)).toJson()));
    }
}
