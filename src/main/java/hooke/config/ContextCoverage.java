package hooke.config;

import hooke.config.task.LifeConfig;
import hooke.config.task.OwnConfig;
import hooke.config.task.TableConfig;
import hooke.config.task.TaskConfig;
import hooke.config.task.TextConfig;
import java.util.List;
import java.util.Optional;

/** Which experiments the fused engine trains sequence by sequence: any length and form, what fits in arrays, on a processor. */
final class ContextCoverage {
    private static final int WIDEST = 8192;
    private static final int MOST_NEURONS = 65_536;
    private static final int LONGEST = 65_536;

    private static final Optional<String> COVERED = Optional.empty();

    private ContextCoverage() {}

    /** Why it does not cover an experiment, as the end of a sentence; empty if it does. All is listed, as in {@link FusedCoverage}. */
    static Optional<String> lack(TaskConfig task, ModelConfig model, TrainConfig train) {
        return lack(task).or(() -> lack(train)).or(() -> lack(model));
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
                    OwnConfig _ -> COVERED;
        };
    }

    private static Optional<String> lack(TrainConfig train) {
        return switch (train) {
            case TrainConfig(
                    var _,
                    var batch,
                    var _,
                    var accumulateBy,
                    var _,
                    var _,
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
                        FusedCoverage.lack(device),
                        FusedCoverage.lack(batch),
                        FusedCoverage.lack(accumulateBy),
                        FusedCoverage.lack(order),
                        FusedCoverage.lack(optimizer),
                        FusedCoverage.lack(gradientFilter),
                        FusedCoverage.lack(schedule),
                        FusedCoverage.lack(lossDtype)));
        };
    }

    private static Optional<String> lack(TrainConfig.Precision precision) {
        return switch (precision) {
            case FLOAT32, BF16 -> COVERED;
            case FLOAT64 -> FusedCoverage.lack(precision);
        };
    }

    private static Optional<String> lack(TrainConfig.Recompute recompute) {
        return switch (recompute) {
            case NONE, BLOCKS -> COVERED;
        };
    }

    private static Optional<String> lack(ModelConfig model) {
        return switch (model) {
            case ModelConfig(
                    var _,
                    int dModel,
                    var _,
                    int nHeads,
                    int dHead,
                    var _,
                    int dMlp,
                    var actFn,
                    var _,
                    int nCtx,
                    int dVocab,
                    int dVocabOut,
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
                        most("model.d_model", dModel, WIDEST),
                        most("model.n_heads times model.d_head", nHeads * (long) dHead, WIDEST),
                        most("model.d_mlp", dMlp, MOST_NEURONS),
                        most("model.n_ctx", nCtx, LONGEST),
                        most("a vocabulary", Math.max(dVocab, dVocabOut), 1 << 20),
                        most("the number of weights", Parameter.count(Parameter.of(model), false), 1 << 30),
                        lack(actFn),
                        lack(positions),
                        lack(norm),
                        lack(mask),
                        lack(attention),
                        FusedCoverage.lack(biases),
                        first(withoutBiases.stream().map(ContextCoverage::lack).toList()),
                        first(identity.stream().map(FusedCoverage::lack).toList())));
        };
    }

    private static Optional<String> most(String what, long is, long most) {
        return is > most ? Optional.of("%s (%s) is more than its %s".formatted(what, is, most)) : COVERED;
    }

    private static Optional<String> lack(Mask mask) {
        return switch (mask) {
            case Mask.Causal(),
                    Mask.Full(),
                    Mask.Local(var _),
                    Mask.Bottleneck(var _),
                    Mask.Table(var _),
                    Mask.Strided(var _),
                    Mask.StridedHalf(var _),
                    Mask.Fixed(var _, var _, var _, var _),
                    Mask.Heads(var _),
                    Mask.Layers(var _) -> COVERED;
        };
    }

    private static Optional<String> lack(Weighting attention) {
        return switch (attention) {
            case Weighting.Softmax(), Weighting.TopK(var _), Weighting.SparseK(var _) -> COVERED;
        };
    }

    private static Optional<String> lack(ModelConfig.Activation activation) {
        return switch (activation) {
            case RELU, GELU, GELU_NEW, SILU -> COVERED;
        };
    }

    private static Optional<String> lack(Positions positions) {
        return switch (positions) {
            case Positions.Learned() -> COVERED;
            case Positions.Rotary(var _, var _, Positions.Pairs pairs) ->
                switch (pairs) {
                    case INTERLEAVED, HALVES -> COVERED;
                };
        };
    }

    private static Optional<String> lack(Norm norm) {
        return switch (norm) {
            case Norm.None() -> COVERED;
            case Norm.LayerNorm(var _, Norm.Placement placement, var _) -> lack(placement);
            case Norm.RmsNorm(var _, Norm.Placement placement) -> lack(placement);
        };
    }

    private static Optional<String> lack(Norm.Placement placement) {
        return switch (placement) {
            case PRE, POST -> COVERED;
        };
    }

    private static Optional<String> lack(ModelConfig.BiasGroup group) {
        return switch (group) {
            case ATTENTION, MLP, UNEMBED -> COVERED;
        };
    }

    private static Optional<String> first(List<Optional<String>> lacks) {
        return lacks.stream().flatMap(Optional::stream).findFirst();
    }
}
