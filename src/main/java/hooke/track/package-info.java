/**
 * Runs as other programs follow them: a log of JSON lines while a run trains, and exports of stored runs for trackers.
 *
 * <pre>{@code
 * TrackedRun tracked = TrackedRun.of(reader, "capacity-small", OffsetDateTime.now());
 * EventFile.write(tracked, folder);
 * new MlflowExport(MlflowServer.at("http://127.0.0.1:5000", "")).send(tracked);
 * new WandbExport("python3").write(tracked, folder);
 * }</pre>
 *
 * The store is the record; a tracker gets a copy of it whenever it is there to take one. So a tracker that is down holds up no training,
 * and an export that failed is repeated: what has arrived stays, what is missing is added. The
 * chambers {@code tensorboard}, {@code mlflow} and {@code wandb} are a tracker each. This room uses {@code config}, {@code store} and {@code
 * train}.
 */
@org.jspecify.annotations.NullMarked
package hooke.track;
