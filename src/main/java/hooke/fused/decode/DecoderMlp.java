package hooke.fused.decode;

import hooke.config.ModelConfig;
import hooke.fused.context.Activated;
import hooke.fused.kernels.Kernel;
import hooke.fused.kernels.Mat;

/** The MLPs of a model on a step's rows, {@code act(x W_in + b_in) W_out}, or gated, {@code ((x W_in + b_in) act(x W_gate)) W_out}. */
final class DecoderMlp {
    private final SharedWork work;
    private final Activated activated;
    private final Mat neurons;
    private final Mat gates;
    private final float[] noBias;
    /** Of each thread, the activation's derivative, which nobody reads here. */
    private final float[][] slopes;

    /** @param rows at most */
    DecoderMlp(ModelConfig model, SharedWork work, int threads, int rows, Kernel kernel) {
        this.work = work;
        this.activated = new Activated(model.actFn(), kernel);
        int width = PackedMatrix.wide(model.dMlp());
        this.neurons = Mat.zeros(rows, width);
        this.gates = Mat.zeros(model.gatedMlp() ? rows : 0, width);
        this.noBias = new float[width];
        this.slopes = new float[threads][width];
    }

    /** Adds to the rows of y what an MLP makes of those of x, less b_out. */
    void add(DecoderWeights.Mlp mlp, Mat x, int rows, Mat y) {
        work.share(mlp.W_in().panels(), (thread, from, to) -> activate(mlp, thread, x, rows, from, to));
        work.product(mlp.W_out(), neurons, rows, y, true);
    }

    /** The neurons of some panels, by the thread that has multiplied them. */
    private void activate(DecoderWeights.Mlp mlp, int thread, Mat x, int rows, int from, int to) {
        int column = from * PackedMatrix.PANEL;
        int width = to * PackedMatrix.PANEL - column;
        mlp.W_in().times(work.hand(thread), x, rows, neurons, from, to, false);
        if (mlp.W_gate() == null) {
            activate(neurons, mlp.b_in(), thread, rows, column, width);
            return;
        }
        mlp.W_gate().times(work.hand(thread), x, rows, gates, from, to, false);
        activate(gates, noBias, thread, rows, column, width);
        for (int row = 0; row < rows; row++) {
            for (int i = column; i < column + width; i++) {
                float opened = neurons.array()[neurons.row(row) + i] + mlp.b_in()[i];
                neurons.array()[neurons.row(row) + i] = opened * gates.array()[gates.row(row) + i];
            }
        }
    }

    private void activate(Mat x, float[] bias, int thread, int rows, int column, int width) {
        for (int row = 0; row < rows; row++) {
            activated.apply(x.array(), x.row(row) + column, slopes[thread], 0, x.stride(), 1, bias, column, width);
        }
    }
}
