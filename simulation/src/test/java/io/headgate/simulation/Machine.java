package io.headgate.simulation;

import io.headgate.wal.LogSettings;
import io.headgate.wal.SimulatedDisk;
import java.io.IOException;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** A disk with a log on it, what that log owes, and the process that uses it, if there is one. */
final class Machine {
    private final World world;
    private final String name;
    private final LogSettings settings;
    private final SimulatedDisk disk;
    private final Ledger ledger;
    private @Nullable Gateway gateway;
    private boolean started;
    private boolean fenced;

    Machine(World world, String name, LogSettings settings, SimulatedDisk disk, Ledger ledger) {
        this.world = world;
        this.name = name;
        this.settings = settings;
        this.disk = disk;
        this.ledger = ledger;
    }

    SimulatedDisk disk() {
        return disk;
    }

    Ledger ledger() {
        return ledger;
    }

    LogSettings settings() {
        return settings;
    }

    /** The process that runs here; null if none does. */
    @Nullable
    Gateway gateway() {
        return gateway;
    }

    /** Whether a process here ever refused to go on beside another copy of its log. */
    boolean isFenced() {
        return fenced;
    }

    void fenced() {
        fenced = true;
    }

    /** Whether a process was ever up here. */
    boolean isAgain() {
        return started;
    }

    /** Another machine with a copy of the durable files. */
    Machine copy(String itsName, Random itsRandom) {
        return new Machine(world, itsName, settings, disk.copyOfDurable(itsRandom), ledger.copy());
    }

    /** Starts a process, which may fail to. */
    void start() {
        Gateway starting = new Gateway(world, this);
        gateway = starting;
        try {
            starting.open();
            started = true;
        } catch (IOException e) {
            world.startFailed(starting, e);
            end(starting, world.random.nextInt(4) == 0);
        } catch (Died e) {
            end(starting, starting.losesPower());
        }
    }

    /** The process is gone, perhaps with the power. */
    void end(Gateway ended, boolean powerLoss) {
        ended.calls().die();
        gateway = null;
        world.trace.step(name + (powerLoss ? " loses its power" : " is gone"));
        if (powerLoss) {
            world.coverage.saw(Event.POWER_LOSS);
            disk.powerLoss();
        } else {
            disk.processDeath();
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
