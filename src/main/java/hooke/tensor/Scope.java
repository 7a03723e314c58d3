package hooke.tensor;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A lifetime as a block: every tensor that its thread makes while it is the innermost open scope is freed when it closes. Scopes nest,
 * and close in the reverse order of opening, each once, on the thread that opened it; anything else is an {@link IllegalStateException}.
 */
public final class Scope implements AutoCloseable {
    /** The open scopes of each thread. A value of the thread, not of the program: tensors find their owner by it. */
    private static final ThreadLocal<Deque<Scope>> OPEN = ThreadLocal.withInitial(ArrayDeque::new);

    private final Thread thread = Thread.currentThread();
    private final ArrayList<Tensor> tensors = new ArrayList<>();
    private final List<Runnable> held = new ArrayList<>();
    private boolean open = true;

    public Scope() {
        Libtorch.load();
        OPEN.get().push(this);
    }

    /** The innermost scope that this thread has open. */
    public static Scope innermost() {
        Scope scope = OPEN.get().peek();
        if (scope == null) {
            throw new IllegalStateException(
                    "no scope is open on this thread: make tensors inside `try (var scope = new Scope()) { ... }`");
        }
        return scope;
    }

    void own(Tensor tensor) {
        check();
        tensor.slot = tensors.size();
        tensors.add(tensor);
    }

    void disown(Tensor tensor) {
        check();
        Tensor last = tensors.removeLast();
        if (last != tensor) {
            tensors.set(tensor.slot, last);
            last.slot = tensor.slot;
        }
    }

    /** Has something done when this scope closes, after its tensors are freed. */
    void hold(Runnable free) {
        check();
        held.add(free);
    }

    /** Throws unless this scope is open and this is its thread. */
    void check() {
        if (!open) {
            throw new IllegalStateException("this tensor was freed when its scope was closed");
        }
        if (!Thread.currentThread().equals(thread)) {
            throw new IllegalStateException("this tensor belongs to thread '" + thread.getName()
                    + "', and was used on '" + Thread.currentThread().getName() + "'");
        }
    }

    /** Number of tensors that this scope would free now. */
    public int size() {
        return tensors.size();
    }

    @Override
    public void close() {
        if (!open) {
            throw new IllegalStateException("this scope is closed already");
        }
        check();
        @Nullable Scope innermost = OPEN.get().peek();
        if (innermost != this) {
            throw new IllegalStateException(
                    "a scope that was opened later is still open: close scopes in reverse order");
        }
        OPEN.get().pop();
        open = false;
        for (int i = tensors.size() - 1; i >= 0; i--) {
            tensors.get(i).free();
        }
        tensors.clear();
        held.forEach(Runnable::run);
    }
}
