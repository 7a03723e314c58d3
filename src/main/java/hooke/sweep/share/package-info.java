/**
 * Finished runs on their way between stores, by a place that their machines share.
 *
 * <pre>{@code
 * try (Place place = Place.open("/mnt/lab/hooke")) {
 *     new SharedRuns(place, folder).send(store, run, Archive.Checkpoints.LAST);   // false where it is there already
 * }
 * }</pre>
 *
 * A run is known by the hash of its experiment, so that nothing is sent or brought twice, whoever does it and however often.
 */
@org.jspecify.annotations.NullMarked
package hooke.sweep.share;
