/**
 * The command line: one class a command. {@link hooke.cli.Main} puts them together, and is the one place where errors turn into
 * sentences and exit statuses.
 *
 * <pre>{@code
 * $ ./hooke explain modmul-113 --set train.steps=100
 * }</pre>
 *
 * A command reads its arguments, asks other rooms to do the work, and prints through its {@link hooke.cli.Terminal}; no other room
 * prints or exits. It may use every room.
 */
@org.jspecify.annotations.NullMarked
package hooke.cli;
