/**
 * Honest statistics of few seeds: times to an event that may never have come, and samples of plain numbers.
 *
 * <pre>{@code
 * var found = List.of(new TimeToEvent.Reached(2470, 2460), new TimeToEvent.Reached(2980, 2970), new TimeToEvent.Censored(7500));
 * Times steps = Times.of(found, "steps");
 * KaplanMeier curve = steps.kaplanMeier(0.95);
 * System.out.println(curve.median().text());   // 2,980 [2,470, not reached] steps, n = 3, 95% Kaplan-Meier median, ...
 * LogRank test = LogRank.of(List.of(steps, others));
 * }</pre>
 *
 * The key idea: a figure leaves this room as an {@link hooke.stats.Estimate} with its n, its interval, its unit and the name of the
 * interval, and what is censored has no mean. Everything else is plain {@code double}. This room uses no other.
 */
@org.jspecify.annotations.NullMarked
package hooke.stats;
