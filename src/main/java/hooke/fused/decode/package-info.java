/**
 * Generation on processors: a transformer applied to one position after another, with the keys and values of those before kept.
 *
 * <pre>{@code
 * try (var decoder = new Decoder(config, weights, Storage.FLOAT32, 2, Kernel.best())) {
 *     var generation = new Generation(decoder, Sampling.GREEDY, OptionalInt.of('$'));
 *     List<Generation.Answer> answers = generation.continued(prompts, 260, 0, (sequence, token) -> {});
 * }
 * }</pre>
 *
 * The idea: every number of a row is a sum over the row's own numbers in an order that does not depend on what is computed beside it, so that a
 * sequence has the same bytes alone and in a batch, and with its keys and values kept or computed anew.
 */
@org.jspecify.annotations.NullMarked
package hooke.fused.decode;
