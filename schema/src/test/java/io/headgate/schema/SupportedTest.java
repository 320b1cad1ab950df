package io.headgate.schema;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.headgate.model.Refusal;
import io.headgate.model.RefusedException;
import java.util.List;
import org.junit.jupiter.api.Test;

class SupportedTest {
    @Test
    void whatDoesNotGoTheWholeWayIsRefusedByName() {
        Column known = new Column("a", ColumnType.STRING, true);
        for (ColumnType type : Supported.TYPES) {
            Supported.check(List.of(known, new Column("x", type, false)));
        }
        for (ColumnType type : List.of(
                ColumnType.BINARY,
                new ColumnType.Decimal(9, 2),
                new ColumnType.Char(1),
                new ColumnType.Varchar(1),
                new ColumnType.Array(ColumnType.STRING, true),
                new ColumnType.Map(ColumnType.STRING, ColumnType.STRING, true),
                new ColumnType.Struct(List.of(known)))) {
            RefusedException refused = assertThrows(
                    RefusedException.class, () -> Supported.check(List.of(known, new Column("x", type, true))));
            assertEquals(Refusal.Code.NOT_IMPLEMENTED, refused.refusal().code());
            assertEquals(
                    "Column \"x\" has the type " + type.sqlName()
                            + ". Headgate cannot write that correctly, so it accepts no rows for the table.",
                    refused.refusal().message());
        }
    }
}
