/**
 * What is to be learned: examples as tokens, the classes to tell apart, which examples are for training, in which order they come, and
 * words for people.
 *
 * <pre>{@code
 * FiniteTask task = FiniteTask.of(experiment.task());
 * Split split = Split.of(experiment);
 * task.tokens(split.train()[0]);   // [7, 16, 113]
 * }</pre>
 *
 * Data are plain Java arrays, so that every engine reads the same. This room uses {@code config}, {@code tensor} and {@code text}.
 */
@org.jspecify.annotations.NullMarked
package hooke.task;
