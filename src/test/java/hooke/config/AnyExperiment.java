package hooke.config;

import hooke.config.ModelConfig.Activation;
import hooke.config.ModelConfig.Biases;
import hooke.config.ModelConfig.Identity;
import hooke.config.TrainConfig.Batch;
import hooke.config.task.EquationFormat;
import hooke.config.task.TaskConfig;
import hooke.config.task.TaskConfig.ListCopy;
import hooke.config.task.TaskConfig.ModularArithmetic;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.stream.IntStream;

/** Draws experiments that are allowed, of every variant and with values of every form. */
final class AnyExperiment {
    private final Random random;

    private AnyExperiment(Random random) {
        this.random = random;
    }

    static Experiment of(Random random) {
        return new AnyExperiment(random).experiment();
    }

    private Experiment experiment() {
        TaskConfig task = switch (random.nextInt(3)) {
            case 0 ->
                new ModularArithmetic(
                        any(ModularArithmetic.Operation.class), 113, any(EquationFormat.class), fraction());
            case 1 -> new TaskConfig.Permutation(between(3, 6), any(EquationFormat.class), 0.5 + fraction() / 2);
            default -> new ListCopy(between(1, 3), between(3, 12), 0.5 + fraction() / 2);
        };
        TrainConfig.Engine engine = any(TrainConfig.Engine.class);
        boolean fused = engine == TrainConfig.Engine.FUSED;
        TrainConfig train = train(task, engine);
        return new Experiment(
                oneOf("a", "003", "no", "1e5", "a.b_c-d+e", "x".repeat(100)),
                text(),
                texts(),
                random.nextLong() & Long.MAX_VALUE,
                seeds(train),
                task,
                model(task, fused),
                train);
    }

    private Seeds seeds(TrainConfig train) {
        if (random.nextInt(4) == 0) {
            return new Seeds(OptionalLong.empty(), OptionalLong.empty(), OptionalLong.empty(), OptionalLong.of(seed()));
        }
        OptionalLong order = train.batch() instanceof Batch.Full ? OptionalLong.empty() : maybeSeed();
        return new Seeds(maybeSeed(), maybeSeed(), order, OptionalLong.empty());
    }

    /** @param fused whether it must be one that the fused engine covers */
    private ModelConfig model(TaskConfig task, boolean fused) {
        int nLayers = between(1, 4);
        boolean falls = !fused && nLayers > 2 && random.nextBoolean();
        int dModel = falls ? 2 * between(8, 20) : between(8, 40);
        boolean attnOnly = random.nextBoolean();
        var identity = EnumSet.noneOf(Identity.class);
        for (Identity i : Identity.values()) {
            if (random.nextBoolean()) {
                identity.add(i);
            }
        }
        List<String> frozen = new ArrayList<>(List.of("W_E", "unembed.W_U", "blocks.0.attn.W_K", "W_pos"));
        frozen.removeIf(f -> random.nextBoolean());
        int nCtx = task.nCtx() + random.nextInt(2);
        boolean tied = task.dVocab() == task.dVocabOut() && random.nextBoolean();
        if (tied) {
            frozen.remove("unembed.W_U");
        }
        int dHead = falls ? 2 * between(1, 4) : between(2, 8);
        var without = EnumSet.noneOf(ModelConfig.BiasGroup.class);
        for (ModelConfig.BiasGroup group : ModelConfig.BiasGroup.values()) {
            if (!fused && random.nextInt(4) == 0) {
                without.add(group);
            }
        }
        Positions positions = fused || falls || random.nextBoolean()
                ? new Positions.Learned()
                : new Positions.Rotary(2 * between(1, dHead / 2), oneOf(10_000.0, 500.5), any(Positions.Pairs.class));
        frozen.removeIf(f -> f.equals("W_pos") && !positions.equals(new Positions.Learned()));
        return new ModelConfig(
                nLayers,
                dModel,
                falls ? widths(nLayers, dModel) : List.of(),
                between(1, 4),
                dHead,
                attnOnly,
                attnOnly ? 0 : falls ? 2 * between(1, 40) : between(1, 99),
                fused ? oneOf(Activation.RELU, Activation.GELU) : any(Activation.class),
                !fused && !attnOnly && random.nextBoolean(),
                nCtx,
                task.dVocab(),
                task.dVocabOut(),
                tied,
                positions,
                oneOf(
                        new Norm.None(),
                        new Norm.LayerNorm(fraction(), any(Norm.Placement.class), random.nextBoolean()),
                        fused ? new Norm.None() : new Norm.RmsNorm(fraction(), any(Norm.Placement.class))),
                mask(nCtx, fused),
                fused
                        ? new Weighting.Softmax()
                        : oneOf(
                                new Weighting.Softmax(),
                                new Weighting.TopK(between(1, 9)),
                                new Weighting.SparseK(between(1, 9))),
                any(Biases.class),
                without,
                frozen,
                identity,
                oneOf(
                        new Init.Pytorch(),
                        new Init.XTransformers(),
                        new Init.Normal(fraction()),
                        new Init.Xavier(),
                        new Init.Kaiming(),
                        new Init.Uniform(),
                        new Init.Gpt2(any(Init.AttentionOrder.class))));
    }

    private static List<Integer> widths(int nLayers, int dModel) {
        return IntStream.range(0, nLayers)
                .mapToObj(layer -> layer == 0 || layer == nLayers - 1 ? dModel : dModel / 2)
                .toList();
    }

    private Mask mask(int nCtx, boolean fused) {
        return fused || random.nextInt(3) > 0
                ? mask(nCtx)
                : new Mask.Layers(List.of(new Mask.Heads(List.of(mask(nCtx)))));
    }

    private Mask mask(int nCtx) {
        return switch (random.nextInt(7)) {
            case 5 -> new Mask.Strided(between(1, 9));
            case 6 -> new Mask.Fixed(nCtx, 2 * nCtx, between(1, 2), 1);
            case 0 -> new Mask.Causal();
            case 1 -> new Mask.Full();
            case 2 -> new Mask.Local(between(1, 9));
            case 3 -> new Mask.Bottleneck(between(1, nCtx - 1));
            default -> {
                List<String> rows = new ArrayList<>();
                for (int q = 0; q < nCtx; q++) {
                    var row = new StringBuilder();
                    for (int k = 0; k < nCtx; k++) {
                        row.append(k == q || random.nextBoolean() ? 'x' : '.');
                    }
                    rows.add(row.toString());
                }
                yield new Mask.Table(rows);
            }
        };
    }

    private TrainConfig train(TaskConfig task, TrainConfig.Engine engine) {
        boolean fused = engine == TrainConfig.Engine.FUSED;
        Batch batch = random.nextBoolean() ? new Batch.Full() : new Batch.Mini(between(1, task.trainSize()));
        return new TrainConfig(
                between(1, 1_000_000_000),
                batch,
                batch instanceof Batch.Full ? 1 : between(1, 3),
                any(TrainConfig.Reduction.class),
                0,
                fused || random.nextBoolean() ? 0 : fraction(),
                batch instanceof Batch.Full ? TrainConfig.Order.RESHUFFLE : any(TrainConfig.Order.class),
                optimizer(),
                random.nextBoolean() ? 0 : fraction(),
                oneOf(
                        new GradientFilter.None(),
                        new GradientFilter.Ema(fraction(), 1 + fraction()),
                        new GradientFilter.Ma(between(1, 100), fraction())),
                schedule(),
                any(TrainConfig.LossDtype.class),
                engine == TrainConfig.Engine.FUSED
                        ? oneOf(TrainConfig.Precision.FLOAT32, TrainConfig.Precision.BF16)
                        : oneOf(TrainConfig.Precision.FLOAT32, TrainConfig.Precision.FLOAT64),
                any(TrainConfig.Recompute.class),
                between(1, 1000),
                between(0, 1000),
                new TrainConfig.Milestones(fraction(), between(0, 9), List.of()),
                random.nextBoolean()
                        ? new TrainConfig.Stop.Never()
                        : new TrainConfig.Stop.Reached(any(TrainConfig.Metric.class), fraction(), between(0, 9)),
                engine,
                between(0, 64),
                engine == TrainConfig.Engine.FUSED ? TrainConfig.Device.CPU : any(TrainConfig.Device.class));
    }

    private OptimizerConfig optimizer() {
        var decay = any(OptimizerConfig.Decay.class);
        List<Double> betas = List.of(fraction(), fraction());
        double eps = Math.pow(10, -between(1, 12));
        double decayed = random.nextInt(3) * fraction() * 0.5;
        return switch (random.nextInt(7)) {
            case 0 -> new OptimizerConfig.AdamW(fraction(), decayed, betas, eps, decay);
            case 1 -> new OptimizerConfig.Adam(fraction(), betas, eps, decayed, decay);
            case 2 -> new OptimizerConfig.Sgd(fraction(), fraction(), 0, random.nextBoolean(), decayed, decay);
            case 3 -> new OptimizerConfig.Adagrad(fraction(), fraction(), decayed, fraction(), eps, decay);
            case 4 ->
                new OptimizerConfig.Rmsprop(
                        fraction(), fraction(), eps, decayed, fraction(), random.nextBoolean(), decay);
            case 5 -> new OptimizerConfig.Lion(fraction(), betas, decayed, decay);
            default ->
                new OptimizerConfig.Muon(
                        fraction(), fraction(), random.nextBoolean(), 5, decayed, fraction(), betas, eps, decay);
        };
    }

    private Schedule schedule() {
        return switch (random.nextInt(5)) {
            case 0 -> new Schedule.Constant();
            case 1 -> new Schedule.Warmup(between(1, 99));
            case 2 -> new Schedule.Cosine(between(0, 99), fraction());
            case 3 -> new Schedule.Linear(between(0, 99), fraction());
            default -> new Schedule.Step(1_000_000_000, fraction(), between(0, 99));
        };
    }

    private double fraction() {
        return oneOf(0.1, 0.3, 0.5, 1 / 3.0, 0.98, 0.25 + random.nextDouble() / 2);
    }

    private String text() {
        return oneOf(
                "",
                "plain",
                "two words",
                "a: b # c",
                "- x",
                "true",
                "~",
                "0x1F",
                "line\nline\n",
                "tab\tquote\"back\\slash'",
                "\u00fc\u2028\u0007\ufeff",
                "\ud83d\ude00 and half \ud83d",
                "[a, b]",
                "{}",
                "&a *b !c",
                "%",
                "@x",
                " padded ",
                "--- ...",
                "12:30:45",
                "1_000",
                ".inf");
    }

    private List<String> texts() {
        List<String> all = new ArrayList<>();
        while (random.nextBoolean()) {
            all.add(text());
        }
        return all;
    }

    private long seed() {
        return random.nextLong(1L << 32);
    }

    private OptionalLong maybeSeed() {
        return random.nextBoolean() ? OptionalLong.empty() : OptionalLong.of(seed());
    }

    private int between(int low, int high) {
        return low + random.nextInt(high - low + 1);
    }

    private <E extends Enum<E>> E any(Class<E> type) {
        E[] all = type.getEnumConstants();
        return all[random.nextInt(all.length)];
    }

    @SafeVarargs
    private <T> T oneOf(T... choices) {
        return choices[random.nextInt(choices.length)];
    }
}
