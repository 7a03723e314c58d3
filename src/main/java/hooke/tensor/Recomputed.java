package hooke.tensor;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.TensorBase;
import org.bytedeco.pytorch.TensorTensorHook;

/**
 * Functions of tensors that keep nothing of what they compute on the way for the backward pass: it is computed a second time there
 * (gradient checkpointing, Chen et al. 2016, arXiv 1604.06174). Memory for time: what is large within a function exists for one of them
 * at a time. The backward pass must come before the scope closes that is innermost where a function is applied.
 */
public final class Recomputed {
    /** Gradients that libtorch has taken over, to be freed. */
    private final List<TensorBase> spent = new ArrayList<>();

    public Recomputed() {
        Scope.innermost().hold(this::free);
    }

    private void free() {
        spent.forEach(TensorBase::close);
        spent.clear();
    }

    /** The function's value. Where no input asks for a gradient it is computed as ever, since what else it reads may ask for one. */
    public Tensor of(Function<List<Tensor>, Tensor> function, List<Tensor> inputs) {
        if (!NoGrad.recording()
                || inputs.stream().noneMatch(input -> input.handle().requires_grad())) {
            return function.apply(inputs);
        }
        Scope outer = Scope.innermost();
        Tensor value;
        try (var _ = new Scope();
                var _ = new NoGrad()) {
            value = function.apply(inputs).keepIn(outer);
        }
        // Nothing connects the value to its inputs but one number of each, times 0. The gradients that flow through are
        // replaced: the
        // value's comes first, of which those of the inputs are computed, and then each of theirs, which is 0.
        TensorBase[] gradients = new TensorBase[inputs.size()];
        Tensor linked = value;
        for (int i = 0; i < inputs.size(); i++) {
            Tensor input = inputs.get(i);
            if (input.handle().requires_grad()) {
                Tensor link = input.view(input.shape());
                int number = i;
                hook(outer, link, _ -> {
                    spent.add(gradients[number]);
                    return gradients[number];
                });
                linked = linked.plus(
                        link.reshape(link.numel()).narrow(0, 0, 1).times(0).sum());
            }
        }
        hook(outer, linked, gradient -> {
            backward(function, inputs, gradient, gradients);
            return gradient;
        });
        return linked;
    }

    private void backward(
            Function<List<Tensor>, Tensor> function, List<Tensor> inputs, TensorBase gradient, TensorBase[] gradients) {
        free();
        try (var _ = new Scope();
                var _ = new AutoGradMode(true)) {
            List<Tensor> leaves = new ArrayList<>();
            for (Tensor input : inputs) {
                Tensor leaf = input.detach();
                leaves.add(input.handle().requires_grad() ? leaf.requireGrad() : leaf);
            }
            Tensor again = function.apply(leaves);
            Tensor upstream = Tensor.own(new org.bytedeco.pytorch.Tensor(gradient));
            again.times(upstream).sum().backward();
            for (int i = 0; i < gradients.length; i++) {
                if (inputs.get(i).handle().requires_grad()) {
                    // One of its own: the leaf's is a part of the leaf.
                    gradients[i] = new org.bytedeco.pytorch.Tensor(
                            leaves.get(i).handle().grad());
                }
            }
        }
    }

    /** @param scope that holds what is called: libtorch knows it without keeping it */
    private void hook(Scope scope, Tensor tensor, UnaryOperator<TensorBase> action) {
        var hook = new Hook(action);
        scope.hold(hook::close);
        tensor.handle().register_hook(hook);
    }

    /** Called by libtorch when a gradient is there; what it returns stands in for it. */
    private final class Hook extends TensorTensorHook {
        private final UnaryOperator<TensorBase> action;

        Hook(UnaryOperator<TensorBase> action) {
            this.action = action;
        }

        @Override
        public TensorBase call(TensorBase gradient) {
            TensorBase instead = action.apply(gradient);
            spent.add(gradient); // A handle of its own, which may be what is returned: libtorch takes that over behind
            // this call.
            return instead;
        }
    }
}
