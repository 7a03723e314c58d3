/**
 * What came out of a sweep: what each cell reached and when, how far seeds agree, which settings mattered and which did nothing.
 *
 * <pre>{@code
 * Inert.find(SweepResults.read(store, sweep));                    // settings that changed no number
 * }</pre>
 *
 * A time to an event stays an outcome until statistics that know censored observations have looked at it ({@code hooke.stats}).
 */
@org.jspecify.annotations.NullMarked
package hooke.sweep.measures;
