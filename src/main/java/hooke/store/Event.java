package hooke.store;

/**
 * Something that happened once, at a step.
 *
 * @param kind one word, like {@code grokked}
 * @param detail JSON
 */
public record Event(long step, String kind, String detail) {}
