/**
 * What becomes of the answers when a part of a model is replaced.
 *
 * <pre>{@code
 * Patching patching = Patching.of(opened, Pairs.of(examples, 0));
 * double[][] back = patching.byHead(Point.Z).values();                    // share of the right answer that each head brings back
 * }</pre>
 *
 * An {@link hooke.lens.intervene.Intervention} is data (from Java, or from an {@link hooke.lens.intervene.InterventionFile}), and {@link
 * hooke.lens.intervene.Intervened} a model with some of them in force. Ablations and patching are made of it.
 */
@org.jspecify.annotations.NullMarked
package hooke.lens.intervene;
