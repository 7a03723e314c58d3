/**
 * Runs that other programs trained, as runs of the store, and runs of ours in the files of others.
 *
 * <pre>{@code
 * RunExport.weights(reader, checkpoint, RunExport.Form.TRANSFORMER_LENS, Path.of("quick-grok.pth"));
 * }</pre>
 *
 * Two chambers below: {@code pickle} is the form of such files, {@code names} what TransformerLens, nanoGPT and others call the weights in
 * them. This room uses {@code config}, {@code tensor}, {@code model} and {@code store}, and for runs that others trained {@code task}
 * and {@code train}.
 */
@org.jspecify.annotations.NullMarked
package hooke.interop;
