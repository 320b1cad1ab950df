package io.headgate.simulation;

import io.headgate.batching.LoggedSchema;
import io.headgate.batching.LoggedTable;
import io.headgate.model.RefusedException;
import java.util.ArrayList;
import java.util.List;

/**
 * Devices that send rows of all sizes, under the table's present schema or one that they knew before; some with keys, which
 * they send again and again.
 */
final class Clients {
    static final String FOR_BUDGET = "bytes of rows waiting to be";
    static final String FOR_LOG_ROOM = "The log has no room";
    private static final int ROWS_MAX = 1_000;
    private static final int REMEMBERED = 12;

    private final World world;
    private final int bulk;
    private final int keyedPercent;
    private final List<KeyedRequest> sent = new ArrayList<>();
    private long keys;

    Clients(World world) {
        this.world = world;
        this.bulk = world.faults.oneOf(3, 6, 10, 30);
        this.keyedPercent = world.faults.oneOf(0, 20, 70);
    }

    void send(Gateway gateway) {
        if (world.random.nextInt(100) >= keyedPercent) {
            send(gateway, world.anyTable(), rowCount());
        } else if (sent.isEmpty() || world.random.nextInt(3) == 0) {
            sendFirst(gateway);
        } else {
            sendAgain(gateway);
        }
    }

    private void sendFirst(Gateway gateway) {
        KeyedRequest keyed = new KeyedRequest(gateway.machine(), world.anyTable(), rowCount(), ++keys);
        sent.add(keyed);
        if (sent.size() > REMEMBERED) {
            sent.remove(world.random.nextInt(sent.size()));
        }
        send(gateway, keyed, 0);
    }

    /** Whatever became of the earlier attempts. A device may also use a key for another body, by mistake. */
    private void sendAgain(Gateway gateway) {
        KeyedRequest keyed = sent.get(world.random.nextInt(sent.size()));
        if (keyed.machine == gateway.machine() && !world.isDropped(keyed.table)) {
            send(gateway, keyed, world.random.nextInt(12) == 0 ? 1 : 0);
        }
    }

    private void send(Gateway gateway, KeyedRequest keyed, long body) {
        Request attempt = world.requests.next(schema(keyed.table), keyed.rowCount);
        attempt.attemptOf(keyed, body);
        gateway.send(attempt);
    }

    Request send(Gateway gateway, LoggedTable table, int rowCount) {
        Request request = world.requests.next(schema(table), rowCount);
        gateway.send(request);
        return request;
    }

    private LoggedSchema schema(LoggedTable table) {
        int layout = Math.max(0, world.tables.layout(table.id()) - world.random.nextInt(3));
        return new LoggedSchema(table, String.valueOf(layout));
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
