package hooke.store;

import java.time.OffsetDateTime;

/**
 * A sweep that was asked for.
 *
 * @param text YAML that needs no other file
 * @param at when it was last asked for
 * @param runs that belong to it, whether they are there or not
 * @param done of these
 */
public record StoredSweep(String name, String text, OffsetDateTime at, long runs, long done) {}
