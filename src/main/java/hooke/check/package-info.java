/**
 * This build against numbers recorded from PyTorch and its friends, against itself, and against the clock.
 *
 * <pre>{@code
 * List<Finding> findings = Verify.folder(Path.of("golden/modmul113")).findings();
 * findings.forEach(f -> System.out.println(f.quantity() + " " + f.error() + " of " + f.allowed()));
 * }</pre>
 *
 * A check knows nothing of the commands that ask for it. This room uses {@code config}, {@code reach}, {@code tensor}, {@code stats},
 * {@code text}, {@code task}, {@code hook}, {@code model}, {@code store}, {@code train}, {@code fused}, {@code sweep}, {@code lens} and
 * {@code interop}.
 */
@org.jspecify.annotations.NullMarked
package hooke.check;
