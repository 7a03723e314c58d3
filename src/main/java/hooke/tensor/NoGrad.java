package hooke.tensor;

import org.bytedeco.pytorch.NoGradGuard;

/** A block in which no operation is recorded for a backward pass. */
public final class NoGrad implements AutoCloseable {
    private final NoGradGuard guard;

    public NoGrad() {
        Libtorch.load();
        guard = new NoGradGuard();
    }

    @Override
    public void close() {
        guard.close();
    }
}
