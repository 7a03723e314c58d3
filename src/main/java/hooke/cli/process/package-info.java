/** This program as a process: its version and origin, how it is interrupted, and how to start it once more. */
@org.jspecify.annotations.NullMarked
package hooke.cli.process;
