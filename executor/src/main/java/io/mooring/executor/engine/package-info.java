/** The conductor: one thread that turns events into decisions, journal lines and effects, in that order. */
package io.mooring.executor.engine;
