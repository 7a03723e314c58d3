/**
 * Looking into a trained model at any checkpoint: what every analysis is given, and how well a model answers.
 *
 * <pre>{@code
 * try (var scope = new Scope()) {
 *     var opened = OpenedModel.of(store.read(run), checkpoint);
 *     Examples test = Examples.test(opened);
 *     var without = new Intervention.Mean(Point.Z.at(1), Intervention.Part.head(0));
 *     Score score = Intervened.of(opened, List.of(without), test).score(test);
 * }
 * }</pre>
 *
 * Every analysis is a record of numbers with their n. Nothing here draws or prints. The chambers: {@code intervene} (what happens without a
 * part, or with another example's), {@code attention} (where it looks), {@code logits} (where the answer is, and who writes it), {@code
 * weights} (what heads and MLPs can do, read off the weights alone), {@code probe} (what can be read off linearly), {@code group} and
 * {@code fourier} (how it calculates), {@code listcopy} (the study of the list-copying model, put together from these), {@code life} (how well Life is
 * played) and {@code text} (what is made of a text, token by token). This room uses
 * {@code config}, {@code tensor}, {@code stats}, {@code task}, {@code hook}, {@code model} and {@code store}.
 */
@org.jspecify.annotations.NullMarked
package hooke.lens;
