/**
 * The command line: one class a command, in chambers by what commands are about. {@link hooke.cli.Main} puts them together, and is the
 * one place where errors turn into sentences and exit statuses.
 *
 * <pre>{@code
 * $ ./hooke explain modmul-113 --set train.steps=100
 * }</pre>
 *
 * A command reads its arguments, asks other rooms to do the work, and prints through its {@link hooke.cli.terminal.Terminal}; no other room
 * prints or exits. This room may use every other.
 *
 * <p>Progress is a line of our own: the bar in it is one expression, and what surrounds it (rates, measures, what a narrow terminal leaves
 * out, plain lines where there is none) a library of progress bars leaves to its user.
 */
@org.jspecify.annotations.NullMarked
package hooke.cli;
