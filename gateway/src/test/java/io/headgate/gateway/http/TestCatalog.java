package io.headgate.gateway.http;

import io.headgate.model.Refusal;
import io.headgate.model.TableId;
import io.headgate.model.TableName;
import io.headgate.schema.Column;
import io.headgate.schema.ColumnType;
import io.headgate.schema.TableCatalog;
import io.headgate.schema.TableSchema;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** Tables to write to, one of an unsupported kind, and one whose look-up waits until a test lets it go. */
final class TestCatalog implements TableCatalog {
    static final TableName TELEMETRY = TableName.parse("main.fleet.telemetry");
    static final TableName UNSUPPORTED = TableName.parse("main.fleet.unsupported");
    static final TableName MISSING = TableName.parse("main.fleet.missing");
    static final TableName SLOW = TableName.parse("main.fleet.slow");
    static final TableName FOREIGN = TableName.parse("main.fleet.foreign");
    static final TableName REJECTED = TableName.parse("main.fleet.rejected");

    private final CountDownLatch slow = new CountDownLatch(1);
    private final AtomicInteger slowLoads = new AtomicInteger();
    private final AtomicInteger telemetryLoads = new AtomicInteger();
    private volatile CountDownLatch held = new CountDownLatch(0);
    private volatile List<Column> rejectedColumns = List.of(
            new Column("reason", ColumnType.STRING, false),
            new Column("note", ColumnType.STRING, true),
            new Column("record", ColumnType.STRING, true),
            new Column("received_at", ColumnType.TIMESTAMP, false),
            new Column("subject", ColumnType.STRING, true),
            new Column("source_table", ColumnType.STRING, false));
    private volatile List<Column> columns =
            List.of(new Column("device_id", ColumnType.STRING, false), new Column("temp", ColumnType.DOUBLE, true));

    void letSlowGo() {
        slow.countDown();
    }

    int slowLoads() {
        return slowLoads.get();
    }

    /** How often {@link #TELEMETRY} was looked at. */
    int telemetryLoads() {
        return telemetryLoads.get();
    }

    /** Gives every table another column. */
    void addColumn(String name) {
        addColumn(new Column(name, ColumnType.STRING, true));
    }

    void addColumn(Column column) {
        columns = Stream.concat(columns.stream(), Stream.of(column)).toList();
    }

    /** Lets look-ups of {@link #TELEMETRY} wait until {@link #letGo}. */
    void hold() {
        held = new CountDownLatch(1);
    }

    void letGo() {
        held.countDown();
    }

    @Override
    public Optional<TableSchema> load(TableName name) throws IOException {
        if (name.equals(UNSUPPORTED)) {
            throw Refusal.of(Refusal.Code.NOT_IMPLEMENTED, "Table " + name + " uses the feature 'columnMapping'.")
                    .asException();
        }
        if (name.equals(SLOW)) {
            slowLoads.incrementAndGet();
            await(slow);
        }
        if (name.equals(TELEMETRY)) {
            telemetryLoads.incrementAndGet();
            await(held);
        }
        return name.equals(MISSING) ? Optional.empty() : Optional.of(schema(name));
    }

    private static void await(CountDownLatch latch) throws IOException {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IOException("The test is over", e);
        }
    }

    /** Makes {@link #REJECTED} another table. */
    void rejectedColumns(List<Column> others) {
        rejectedColumns = others;
    }

    List<Column> rejectedColumns() {
        return rejectedColumns;
    }

    private TableSchema schema(TableName name) {
        List<Column> its = name.equals(REJECTED) ? rejectedColumns : columns;
        return new TableSchema(name, new TableId("id-of-" + name), "tables/" + name, its, "{}");
    }
}
