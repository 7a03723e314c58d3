package hooke.fused.decode;

/**
 * Tokens with which a sequence goes on.
 *
 * @param logits where those behind the last so many of them go, [wanted][d_vocab]
 */
record Stretch(KeyValues sequence, int[] tokens, float[][] logits) {}
