package hooke.fused.updates;

import hooke.config.OptimizerConfig;
import hooke.config.Parameter;
import hooke.fused.kernels.FlatWeights;
import hooke.fused.kernels.Gemm;
import hooke.fused.kernels.Kernel;
import hooke.fused.kernels.Mat;
import hooke.fused.kernels.Products;
import java.util.function.IntUnaryOperator;

/**
 * {@link OptimizerConfig.Muon} on one matrix.
 *
 * @param places where each of its numbers lies, in TransformerLens' order
 */
record FlatMuon(OptimizerConfig.Muon config, Parameter parameter, IntUnaryOperator places, Kernel kernel) {
    /** Changes the matrix, whose shorter side becomes the rows. */
    void apply(double factor, boolean decays, float[] w, float[] g, float[] momentum) {
        int outputs = parameter.outputs();
        boolean tall = parameter.inputs() > outputs;
        int rows = Math.min(parameter.inputs(), outputs);
        int columns = Math.max(parameter.inputs(), outputs);
        Mat matrix = Mat.zeros(rows, FlatWeights.wide(columns));
        int stride = matrix.stride();
        float[] x = matrix.array();
        float beta = (float) config.momentum();
        float rest = (float) (1 - config.momentum());
        int size = rows * columns;
        for (int number = 0; number < size; number++) {
            int at = places.applyAsInt(number);
            float m = FlatRule.flushed(momentum[at] + rest * (g[at] - momentum[at]));
            momentum[at] = m;
            x[place(number, outputs, tall, stride)] = config.nesterov() ? g[at] + beta * (m - g[at]) : m;
        }
        orthogonalise(matrix, rows, columns);
        double lr = config.lr() * factor;
        float keep = decays ? (float) (1 - lr * config.weightDecay()) : 1;
        float step = (float) (lr * Math.sqrt(Math.max(1, (double) outputs / parameter.inputs())));
        for (int number = 0; number < size; number++) {
            int at = places.applyAsInt(number);
            w[at] = FlatRule.flushed(keep * w[at] - step * x[place(number, outputs, tall, stride)]);
        }
    }

    private int place(int number, int outputs, boolean tall, int stride) {
        int inMatrix = parameter.inMatrix(number);
        int input = inMatrix / outputs;
        int output = inMatrix % outputs;
        return tall ? output * stride + input : input * stride + output;
    }

    /** Newton and Schulz's iteration with Jordan's coefficients: {@code x = a x + (b x x' + c (x x')^2) x}. */
    private void orthogonalise(Mat matrix, int rows, int columns) {
        float[] x = matrix.array();
        double squares = 0;
        for (float v : x) {
            squares += (double) v * v;
        }
        float scale = (float) (1 / (Math.sqrt(squares) + OptimizerConfig.Muon.NS_EPS));
        for (int i = 0; i < x.length; i++) {
            x[i] *= scale;
        }
        float a = (float) OptimizerConfig.Muon.NS_A;
        float b = (float) OptimizerConfig.Muon.NS_B;
        float c = (float) OptimizerConfig.Muon.NS_C;
        var products = new Products(kernel.smallProduct(), Gemm.ofLibrary().orElse(null), null);
        Mat gram = Mat.zeros(rows, FlatWeights.wide(rows));
        Mat square = Mat.zeros(rows, gram.stride());
        Mat y = Mat.zeros(rows, matrix.stride());
        for (int i = 0; i < config.nsSteps(); i++) {
            products.productByTransposed(rows, rows, columns, matrix, matrix, gram, false);
            products.product(rows, rows, rows, gram, gram, square, false);
            for (int j = 0; j < gram.array().length; j++) {
                gram.array()[j] = b * gram.array()[j] + c * square.array()[j];
            }
            products.product(rows, columns, rows, gram, matrix, y, false);
            for (int j = 0; j < x.length; j++) {
                x[j] = a * x[j] + y.array()[j];
            }
        }
    }
}
