package io.headgate.simulation;

import io.headgate.batching.LoggedSchema;
import io.headgate.batching.LoggedTable;
import io.headgate.model.RefusedException;

/** Devices that send rows of all sizes, under the table's present schema or one that they knew before. */
final class Clients {
    static final String FOR_BUDGET = "bytes of rows waiting to be";
    static final String FOR_LOG_ROOM = "The log has no room";
    private static final int ROWS_MAX = 1_000;

    private final World world;
    private final int bulk;

    Clients(World world) {
        this.world = world;
        this.bulk = world.faults.oneOf(3, 6, 10, 30);
    }

    void send(Gateway gateway) {
        send(gateway, world.anyTable(), rowCount());
    }

    Request send(Gateway gateway, LoggedTable table, int rowCount) {
        int layout = Math.max(0, world.tables.layout(table.id()) - world.random.nextInt(3));
        Request request = world.requests.next(new LoggedSchema(table, String.valueOf(layout)), rowCount);
        gateway.send(request);
        return request;
    }

    private int rowCount() {
        return switch (world.random.nextInt(bulk)) {
            case 0 -> 1 + world.random.nextInt(ROWS_MAX);
            case 1, 2 -> 1 + world.random.nextInt(120);
            default -> 1 + world.random.nextInt(4);
        };
    }

    void refused(Request request, RefusedException why) {
        request.refusal = String.valueOf(why.getMessage());
        world.trace.step("refused: " + request + ": " + request.refusal);
        if (request.refusal.contains(FOR_BUDGET)) {
            world.coverage.saw(Event.REFUSED_FOR_TABLE_BUDGET);
        } else if (request.refusal.contains(FOR_LOG_ROOM)) {
            world.coverage.saw(Event.REFUSED_FOR_LOG_ROOM);
        } else if (request.refusal.contains("stopping")) {
            world.coverage.saw(Event.REFUSED_BY_STOPPING);
        }
    }
}
