/**
 * Files of other programs: PyTorch's {@code .pth} read and written, the names that TransformerLens and nanoGPT give to weights, and the
 * checkpoint of the modular multiplication card as a run of the store.
 *
 * <pre>{@code
 * try (Arena arena = Arena.ofConfined()) {
 *     Value value = Pth.read(Path.of("weights.pth"), arena);
 *     new Located("weights.pth", value).tensors().keySet().forEach(System.out::println);
 * }
 * }</pre>
 *
 * A pickle is a program for a stack machine, and Python's own would run whatever it names. Here its names stay words: what comes out is
 * inert {@link hooke.interop.Value}s, made from a list of allowed classes, in memory that the file's size bounds. This room uses
 * {@code config}, {@code tensor}, {@code model} and {@code store}, and for runs that others trained {@code task} and {@code train}.
 */
@org.jspecify.annotations.NullMarked
package hooke.interop;
