package io.headgate.simulation;

import io.headgate.simulation.Faults.Fate;
import java.io.IOException;
import java.time.Duration;
import java.util.regex.Pattern;

/**
 * Every call that one process makes to its disk and to the tables passes here. Here it dies, here others get their turn
 * while it waits, and once it is dead nothing of it reaches the outside any more.
 */
final class Calls {
    /** A call to the outside. */
    @FunctionalInterface
    interface Call<T, X extends Exception> {
        T run() throws IOException, X;
    }

    /** Arranges that a call fails, having done any part of what it was to do. */
    @FunctionalInterface
    interface Partly {
        void prepare();
    }

    static final Pattern ANY = Pattern.compile("");
    private static final int DEPTH_MAX = 2;

    private final World world;
    private final Gateway gateway;
    private int untilDeath;
    private int untilFailure;
    private Pattern deathIn = ANY;
    private Pattern failureIn = ANY;
    private int depth;
    private boolean dead;
    private boolean failed;

    Calls(World world, Gateway gateway) {
        this.world = world;
        this.gateway = gateway;
        this.untilDeath = world.faults.callsUntilDeath();
        this.untilFailure = world.faults.diskCallsUntilFailure();
    }

    /** Lets the process die in the {@code n}-th call from now on that is described so; 0 for never. */
    void dieIn(int n, Pattern call) {
        untilDeath = n;
        deathIn = call;
    }

    /** Lets the {@code n}-th such call to the disk fail; 0 for never. */
    void failIn(int n, Pattern call) {
        untilFailure = n;
        failureIn = call;
    }

    boolean isDeathAhead() {
        return untilDeath > 0;
    }

    boolean isDead() {
        return dead;
    }

    /** Whether a call failed since this was asked last. */
    boolean takeFailed() {
        boolean was = failed;
        failed = false;
        return was;
    }

    /** Another way to the outside failed. */
    void failed() {
        failed = true;
    }

    /** The process is gone. */
    void die() {
        dead = true;
    }

    <T, X extends Exception> T toDisk(String what, Partly partly, Call<T, X> call) throws IOException, X {
        Fate fate = fate(what);
        if (fate == Fate.NORMAL && untilFailure > 0 && failureIn.matcher(what).find() && --untilFailure == 0) {
            fate = Fate.FAILS;
            world.coverage.saw(Event.DISK_CALL_FAILED);
            gateway.diskFailsIn(what);
        }
        return pass(what, fate, partly, call);
    }

    <T, X extends Exception> T toTables(String what, Partly partly, Call<T, X> call) throws IOException, X {
        T result = pass(what, fate(what), partly, call);
        world.trace.step(gateway + ": " + what + ": " + result);
        return result;
    }

    private Fate fate(String what) {
        if (untilDeath > 0 && deathIn.matcher(what).find() && --untilDeath == 0) {
            return world.faults.death();
        }
        return Fate.NORMAL;
    }

    private <T, X extends Exception> T pass(String what, Fate fate, Partly partly, Call<T, X> call)
            throws IOException, X {
        checkAlive();
        world.trace.detail(what);
        if (fate != Fate.NORMAL) {
            world.trace.step(gateway + " " + fate + " in " + what);
        }
        othersRun();
        if (fate == Fate.DIES_BEFORE) {
            throw death(what);
        }
        if (fate == Fate.DIES_DURING || fate == Fate.FAILS) {
            partly.prepare();
        }
        T result;
        try {
            result = call.run();
        } catch (Exception e) {
            failed = true;
            if (fate == Fate.DIES_DURING) {
                throw death(what);
            }
            throw e;
        }
        if (fate == Fate.DIES_DURING || fate == Fate.DIES_AFTER) {
            throw death(what);
        }
        gateway.did(what);
        othersRun();
        return result;
    }

    private Died death(String what) {
        dead = true;
        gateway.diesIn(what);
        return new Died();
    }

    private void checkAlive() {
        if (dead) {
            throw new Died();
        }
    }

    /** Others get their turn. */
    void othersRun() {
        if (depth < DEPTH_MAX && world.faults.interleaves()) {
            depth++;
            try {
                world.coverage.saw(Event.INTERLEAVED);
                world.actions().meanwhile(gateway);
            } finally {
                depth--;
            }
        }
        if (world.faults.slow()) {
            world.coverage.saw(Event.SLOW_CALL);
            world.clock.advance(Duration.ofMillis(world.random.nextInt(20_000)));
        }
        checkAlive();
    }
}
