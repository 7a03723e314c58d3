/** Commands that check and measure the program itself. */
@org.jspecify.annotations.NullMarked
package hooke.cli.verify;
