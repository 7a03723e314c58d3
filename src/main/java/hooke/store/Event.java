package hooke.store;

import hooke.config.EventKind;

/**
 * Something that happened once, at a step.
 *
 * @param kind one word, like {@code grokked}
 * @param detail JSON
 */
public record Event(long step, String kind, String detail) {
    /** Whether it is of this kind. */
    public boolean is(EventKind one) {
        return type() == one;
    }

    public EventKind type() {
        return EventKind.of(kind);
    }
}
