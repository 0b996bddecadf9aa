package io.mooring.simulation.check;

import io.mooring.simulation.fault.Faults;
import io.mooring.simulation.time.Agenda;
import io.mooring.simulation.time.Dice;
import io.mooring.simulation.time.Trace;

/** What every part of a model has: time, chance, faults, and where findings and happenings are noted. */
public record Surroundings(Agenda agenda, Dice dice, Faults faults, Findings findings, Trace trace) {}
