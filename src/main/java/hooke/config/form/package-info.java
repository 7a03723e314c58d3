/**
 * How records are written in files and read from them, whichever records they are: the tree of a YAML file with the line of each value,
 * what a value must look like, keys and kinds in words, canonical text.
 *
 * <pre>{@code
 * Tree tree = Tree.parse("{d_model: 128, n_heads: 4}", "mine.yaml");
 * String hashed = Canonical.json(Canonical.map(config));   // the same for equal records, in whatever order a file had them
 * }</pre>
 *
 * A {@link hooke.config.form.Form} is a kind of file: experiments, sweeps and interventions are one each, all read by the {@link
 * hooke.config.form.Binder}. Annotations on record components say how they are written ({@link hooke.config.form.Bare}, {@link
 * hooke.config.form.Zero}, {@link hooke.config.form.Spread}) and whether they belong to a run's identity ({@link hooke.config.form.Since},
 * {@link hooke.config.form.Descriptive}). What cannot be bound, since its keys are another form's paths (the cells of a sweep) or another
 * program's (W&amp;B's sweeps), is read with {@link hooke.config.form.Values}, whose sentences are the binder's.
 */
@org.jspecify.annotations.NullMarked
package hooke.config.form;
