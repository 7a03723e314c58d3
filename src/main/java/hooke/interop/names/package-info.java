/**
 * What other programs call the weights of a model, and which model a file of them is.
 *
 * <pre>{@code
 * try (Arena arena = Arena.ofConfined()) {
 *     Map<String, RawTensor> weights = WeightsFile.read(Path.of("weights.pth"), experiment.model(), arena); // by our names
 * }
 * }</pre>
 *
 * {@link hooke.interop.names.Names} translates between two vocabularies; {@link hooke.interop.names.UnknownModel} asks the shapes and the
 * settings that lie beside the weights what nobody said.
 */
@org.jspecify.annotations.NullMarked
package hooke.interop.names;
