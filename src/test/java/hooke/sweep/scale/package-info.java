/** Sweeps on machines that nobody here has, simulated event by event from what was measured on those that are here. */
package hooke.sweep.scale;
