/**
 * Looking into a trained model: what it attends to, what happens without a part of it, where its answer is and who writes it, at any
 * checkpoint.
 *
 * <pre>{@code
 * try (var scope = new Scope()) {
 *     var opened = OpenedModel.of(store.read(run), checkpoint);
 *     Examples test = Examples.test(opened);
 *     var without = new Intervention.Mean(Point.Z.at(1), Part.head(0));
 *     Score score = Intervened.of(opened, List.of(without), test).score(test);
 * }
 * }</pre>
 *
 * An {@link hooke.lens.Intervention} is data, and every analysis is a record of numbers with their n. Nothing here draws or prints. This
 * room uses {@code config}, {@code tensor}, {@code stats}, {@code task}, {@code hook}, {@code model} and {@code store}.
 */
@org.jspecify.annotations.NullMarked
package hooke.lens;
