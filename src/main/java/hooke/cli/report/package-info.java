/** Pages and pictures of runs and sweeps, for the commands that write them. */
@org.jspecify.annotations.NullMarked
package hooke.cli.report;
