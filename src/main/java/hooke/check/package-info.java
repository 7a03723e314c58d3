/**
 * This build against numbers recorded from PyTorch and its friends, against itself, and against the clock.
 *
 * <pre>{@code
 * List<Finding> findings = Verify.folder(Path.of("golden/modmul113")).findings();
 * findings.forEach(f -> System.out.println(f.quantity() + " " + f.error() + " of " + f.allowed()));
 * }</pre>
 *
 * This room may use all others but {@code view} and {@code cli}.
 */
@org.jspecify.annotations.NullMarked
package hooke.check;
