/**
 * Every record an experiment is made of. An {@link hooke.config.Experiment} is complete and immutable: all defaults are filled in and
 * all rules checked before any tensor exists.
 *
 * <pre>{@code
 * Experiment experiment = Experiments.read(Path.of("experiments/modmul-113.yaml"), List.of("train.steps=100"));
 * experiment.model().dModel();   // 128, whether written in the file or derived
 * }</pre>
 *
 * Variants are sealed interfaces with records inside, tagged {@code kind} in the file. A new key is a record component with its rule
 * in the constructor, and a line in {@code defaults.yaml}: reading, canonical text, hash, template and JSON Schema follow from the two.
 * A new variant is a record inside its interface, and its keys in {@code defaults.yaml}. This room uses no other.
 */
@org.jspecify.annotations.NullMarked
package hooke.config;
