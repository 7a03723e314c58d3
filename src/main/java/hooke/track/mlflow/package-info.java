/**
 * Runs on an MLflow server, by its REST API of version 2.0.
 *
 * <pre>{@code
 * var server = MlflowServer.at("http://127.0.0.1:5000", "");
 * String page = new MlflowExport(server).send(tracked).page();
 * }</pre>
 *
 * Nothing is remembered on this side: an export asks the server what is there, and adds what is missing.
 */
@org.jspecify.annotations.NullMarked
package hooke.track.mlflow;
