package hooke.train;

/**
 * How well a model does on a set.
 *
 * @param loss mean cross-entropy in nats over examples and answer positions
 * @param accuracy share of answers that are right, position by position
 */
public record Measure(double loss, double accuracy) {}
