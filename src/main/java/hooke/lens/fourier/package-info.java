/**
 * What a network that learned a group does inside: spectra, neuron clusters, restricted and excluded loss, at every checkpoint.
 *
 * <pre>{@code
 * Dissection dissection = Dissection.of(experiment);                      // refuses tasks that are no group
 * Snapshot snapshot = dissection.look(step, model, new Dissection.Keys.Found(), false);
 * snapshot.clusters().orElseThrow().keyFrequencies();                      // [17, 25, 32, 47]
 * snapshot.losses(ProgressLosses.Definition.LOGITS).orElseThrow().restricted();           // nats
 * }</pre>
 *
 * The key idea: modular arithmetic and permutations are both a group, {@code x y = z}, so both are measured by one code. A
 * {@link hooke.lens.group.Group} brings its {@link hooke.lens.group.Irrep}s (for a cyclic group these are the frequencies), a
 * {@link hooke.lens.group.TaskGroup} says which token, class and pair each element is: residues for + and -, discrete logarithms for
 * x and /. What a measure needs of all pairs are means over x, y, x y and x y^-1. Definitions: docs/measures.md.
 */
@org.jspecify.annotations.NullMarked
package hooke.lens.fourier;
