/** What stands on a command line: experiments, runs, sweeps, and files to write. */
@org.jspecify.annotations.NullMarked
package hooke.cli.arguments;
