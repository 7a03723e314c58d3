package hooke.config.task;

import hooke.Check;

/** A loss on a text with the unit in which it is told. Only losses of one unit have a difference. */
public sealed interface TextLoss {
    double value();

    /** {@code bits/byte}. */
    String unit();

    /**
     * Natural logarithms a token. What a token is depends on the tokenizer, so that runs with different ones cannot be compared by it.
     *
     * @param tokenizer SHA-256 of its {@code tokenizer.json}
     */
    record NatsPerToken(double value, String tokenizer) implements TextLoss {
        @Override
        public String unit() {
            return "nats/token";
        }
    }

    /** Natural logarithms a character (code point). */
    record NatsPerCharacter(double value) implements TextLoss {
        @Override
        public String unit() {
            return "nats/character";
        }
    }

    /** Bits a byte of UTF-8. */
    record BitsPerByte(double value) implements TextLoss {
        @Override
        public String unit() {
            return "bits/byte";
        }
    }

    /** How much more it is than another; an {@link hooke.InputException} where their units differ. */
    default double minus(TextLoss other) {
        Check.that(
                unit().equals(other.unit()),
                "%s %s and %s %s cannot be compared: their units differ",
                value(),
                unit(),
                other.value(),
                other.unit());
        Check.that(
                !(this instanceof NatsPerToken mine && other instanceof NatsPerToken theirs)
                        || mine.tokenizer().equals(theirs.tokenizer()),
                ByToken.DIFFERS);
        return value() - other.value();
    }
}
