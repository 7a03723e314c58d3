/**
 * What a run is trained on, as an experiment says it: one record for each kind of task, and what is known of its files before any tensor
 * exists: their rows, sizes and sums.
 *
 * <pre>{@code
 * if (experiment.task() instanceof TextConfig titles) {
 *     titles.facts().fileSha256();   // of the file that the experiment was made with
 * }
 * }</pre>
 *
 * A task of one's own is a record of {@link hooke.config.task.TaskConfig}, or, from Java, an {@link hooke.config.task.OwnConfig}. How a task makes
 * batches is not said here, but in {@code hooke.task}.
 */
@org.jspecify.annotations.NullMarked
package hooke.config.task;
