/**
 * The study of a model that copies a list through a bottleneck: is the bottleneck the only way, and what does it carry?
 *
 * <pre>{@code
 * ListCopyStudy study = ListCopyStudy.of(opened);
 * double leak = study.gradientLeak();                                     // of the outputs to the inputs, around the separator
 * }</pre>
 */
@org.jspecify.annotations.NullMarked
package hooke.lens.listcopy;
