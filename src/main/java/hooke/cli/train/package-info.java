/** Commands that begin an experiment, train it, and throw runs away. */
@org.jspecify.annotations.NullMarked
package hooke.cli.train;
