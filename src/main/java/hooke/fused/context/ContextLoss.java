package hooke.fused.context;

import hooke.config.ContextRows;
import hooke.config.ModelConfig;
import hooke.fused.kernels.Functions;
import hooke.fused.kernels.Mat;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * From the stream behind the last layer to the loss and back, some rows at a time, so that there are never logits of all of them: {@code
 * (l_t - l_y) + log1p(sum_(j != t) e^(l_j - l_t))} with t the largest logit, and in place of the logits their gradient. Where only
 * products read that, it is left without the factor that all classes of a row share: the rows that are multiplied with it take it.
 */
final class ContextLoss {
    private final ContextParts parts;
    private final boolean exact;
    private final boolean leavesFactors;
    private final int width;
    private final int classes;
    private final @Nullable ContextNorm norm;
    private final ContextLinear unembed;
    private final int most;
    private final FactorRows read;
    private final FactorRows logits;
    private final @Nullable TileSums normSums;
    private final TileSums sums;

    /**
     * Rows that are asked for something.
     *
     * @param numbers of the rows
     * @param classes right there
     */
    record Asked(int[] numbers, int[] classes) {
        int count() {
            return numbers.length;
        }
    }

    /** Of each row that was asked. */
    record Answers(double[] losses, boolean[] right) {}

    /** @param exact whether the loss is taken in double precision */
    ContextLoss(ContextParts parts, float[] zeros, boolean exact, int rows) {
        ModelConfig config = parts.config();
        this.parts = parts;
        this.exact = exact;
        this.width = TileSums.wide(config.dModel());
        this.classes = config.dVocabOut();
        this.norm = ContextLayer.norm(parts, "ln_final", zeros);
        this.unembed = ContextLinear.of(
                parts, classes, config.dModel(), config.tiedEmbeddings() ? "embed.W_E" : "unembed.W_U", "unembed.b_U");
        int fitting = Math.max(1, ContextRows.LOGITS / FactorRows.stride(classes) / Desk.TILE) * Desk.TILE;
        this.most = Math.min(fitting, (rows + Desk.TILE - 1) / Desk.TILE * Desk.TILE);
        this.read = FactorRows.of(most, config.dModel(), parts.bf16());
        this.logits = FactorRows.of(most, classes, parts.bf16());
        this.leavesFactors = parts.bf16() == null && !unembed.hasBias();
        int tiles = most / Desk.TILE;
        this.normSums = norm == null ? null : norm.sums(tiles);
        this.sums = unembed.sums(tiles);
    }

    /**
     * @param x the stream, [row, d_model]
     * @param dx its gradient, zero before; null where none is asked for
     * @param weight of every row in the gradient
     */
    Answers run(Workers<Desk> workers, float[] x, Asked asked, float @Nullable [] dx, double weight) {
        var answers = new Answers(new double[asked.count()], new boolean[asked.count()]);
        for (int first = 0; first < asked.count(); first += most) {
            int begin = first;
            int count = Math.min(most, asked.count() - first);
            workers.run(Desk.tiles(count), (desk, tile) -> {
                int from = tile * Desk.TILE;
                int some = Desk.rows(tile, count);
                tile(desk, x, asked, begin, from, some, answers, dx, (float) weight);
            });
            if (dx != null) {
                List<Runnable> gradients = new ArrayList<>();
                unembed.gradient(logits, read, count, gradients);
                workers.run(
                        gradients.size(),
                        (desk, number) -> gradients.get(number).run());
                unembed.add(sums);
                if (norm != null && normSums != null) {
                    norm.add(normSums);
                }
            }
        }
        return answers;
    }

    private void tile(
            Desk desk,
            float[] x,
            Asked asked,
            int begin,
            int from,
            int count,
            Answers answers,
            float @Nullable [] dx,
            float weight) {
        float[] rows = desk.one;
        for (int r = 0; r < count; r++) {
            System.arraycopy(x, asked.numbers()[begin + from + r] * width, rows, r * width, width);
        }
        float[] normalised = read.open(desk.two);
        int at = read.place(from, 0);
        if (norm == null) {
            for (int r = 0; r < count; r++) {
                System.arraycopy(rows, r * width, normalised, at + r * read.stride(), width);
            }
        } else {
            norm.forward(Mat.of(rows, width), new Mat(normalised, at, read.stride()), count, desk.hat);
        }
        read.close(desk.two, from, count);
        float[] scores = logits.open(desk.logits());
        int scoresAt = logits.place(from, 0);
        unembed.forward(read, from, count, 0, scores, scoresAt, logits.stride());
        unembed.addBias(scores, scoresAt, logits.stride(), count);
        float[] factors = new float[count];
        for (int r = 0; r < count; r++) {
            int row = scoresAt + r * logits.stride();
            double below = answer(scores, row, asked.classes()[begin + from + r], begin + from + r, answers);
            if (dx != null) {
                float factor = (float) (weight / (1 + below));
                gradient(scores, row, asked.classes()[begin + from + r], below, factor);
                factors[r] = factor;
            }
        }
        if (dx != null) {
            if (leavesFactors) {
                scale(normalised, at, read.stride(), factors);
            }
            back(desk, scores, scoresAt, asked, begin, from, factors, dx);
        }
    }

    /** Takes the loss of a row, whose logits become {@code e^(l_j - l_t)}; the sum of these without the largest. */
    private double answer(float[] scores, int at, int y, int number, Answers answers) {
        int top = parts.kernels().argmax(scores, at, classes);
        double highest = scores[at + top];
        double distance = highest - scores[at + y];
        double below = parts.kernels().expBelow(scores, at, classes, top, exact);
        double loss = distance + Math.log1p(below);
        answers.losses()[number] = exact ? loss : (float) loss;
        answers.right()[number] = y == top;
        return below;
    }

    /** Makes them the gradient, {@code factor (e_j - [j = y] (1 + below))}, or that without the factor. */
    private void gradient(float[] e, int at, int y, double below, float factor) {
        double others = e[at + y] == 1 ? below : 1 + below - e[at + y];
        if (leavesFactors) {
            e[at + y] = (float) -others;
        } else {
            parts.kernels().scale(e, at, factor, TileSums.wide(classes));
            float gradient = (float) (-factor * others);
            e[at + y] = Math.abs(gradient) < Functions.TINY ? 0 : gradient;
        }
    }

    private void scale(float[] rows, int at, int stride, float[] factors) {
        for (int r = 0; r < factors.length; r++) {
            parts.kernels().scale(rows, at + r * stride, factors[r], width);
        }
    }

    private void back(
            Desk desk, float[] scores, int scoresAt, Asked asked, int begin, int from, float[] factors, float[] dx) {
        int count = factors.length;
        int tile = from / Desk.TILE;
        unembed.sum(sums, tile, scores, scoresAt, logits.stride(), count);
        logits.close(desk.logits(), from, count);
        float[] gradient = desk.four;
        unembed.backward(logits, from, count, 0, gradient, 0, width);
        if (leavesFactors) {
            scale(gradient, 0, width, factors);
        }
        for (int r = 0; r < count; r++) {
            int to = asked.numbers()[begin + from + r] * width;
            if (norm == null || normSums == null) {
                System.arraycopy(gradient, r * width, dx, to, width);
            } else {
                Mat x = new Mat(desk.one, r * width, width);
                Mat dy = new Mat(gradient, r * width, width);
                Mat y = Mat.of(desk.two, width);
                norm.backward(x, y, dy, new Mat(dx, to, width), 1, desk.hat, normSums, tile);
            }
        }
    }
}
