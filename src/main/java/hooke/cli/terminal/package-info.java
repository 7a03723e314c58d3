/** What a command writes on: the terminal, tables of text, CSV, JSON, and what its end says to the shell. */
@org.jspecify.annotations.NullMarked
package hooke.cli.terminal;
