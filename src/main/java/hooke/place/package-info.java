/**
 * A place that many machines share: a folder that all of them mount, or a bucket of an S3-compatible store.
 *
 * <pre>{@code
 * try (Place place = Place.make("s3://lab/hooke")) {                      // or a folder: "/mnt/lab/hooke"
 *     Item item = place.put(Path.of("archive.zip"));                      // goes on where a killed upload stopped
 *     place.refer("finished/modmul-113", List.of(item));                  // seen by all at once, or not at all
 *     place.get(place.find("finished/modmul-113").getFirst(), Path.of("copy.zip"));
 * }
 * }</pre>
 *
 * Bytes lie under their SHA-256, so that they are never changed, never stored twice, and checked whenever they are read. The only things
 * that change are references, small objects that name some of them and are replaced as a whole. Whoever is killed leaves at most bytes that
 * nothing refers to, which {@link hooke.place.Place#tidy} removes once they are old. Faults that may pass are tried again for some
 * seconds; what remains is one sentence. This room uses no other.
 */
@org.jspecify.annotations.NullMarked
package hooke.place;
