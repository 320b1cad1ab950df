package io.headgate.simulation;

import io.headgate.batching.Landing;
import io.headgate.batching.LoggedTable;
import io.headgate.batching.RangeTooWideException;
import io.headgate.batching.SimulatedTables.Step;
import io.headgate.batching.TableChangedException;
import io.headgate.batching.TableWriter;
import io.headgate.model.StreamRange;
import java.io.IOException;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One process' way to the tables. */
final class WatchedTables implements TableWriter {
    private final World world;
    private final Gateway gateway;
    private final Calls calls;
    private final TableWriter writer;
    private @Nullable LoggedTable committing;
    private boolean sendAndDie;

    WatchedTables(World world, Gateway gateway, String run) {
        this.world = world;
        this.gateway = gateway;
        this.calls = gateway.calls();
        this.writer = world.tables.writer(run, this::fails);
    }

    private boolean fails(Step step) {
        LoggedTable table = committing;
        if (step != Step.COMMIT_LATE || table == null) {
            return world.faults.fails(step);
        }
        boolean late = sendAndDie || world.faults.fails(step);
        sendAndDie = false;
        if (late) {
            world.sentWithoutAnswer(gateway);
        }
        return late;
    }

    private <T, X extends Exception> T call(String what, LoggedTable table, Calls.Call<T, X> call)
            throws IOException, X {
        return calls.toTables(what + " " + table.id().value(), () -> sendAndDie = true, () -> {
            if (world.faults.isAway(table)) {
                world.coverage.saw(Event.STORAGE_AWAY);
                throw new IOException("injected: the storage is away");
            }
            try {
                return call.run();
            } catch (AssertionError e) {
                throw world.violations.found(e);
            } finally {
                sendAndDie = false;
            }
        });
    }

    @Override
    public TableSnapshot load(LoggedTable table) throws TableChangedException, IOException {
        return call("load", table, () -> writer.load(table));
    }

    @Override
    public DataFile write(LoggedTable table, TableSnapshot target, StreamRange range, int attempt, EntrySource entries)
            throws TableChangedException, RangeTooWideException, IOException {
        return this.<Written, TableChangedException>call("write " + range, table, () -> {
                    try {
                        return new Written(writer.write(table, target, range, attempt, entries), null);
                    } catch (RangeTooWideException e) {
                        world.coverage.saw(Event.RANGE_SHORTENED);
                        return new Written(null, e); // not a failure
                    }
                })
                .file();
    }

    /** What became of a range: one of both. */
    private record Written(
            @Nullable DataFile made, @Nullable RangeTooWideException tooWide) {
        DataFile file() throws RangeTooWideException {
            if (tooWide != null) {
                throw tooWide;
            }
            return Objects.requireNonNull(made);
        }
    }

    @Override
    public TableSnapshot commit(LoggedTable table, TableSnapshot base, StreamRange range, DataFile file)
            throws IOException {
        return call("commit " + range, table, () -> {
            committing = table;
            try {
                return writer.commit(table, base, range, file);
            } catch (IOException e) {
                if (String.valueOf(e.getMessage()).startsWith("conflict")) {
                    world.coverage.saw(Event.COMMIT_CONFLICT);
                }
                throw e;
            } finally {
                committing = null;
            }
        });
    }

    @Override
    public boolean tookIn(LoggedTable table, TableSnapshot base, TableSnapshot current, DataFile file)
            throws IOException {
        return call("look for a file in", table, () -> writer.tookIn(table, base, current, file));
    }

    @Override
    public boolean isStillThere(LoggedTable table, TableSnapshot version) throws IOException {
        return call("confirm", table, () -> writer.isStillThere(table, version));
    }

    @Override
    public Optional<String> committedBy(LoggedTable table, TableSnapshot current) throws IOException {
        return call("who committed to", table, () -> writer.committedBy(table, current));
    }

    @Override
    public Landing landing(LoggedTable table, long position) throws IOException {
        return call("look for a position in", table, () -> writer.landing(table, position));
    }

    @Override
    public int removeLeftovers(LoggedTable table, TableSnapshot current, long from) throws IOException {
        return call("remove left-overs of", table, () -> writer.removeLeftovers(table, current, from));
    }
}
