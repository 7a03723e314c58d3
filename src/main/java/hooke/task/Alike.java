package hooke.task;

/**
 * Examples of one form, which an analysis can lay side by side: of one length, answered at the same positions.
 *
 * @param task those examples, numbered anew
 * @param split which of them were trained on
 * @param which in words: {@code those of 7 + 3 tokens}; empty where all of the task's are of one form
 */
public record Alike(FiniteTask task, Split split, String which) {}
