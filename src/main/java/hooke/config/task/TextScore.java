package hooke.config.task;

/**
 * What a loss over the tokens of a text says.
 *
 * @param nats their sum over all scored tokens
 * @param scored tokens that the loss is of
 * @param tokens of the whole text
 * @param characters of the whole text, code points
 * @param bytes of the whole text
 * @param tokenizer SHA-256 of its {@code tokenizer.json}
 */
public record TextScore(double nats, long scored, long tokens, long characters, long bytes, String tokenizer) {
    /** In the names of series. */
    public static final String NATS_PER_CHARACTER = "nats_per_character";

    public static final String BITS_PER_BYTE = "bits_per_byte";

    /** Of a test set, from its mean loss a token. */
    public static TextScore of(TextConfig text, double loss) {
        TextConfig.Facts facts = text.facts();
        return new TextScore(
                loss * facts.testTokens(),
                facts.testTokens(),
                facts.testTokens(),
                facts.testCharacters(),
                facts.testBytes(),
                facts.tokenizerSha256());
    }

    /** Share of the tokens that are scored. */
    public double coverage() {
        return (double) scored / tokens;
    }

    public TextLoss.NatsPerToken natsPerToken() {
        return new TextLoss.NatsPerToken(nats / scored, tokenizer);
    }

    /** Over all characters, whether or not their tokens are scored: honest at full coverage alone. */
    public TextLoss.NatsPerCharacter natsPerCharacter() {
        return new TextLoss.NatsPerCharacter(nats / characters);
    }

    /** Over all bytes, whether or not their tokens are scored: honest at full coverage alone. */
    public TextLoss.BitsPerByte bitsPerByte() {
        return new TextLoss.BitsPerByte(nats / bytes / Math.log(2));
    }
}
