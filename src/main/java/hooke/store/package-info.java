/**
 * Runs on the disk: settings, every point of every series, events, checkpoints and provenance.
 *
 * <pre>{@code
 * try (Store store = Store.open(Path.of("runs")); RunWriter run = store.claim(experiment, provenance)) {
 *     RunWriter.Start start = run.begin();                        // at step 0, or where a killed process left off
 *     run.log(1, "train_loss", 4.7);
 *     run.checkpoint(1, weights, optimizerState);
 *     run.finish("{\"kind\": \"censored\", \"at\": 1}", OffsetDateTime.now());
 *     double[] losses = store.read(run.run()).series("train_loss").values();
 * }
 * }</pre>
 *
 * A checkpoint settles everything up to its step: a crash at any moment loses at most what came after it, and going on replaces that.
 * What was flushed when leaves no trace in a run that is done: its tables are the same, however often it was killed. Whoever holds the
 * operating system's lock on a run's folder trains it; the kernel frees it.
 *
 * <p>The chambers: {@code sqlite} (the database file), {@code files} (what lies beside it), {@code series} (numbers by step) and {@code
 * archive} (runs on their way to another store). This room uses {@code config} and {@code tensor}.
 */
@org.jspecify.annotations.NullMarked
package hooke.store;
