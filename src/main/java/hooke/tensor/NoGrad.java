package hooke.tensor;

import org.bytedeco.pytorch.GradMode;
import org.bytedeco.pytorch.NoGradGuard;

/** A block in which no operation is recorded for a backward pass. */
public final class NoGrad implements AutoCloseable {
    private final NoGradGuard guard;

    public NoGrad() {
        Libtorch.load();
        guard = new NoGradGuard();
    }

    /** Whether operations of this thread are recorded for a backward pass now. */
    public static boolean recording() {
        Libtorch.load();
        return GradMode.is_enabled();
    }

    @Override
    public void close() {
        guard.close();
    }
}
