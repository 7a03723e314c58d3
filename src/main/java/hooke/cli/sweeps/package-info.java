/** Commands that run sweeps and tabulate them. */
@org.jspecify.annotations.NullMarked
package hooke.cli.sweeps;
