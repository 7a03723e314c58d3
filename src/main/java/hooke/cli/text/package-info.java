/** Commands for tokenizers on their own, without a run. */
@org.jspecify.annotations.NullMarked
package hooke.cli.text;
