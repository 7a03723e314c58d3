/**
 * How records are written in files and read from them, whichever records they are: the tree of a YAML file with the line of each value, what
 * a value must look like, keys and kinds in words, canonical text.
 *
 * <pre>{@code
 * Tree tree = TreeReader.read("{d_model: 128, n_heads: 4}", "mine.yaml");
 * String hashed = Canonical.json(Canonical.map(config));   // the same for equal records, in whatever order a file had them
 * }</pre>
 *
 * Annotations on record components say how they are written ({@link hooke.config.form.Bare}, {@link hooke.config.form.Zero}) and whether they
 * belong to a run's identity ({@link hooke.config.form.Since}, {@link hooke.config.form.Descriptive}).
 */
@org.jspecify.annotations.NullMarked
package hooke.config.form;
