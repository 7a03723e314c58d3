package hooke.config;

import hooke.Jvm;
import hooke.config.form.Words;
import hooke.config.task.LifeConfig;
import hooke.config.task.OwnConfig;
import hooke.config.task.TableConfig;
import hooke.config.task.TaskConfig;
import hooke.config.task.TextConfig;
import java.util.List;
import java.util.Optional;

/**
 * Which experiments the fused engine trains with all states of their examples known beforehand: tiny transformers on finite tasks, on a
 * processor. What else it trains {@link ContextCoverage} says.
 */
final class FusedCoverage {
    private static final int LONGEST = 64;
    private static final int WIDEST = 512;
    /** Of all heads of a block together, and of its neurons: four times the width, and eight times the neurons, that the widest model has by itself. */
    private static final int MOST_HEADS = 4 * WIDEST;

    private static final int MOST_NEURONS = 32 * WIDEST;
    /** Numbers of states that it keeps: one for each example, position and level of the residual stream. */
    private static final long MOST_STATES = 50_000_000;

    private static final Optional<String> COVERED = Optional.empty();

    private FusedCoverage() {}

    /** Why it does not cover any experiment on this machine, as the end of a sentence; empty if it may. */
    static Optional<String> lackHere() {
        return Jvm.fusesMultiplyAdd()
                ? Optional.empty()
                : Optional.of(
                        "it multiplies and adds at once, which this Java does in software (its flag UseFMA is off)");
    }

    /**
     * Why it does not cover an experiment, as the end of a sentence; empty if it does. What it covers is listed: every record is taken
     * apart and every variant named, so that a key or a variant that is new does not compile before somebody has said here whether it is
     * covered.
     */
    static Optional<String> lack(TaskConfig task, ModelConfig model, TrainConfig train) {
        return lack(task).or(() -> lack(train)).or(() -> lack(model)).or(() -> lackOfStates(task, model));
    }

    private static Optional<String> lack(TrainConfig train) {
        return switch (train) {
            case TrainConfig(
                    var _,
                    var batch,
                    var _,
                    var accumulateBy,
                    var _,
                    double dropout,
                    var order,
                    var optimizer,
                    var _,
                    var gradientFilter,
                    var schedule,
                    var lossDtype,
                    var precision,
                    var recompute,
                    var _,
                    var _,
                    var _,
                    var _,
                    var _,
                    var _,
                    var device) ->
                first(List.of(
                        lack(precision),
                        lack(recompute),
                        lack(device),
                        lack(batch),
                        lack(accumulateBy),
                        lack(order),
                        lackOfDropout(dropout),
                        lack(optimizer),
                        lack(gradientFilter),
                        lack(schedule),
                        lack(lossDtype)));
        };
    }

    static Optional<String> lack(TrainConfig.Precision precision) {
        return switch (precision) {
            case FLOAT32 -> COVERED;
            case FLOAT64 -> Optional.of("it computes in float32, but train.precision is float64");
            case BF16 -> Optional.of("its products are of float32, but train.precision is bf16");
        };
    }

    private static Optional<String> lack(TrainConfig.Recompute recompute) {
        return switch (recompute) {
            case NONE -> COVERED;
            case BLOCKS -> Optional.of("it keeps so little that it has no train.recompute");
        };
    }

    static Optional<String> lack(TrainConfig.Device device) {
        return switch (device) {
            case CPU -> COVERED;
            case CUDA -> Optional.of("it computes on CPUs only");
        };
    }

    static Optional<String> lack(TrainConfig.Batch batch) {
        return switch (batch) {
            case TrainConfig.Batch.Full(), TrainConfig.Batch.Mini(var _) -> COVERED;
        };
    }

    static Optional<String> lack(TrainConfig.Reduction reduction) {
        return switch (reduction) {
            case MEAN, SUM -> COVERED;
        };
    }

    static Optional<String> lack(TrainConfig.Order order) {
        return switch (order) {
            case RESHUFFLE, REPLAY, WITH_REPLACEMENT -> COVERED;
        };
    }

    static Optional<String> lack(OptimizerConfig optimizer) {
        return switch (optimizer) {
            case OptimizerConfig.AdamW(var _, var _, var _, var _, var decay) -> lack(decay);
            case OptimizerConfig.Adam(var _, var _, var _, var _, var decay) -> lack(decay);
            case OptimizerConfig.Sgd(var _, var _, var _, var _, var _, var decay) -> lack(decay);
            case OptimizerConfig.Adagrad(var _, var _, var _, var _, var _, var decay) -> lack(decay);
            case OptimizerConfig.Rmsprop(var _, var _, var _, var _, var _, var _, var decay) -> lack(decay);
            case OptimizerConfig.Lion(var _, var _, var _, var decay) -> lack(decay);
            case OptimizerConfig.Muon(var _, var _, var _, var _, var _, var _, var _, var _, var decay) -> lack(decay);
        };
    }

    private static Optional<String> lack(OptimizerConfig.Decay decay) {
        return switch (decay) {
            case ALL, MATRICES -> COVERED;
        };
    }

    static Optional<String> lack(GradientFilter filter) {
        return switch (filter) {
            case GradientFilter.None(), GradientFilter.Ema(var _, var _), GradientFilter.Ma(var _, var _) -> COVERED;
        };
    }

    static Optional<String> lackOfDropout(double dropout) {
        return dropout == 0 ? COVERED : Optional.of("it has no dropout (train.dropout)");
    }

    static Optional<String> lack(Schedule schedule) {
        return switch (schedule) {
            case Schedule.Constant(),
                    Schedule.Warmup(var _),
                    Schedule.Cosine(var _, var _),
                    Schedule.Linear(var _, var _),
                    Schedule.Step(var _, var _, var _) -> COVERED;
        };
    }

    static Optional<String> lack(TrainConfig.LossDtype dtype) {
        return switch (dtype) {
            case FLOAT32, FLOAT64 -> COVERED;
        };
    }

    private static Optional<String> lack(TaskConfig task) {
        return switch (task) {
            case TaskConfig.ModularArithmetic _,
                    TaskConfig.Permutation _,
                    TaskConfig.ListCopy _,
                    TaskConfig.None _,
                    TableConfig _,
                    LifeConfig _,
                    TextConfig _,
                    OwnConfig _ -> {
                if (!task.isFinite()) {
                    yield Optional.of("it needs examples of one length, answered at the same positions");
                }
                yield task.nCtx() > LONGEST
                        ? Optional.of("examples of %s tokens are longer than its %s".formatted(task.nCtx(), LONGEST))
                        : COVERED;
            }
        };
    }

    private static Optional<String> lack(ModelConfig model) {
        return switch (model) {
            case ModelConfig(
                    var _,
                    int dModel,
                    var widths,
                    int nHeads,
                    int dHead,
                    var _,
                    int dMlp,
                    var actFn,
                    boolean gatedMlp,
                    var _,
                    var _,
                    var _,
                    var _,
                    var positions,
                    var norm,
                    var mask,
                    var attention,
                    var biases,
                    var withoutBiases,
                    var _,
                    var identity,
                    var _) ->
                first(List.of(
                        lackOfWidths(widths),
                        lackOfRoom(dModel, nHeads * (long) dHead, dMlp),
                        lack(actFn),
                        gatedMlp ? Optional.of("its MLPs have no gate (model.gated_mlp)") : COVERED,
                        withoutBiases.isEmpty()
                                ? COVERED
                                : Optional.of("its models have all biases (model.without_biases)"),
                        lack(positions),
                        lack(norm),
                        lack(mask),
                        lack(attention),
                        lack(biases),
                        first(identity.stream().map(FusedCoverage::lack).toList())));
        };
    }

    private static Optional<String> lackOfWidths(List<Integer> widths) {
        return widths.isEmpty() ? COVERED : Optional.of("its blocks have one width, but model.widths is " + widths);
    }

    private static Optional<String> lackOfRoom(int dModel, long heads, int dMlp) {
        if (dModel > WIDEST) {
            return Optional.of("a model.d_model of %s is wider than its %s".formatted(dModel, WIDEST));
        }
        if (heads > MOST_HEADS) {
            return Optional.of(
                    "model.n_heads times model.d_head (%s) is more than its %s".formatted(heads, MOST_HEADS));
        }
        return dMlp > MOST_NEURONS
                ? Optional.of("a model.d_mlp of %s is more than its %s".formatted(dMlp, MOST_NEURONS))
                : COVERED;
    }

    private static Optional<String> lack(ModelConfig.Activation activation) {
        return switch (activation) {
            case RELU, GELU -> COVERED;
            case GELU_NEW, SILU ->
                Optional.of("it computes relu and gelu, but model.act_fn is %s".formatted(Words.word(activation)));
        };
    }

    private static Optional<String> lack(Positions positions) {
        return switch (positions) {
            case Positions.Learned() -> COVERED;
            case Positions.Rotary _ -> Optional.of("its positions are learned, but model.positions is rotary");
        };
    }

    private static Optional<String> lack(Norm norm) {
        return switch (norm) {
            case Norm.None() -> COVERED;
            case Norm.LayerNorm(var _, Norm.Placement placement, var _) ->
                switch (placement) {
                    case PRE, POST -> COVERED;
                };
            case Norm.RmsNorm _ -> Optional.of("its norm is LayerNorm, but model.norm is rms-norm");
        };
    }

    /** Layers may differ, but not the heads of one. */
    static Optional<String> lack(Mask mask) {
        return switch (mask) {
            case Mask.Causal(),
                    Mask.Full(),
                    Mask.Local(var _),
                    Mask.Bottleneck(var _),
                    Mask.Table(var _),
                    Mask.Strided(var _) -> COVERED;
            case Mask.Fixed(var _, var _, var _, int numVerts) -> numVerts == 1 ? COVERED : lackOfHeads(mask);
            case Mask.StridedHalf(var _), Mask.Heads(var _) -> lackOfHeads(mask);
            case Mask.Layers(List<Mask> masks) ->
                first(masks.stream().map(FusedCoverage::lack).toList());
        };
    }

    private static Optional<String> lackOfHeads(Mask mask) {
        return Optional.of("the heads of a layer all see the same, but model.mask (%s) tells them apart"
                .formatted(Words.kind(mask.getClass())));
    }

    static Optional<String> lack(Weighting attention) {
        return switch (attention) {
            case Weighting.Softmax() -> COVERED;
            case Weighting.TopK _, Weighting.SparseK _ ->
                Optional.of("its attention is the softmax of all scores, but model.attention is %s"
                        .formatted(Words.kind(attention.getClass())));
        };
    }

    static Optional<String> lack(ModelConfig.Biases biases) {
        return switch (biases) {
            case TRAINED, FROZEN -> COVERED;
        };
    }

    static Optional<String> lack(ModelConfig.Identity identity) {
        return switch (identity) {
            case W_V, W_O -> COVERED;
        };
    }

    private static Optional<String> lackOfStates(TaskConfig task, ModelConfig model) {
        long states = (long) task.size() * task.nCtx() * (model.nLayers() + 1);
        return states > MOST_STATES
                ? Optional.of("%s examples of %s tokens through %s layers are more than it keeps states of"
                        .formatted(task.size(), task.nCtx(), model.nLayers()))
                : COVERED;
    }

    private static Optional<String> first(List<Optional<String>> lacks) {
        return lacks.stream().flatMap(Optional::stream).findFirst();
    }
}
