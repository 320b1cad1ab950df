package io.headgate.loadtest;

import io.headgate.model.TableId;
import io.headgate.model.TableName;
import io.headgate.schema.Column;
import io.headgate.schema.ColumnType;
import io.headgate.schema.SchemaJson;
import io.headgate.schema.TableSchema;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What devices send, with a table for it: records of one kind, whose values differ from one to the next as readings do. */
public enum RecordShape {
    /** The usual small record: 9 columns, 200 bytes. */
    SMALL {
        @Override
        void addTo(List<Field> fields) {
            identity(fields);
            fields.add(reading("temp", 2));
            fields.add(reading("humidity", 2));
            fields.add(reading("battery", 2));
            fields.add(integer("rssi", ColumnType.INTEGER, -90, -30));
            fields.add(integer("seq", ColumnType.LONG, 1_000_000, 9_000_000));
            fields.add(firmware());
            fields.add(flag("ok"));
        }
    },

    /** 10 columns, 1 KiB: the small record and a long text. */
    KIB {
        @Override
        void addTo(List<Field> fields) {
            SMALL.addTo(fields);
            fields.add(message());
        }
    },

    /** 1 KiB: 33 columns, of which a struct, an array of 24 numbers and a map. */
    TELEMETRY {
        @Override
        void addTo(List<Field> fields) {
            identity(fields);
            fields.add(firmware());
            for (int i = 0; i < 14; i++) {
                fields.add(reading("sensor_" + i, 3));
            }
            for (int i = 0; i < 8; i++) {
                fields.add(integer("counter_" + i, ColumnType.LONG, 0, 1_000_000_000));
            }
            for (int i = 0; i < 4; i++) {
                fields.add(flag("alarm_" + i));
            }
            fields.add(text("site", "plant-"));
            fields.add(location());
            fields.add(vibration());
            fields.add(labels());
        }
    },

    /** 100 columns without nesting, 2 KiB: half of them readings. */
    WIDE {
        @Override
        void addTo(List<Field> fields) {
            identity(fields);
            for (int i = 0; i < 49; i++) {
                fields.add(reading("reading_" + i, 3));
                switch (i % 4) {
                    case 0 -> fields.add(integer("counter_" + i, ColumnType.LONG, 0, 1_000_000_000));
                    case 1 -> fields.add(integer("level_" + i, ColumnType.INTEGER, 0, 1_000));
                    case 2 -> fields.add(text("state_" + i, "mode-"));
                    default -> fields.add(flag("alarm_" + i));
                }
            }
        }
    };

    private static final long SEED = 7;

    /** A column, and what a device sends in it. */
    record Field(Column column, Function<Random, String> json) {}

    /** In which order records have their fields. */
    public enum Order {
        /** As the table has its columns. */
        COLUMNS,
        /** In another, the same in each record, as devices do. */
        DEVICE,
        /** Each record in its own: nobody does, and nothing can be learned from it. */
        MIXED
    }

    abstract void addTo(List<Field> fields);

    private List<Field> fields() {
        List<Field> fields = new ArrayList<>();
        addTo(fields);
        return fields;
    }

    /** A table for these records. */
    TableSchema schema() {
        List<Column> columns = fields().stream().map(Field::column).toList();
        return new TableSchema(
                new TableName("main", "fleet", "telemetry"),
                new TableId("benchmark"),
                "tables/telemetry",
                columns,
                SchemaJson.write(columns));
    }

    /** Bodies, each an array of so many records; the same ones each time. */
    byte[][] bodies(int count, int recordsPerBody, Order order) {
        Random random = new Random(SEED);
        List<Field> fields = fields();
        if (order == Order.DEVICE) {
            Collections.shuffle(fields, random);
        }
        byte[][] bodies = new byte[count][];
        for (int i = 0; i < count; i++) {
            bodies[i] = IntStream.range(0, recordsPerBody)
                    .mapToObj(record -> record(fields, order, random))
                    .collect(Collectors.joining(",", "[", "]"))
                    .getBytes(StandardCharsets.UTF_8);
        }
        return bodies;
    }

    private static String record(List<Field> fields, Order order, Random random) {
        if (order == Order.MIXED) {
            Collections.shuffle(fields, random);
        }
        return fields.stream()
                .map(field -> '"' + field.column.name() + "\":" + field.json.apply(random))
                .collect(Collectors.joining(",", "{", "}"));
    }

    private static void identity(List<Field> fields) {
        fields.add(new Field(
                new Column("device_id", ColumnType.STRING, false),
                random -> String.format(Locale.ROOT, "\"device-%07d\"", random.nextInt(10_000))));
        fields.add(new Field(
                new Column("ts", ColumnType.TIMESTAMP, false),
                random -> String.format(
                        Locale.ROOT,
                        "\"2026-11-22T14:%02d:%02d.%03dZ\"",
                        random.nextInt(60),
                        random.nextInt(60),
                        random.nextInt(1_000))));
    }

    private static Field reading(String name, int decimals) {
        return new Field(new Column(name, ColumnType.DOUBLE, true), random -> number(random, decimals));
    }

    private static String number(Random random, int decimals) {
        return String.format(Locale.ROOT, "%." + decimals + "f", random.nextDouble() * 100);
    }

    private static Field integer(String name, ColumnType type, int from, int to) {
        return new Field(new Column(name, type, true), random -> Integer.toString(random.nextInt(to - from) + from));
    }

    private static Field text(String name, String prefix) {
        return new Field(new Column(name, ColumnType.STRING, true), random -> '"' + prefix + random.nextInt(20) + '"');
    }

    private static Field firmware() {
        return new Field(
                new Column("fw", ColumnType.STRING, true),
                random -> "\"1.14." + random.nextInt(5) + "-build.20261101-rc3-long-name-of-it\"");
    }

    /** Words of hexadecimal digits, 820 characters: no two are alike, as little as logs compress. */
    private static Field message() {
        return new Field(
                new Column("message", ColumnType.STRING, true),
                random -> IntStream.range(0, 91)
                        .mapToObj(i -> String.format(Locale.ROOT, "%08x", random.nextInt()))
                        .collect(Collectors.joining(" ", "\"", "\"")));
    }

    private static Field flag(String name) {
        return new Field(
                new Column(name, ColumnType.BOOLEAN, true), random -> random.nextInt(20) == 0 ? "true" : "false");
    }

    private static Field location() {
        List<Column> within = List.of(
                new Column("lat", ColumnType.DOUBLE, true),
                new Column("lon", ColumnType.DOUBLE, true),
                new Column("alt", ColumnType.FLOAT, true));
        return new Field(
                new Column("location", new ColumnType.Struct(within), true),
                random -> "{\"lat\":" + number(random, 6) + ",\"lon\":" + number(random, 6) + ",\"alt\":"
                        + number(random, 1) + "}");
    }

    private static Field vibration() {
        return new Field(
                new Column("vibration", new ColumnType.Array(ColumnType.DOUBLE, true), true),
                random -> IntStream.range(0, 24)
                        .mapToObj(i -> number(random, 4))
                        .collect(Collectors.joining(",", "[", "]")));
    }

    private static Field labels() {
        return new Field(
                new Column("labels", new ColumnType.Map(ColumnType.STRING, ColumnType.STRING, true), true),
                random -> "{\"line\":\"L" + random.nextInt(9) + "\",\"shift\":\"night\",\"region\":\"north\"}");
    }
}
