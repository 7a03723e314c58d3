/**
 * PyTorch's {@code .pth} files, read and written.
 *
 * <pre>{@code
 * try (Arena arena = Arena.ofConfined()) {
 *     Value value = Pth.read(Path.of("weights.pth"), arena);
 *     new Located("weights.pth", value).tensors().keySet().forEach(System.out::println);
 * }
 * }</pre>
 *
 * A pickle is a program for a stack machine, and Python's own would run whatever it names. Here its names stay words: what comes out is
 * inert {@link hooke.interop.pickle.Value}s, made from a list of allowed classes, in memory that the file's size bounds.
 */
@org.jspecify.annotations.NullMarked
package hooke.interop.pickle;
