/**
 * The whole path from an append to a committed row, moved by one seed: the real log on a simulated disk, the real streams
 * and committers on simulated tables, with whatever can go wrong in between. {@link io.headgate.simulation.Simulation} is
 * the loop, {@link io.headgate.simulation.Ledger} and {@link io.headgate.simulation.Landings} say what must hold.
 */
@NullMarked
package io.headgate.simulation;

import org.jspecify.annotations.NullMarked;
