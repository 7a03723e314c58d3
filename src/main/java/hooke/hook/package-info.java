/**
 * Where a model can be looked into, and what to do there.
 *
 * <pre>{@code
 * var seen = new Cache(PATTERN.at(0), RESID_POST.at(1));
 * model.forward(tokens, Hooks.read(seen).replace(Z.at(1), z -> z.times(0)));
 * seen.get(PATTERN.at(0));   // [batch, head, query, key]
 * }</pre>
 *
 * Hooks are an argument of the forward pass, never state of the model: nothing can leak, and nothing survives an exception. This room
 * uses {@code tensor}.
 */
@org.jspecify.annotations.NullMarked
package hooke.hook;
