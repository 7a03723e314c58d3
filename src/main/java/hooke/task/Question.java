package hooke.task;

/** What a person asked, as tokens. */
public sealed interface Question {
    /** The tokens that the model reads. */
    int[] tokens();

    /** Answered in one pass, at these positions. */
    record AtOnce(int[] tokens, int[] positions) implements Question {}

    /**
     * Answered token by token, each read with those before it.
     *
     * @param most tokens of an answer
     * @param end the token that ends it before; -1 for none
     */
    record Continued(int[] tokens, int most, int end) implements Question {}
}
