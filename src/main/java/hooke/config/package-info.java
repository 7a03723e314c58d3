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
 * A new variant is a record inside its interface, and its keys in {@code defaults.yaml}. Tasks have a chamber of their own, {@code task};
 * how any record is written and read lies in {@code form}. This room uses {@code text}.
 *
 * <p>Two things are written by hand that libraries also do. Canonical text: its bytes are hashed into the names of runs, and its
 * numbers and quotes are those of the YAML beside it, which a JSON library would write in its own way. The JSON Schema: generators give
 * every type one description and one list of keys, while here both hang on the place ({@code defaults.yaml} describes each norm where it
 * stands), and what is required on whether a file extends another; which would come back as callbacks.
 */
@org.jspecify.annotations.NullMarked
package hooke.config;
