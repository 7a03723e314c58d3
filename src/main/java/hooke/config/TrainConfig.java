package hooke.config;

import hooke.Check;
import hooke.config.form.Bare;
import hooke.config.form.Since;
import hooke.config.form.Values;
import hooke.config.form.Words;
import hooke.config.form.Zero;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * How a model is trained.
 *
 * @param steps updates at most
 * @param batch what one update sees
 * @param accumulate batches whose gradients make one update
 * @param accumulateBy whether the losses of those batches are averaged or added
 * @param forgetfulMask share of the keys that each training sequence has hidden from all its queries, drawn anew at every step
 * @param dropout share of the numbers that training takes away, at random: of embeddings, attention patterns and what attention and MLP
 *     write to the stream; the rest are divided by the share that stays
 * @param order in which mini-batches come
 * @param optimizer what turns gradients into an update
 * @param clipNorm Euclidean norm to which larger gradients are scaled down, all weights together; 0 for none
 * @param gradientFilter what the gradients go through behind the clipping
 * @param schedule of the learning rate
 * @param lossDtype in which the loss is computed from the logits; at least their precision
 * @param precision in which weights, gradients and the optimizer's state are kept and everything is computed; but for the factors of products in bf16
 * @param recompute what is not kept from the way forward, but computed again on the way back: memory for time
 * @param evaluateEvery steps from one evaluation of both whole sets to the next, beginning at step 0; the last step always counts
 * @param checkpointEvery steps from one checkpoint to the next, beginning at step 0; 0 for none but the last
 * @param milestones what counts as memorized and as grokked
 * @param stop when to stop before all steps are done
 * @param engine what computes; {@code auto} is resolved when the run is created, and stored
 * @param threads compute threads; 0 is {@code auto}, resolved when the run is created, and stored
 * @param device where it is computed
 */
public record TrainConfig(
        int steps,
        Batch batch,
        @Since(release = "0.1.0", before = "1") int accumulate,
        @Since(release = "0.1.0", before = "mean") Reduction accumulateBy,

        @Since(release = "0.1.0", before = "none") @Zero(value = "none", orNumber = true)
        double forgetfulMask,

        @Since(release = "0.1.0", before = "none") @Zero(value = "none", orNumber = true)
        double dropout,

        Order order,
        OptimizerConfig optimizer,

        @Since(release = "0.1.0", before = "none") @Zero(value = "none", orNumber = true)
        double clipNorm,

        @Since(release = "0.1.0", before = "none") GradientFilter gradientFilter,
        Schedule schedule,
        LossDtype lossDtype,
        @Since(release = "0.1.0", before = "float32") Precision precision,
        @Since(release = "0.1.0", before = "none") Recompute recompute,
        int evaluateEvery,
        int checkpointEvery,
        Milestones milestones,
        Stop stop,
        Engine engine,
        @Zero("auto") int threads,
        Device device) {

    /** Of float32, in which everything is trained, the smallest number above 0 in full precision, as a person reads it. */
    static final String SMALLEST = "1.18e-38";

    public TrainConfig {
        Check.that(steps >= 1 && steps <= 1_000_000_000, "train.steps (%s) must be from 1 to 1,000,000,000", steps);
        Check.that(evaluateEvery >= 1, "train.evaluate_every (%s) must be at least 1", evaluateEvery);
        Check.that(checkpointEvery >= 0, "train.checkpoint_every (%s) must be at least 0", checkpointEvery);
        Check.that(
                order == Order.RESHUFFLE || !batch.isFull(),
                "train.order (%s) needs mini-batches, but train.batch is full",
                Words.word(order));
        Check.that(
                accumulate >= 1 && accumulate <= 1_000_000,
                "train.accumulate (%s) must be from 1 to 1,000,000 batches",
                accumulate);
        Check.that(
                accumulate == 1 || !batch.isFull(),
                "train.accumulate (%s) needs mini-batches, but train.batch is full",
                accumulate);
        Check.that(
                forgetfulMask >= 0 && forgetfulMask < 1,
                "train.forgetful_mask (%s) must be none, or a share of the keys of less than 1",
                forgetfulMask);
        Check.that(
                dropout >= 0 && dropout < 1,
                "train.dropout (%s) must be none, or a share of the numbers of less than 1",
                dropout);
        Check.that(
                clipNorm == 0 || clipNorm >= Float.MIN_NORMAL && clipNorm <= Float.MAX_VALUE,
                "train.clip_norm (%s) must be none, or a norm that float32 keeps: from %s to 3.4e38",
                clipNorm,
                SMALLEST);
        checkRates(optimizer, schedule, steps);
        if (stop instanceof Stop.AtMilestone(String name)) {
            List<String> names = Milestone.parse(milestones.named()).stream()
                    .map(Milestone::name)
                    .toList();
            Check.that(
                    names.contains(name),
                    "train.stop.name (%s) must be a milestone of train.milestones.named%s",
                    Words.shown(name, Values.SHOWN),
                    Check.didYouMean(name, names));
        }
        Check.that(threads >= 0 && threads <= 1024, "train.threads (%s) must be auto or from 1 to 1024", threads);
    }

    /** The smallest rate that the schedule gives, too, is a number that float32 keeps. */
    private static void checkRates(OptimizerConfig optimizer, Schedule schedule, int steps) {
        double least = schedule.least(steps);
        String bound = switch (schedule) {
            case Schedule.Constant() -> "";
            case Schedule.Warmup _ -> " times train.schedule.steps";
            case Schedule.Cosine _, Schedule.Linear _, Schedule.Step _ ->
                " divided by the smallest factor of train.schedule, %s".formatted(least);
        };
        optimizer
                .rates()
                .forEach((key, lr) -> Check.that(
                        lr * least >= Float.MIN_NORMAL,
                        "train.optimizer.%s (%s) must be at least %s%s: float32 takes what is smaller for 0",
                        key,
                        lr,
                        SMALLEST,
                        bound));
    }

    /** What the learning rate is multiplied by in the update that is made after {@code step} updates. */
    public double rateFactor(long step) {
        return schedule.factor(step, steps);
    }

    /** Whether a checkpoint is due after so many updates, wherever it ends. */
    public boolean savesAt(long step) {
        return checkpointEvery > 0 && step % checkpointEvery == 0;
    }

    /** The same training by another engine with another number of threads. */
    public TrainConfig withMachine(Engine other, int otherThreads) {
        return new TrainConfig(
                steps,
                batch,
                accumulate,
                accumulateBy,
                forgetfulMask,
                dropout,
                order,
                optimizer,
                clipNorm,
                gradientFilter,
                schedule,
                lossDtype,
                precision,
                recompute,
                evaluateEvery,
                checkpointEvery,
                milestones,
                stop,
                other,
                otherThreads,
                device);
    }

    /** What one update sees. Written {@code full} or as a number. */
    public sealed interface Batch {
        /** The whole training set. */
        record Full() implements Batch {}

        /** That many examples; what is left of an epoch is dropped. */
        @Bare
        record Mini(int size) implements Batch {
            public Mini {
                Check.that(size >= 1, "train.batch (%s) must be full or at least 1", size);
            }
        }

        /** Whether it is the whole training set. */
        default boolean isFull() {
            return switch (this) {
                case Full() -> true;
                case Mini _ -> false;
            };
        }
    }

    /** How several losses become one. */
    public enum Reduction {
        MEAN,
        SUM
    }

    public enum Order {
        /** Every epoch in an order of its own. */
        RESHUFFLE,
        /** The first epoch's batches for ever, as the original list copy does by accident. */
        REPLAY,
        /** No epochs: every example of every batch is drawn from the whole training set, so that one batch may hold it twice. */
        WITH_REPLACEMENT
    }

    public enum LossDtype {
        FLOAT32,
        FLOAT64
    }

    public enum Precision {
        FLOAT32(Float.BYTES),
        FLOAT64(Double.BYTES),
        /** Factors of matrix products rounded to bfloat16, and all else, the sums too, in float32. */
        BF16(Float.BYTES);

        private final int bytes;

        Precision(int bytes) {
            this.bytes = bytes;
        }

        /** Of one number. */
        int bytes() {
            return bytes;
        }
    }

    public enum Recompute {
        NONE,
        /** What a block computes: only the stream before each is kept (Chen et al. 2016, arXiv 1604.06174). */
        BLOCKS
    }

    public enum Engine {
        AUTO,
        /** libtorch's operations and autograd: the reference. */
        TORCH,
        /** Forward and backward written out for tiny models, on CPUs: the same results, many times faster. */
        FUSED
    }

    public enum Device {
        CPU,
        CUDA
    }

    public enum Metric {
        TRAIN_ACCURACY,
        TEST_ACCURACY;

        /** In which it is recorded. */
        public String series() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * Memorized: the first evaluation whose train accuracy is above the threshold. Grokked: the first whose test accuracy is.
     *
     * @param patience further evaluations that must be above it, too
     * @param named others, see {@link Milestone}
     */
    public record Milestones(
            double threshold,
            int patience,
            @Since(release = "0.1.0", before = "[]") List<String> named) {
        public Milestones {
            named = List.copyOf(named);
            Milestone.parse(named);
            Check.that(
                    threshold > 0 && threshold < 1,
                    "train.milestones.threshold (%s) must be more than 0 and less than 1",
                    threshold);
            Check.that(patience >= 0, "train.milestones.patience (%s) must be at least 0", patience);
        }
    }

    /** What is watched: memorized, grokked, and those that the experiment names. */
    public List<Milestone> allMilestones() {
        List<Milestone> all = new ArrayList<>();
        all.add(accuracy(Milestone.MEMORIZED, "train_accuracy"));
        all.add(accuracy(Milestone.GROKKED, "test_accuracy"));
        all.addAll(Milestone.parse(milestones.named()));
        return all;
    }

    private Milestone accuracy(String name, String series) {
        return new Milestone(name, series, Milestone.Relation.ABOVE, milestones.threshold(), milestones.patience());
    }

    /** What the stopping rule waits for; empty where all steps are done. */
    public Optional<Milestone> stopsAt() {
        return switch (stop) {
            case Stop.Never() -> Optional.empty();
            case Stop.Reached(Metric metric, double atLeast, int patience) ->
                Optional.of(new Milestone(
                        Milestone.REACHED, metric.series(), Milestone.Relation.AT_LEAST, atLeast, patience));
            case Stop.AtMilestone(String name) ->
                allMilestones().stream().filter(m -> m.name().equals(name)).findFirst();
        };
    }

    /** Whether the goal is a milestone that the experiment names, and is told by this name. */
    public boolean stopsAtNamed() {
        return stopsAt().filter(Milestone::isNamed).isPresent();
    }

    /** When to stop before all steps are done. */
    public sealed interface Stop {
        record Never() implements Stop {}

        /**
         * At the first evaluation whose metric is at least that high.
         *
         * @param patience further evaluations that must be so, too
         */
        record Reached(Metric metric, double atLeast, int patience) implements Stop {
            public Reached {
                Check.that(
                        atLeast > 0 && atLeast <= 1,
                        "train.stop.at_least (%s) must be more than 0 and at most 1: an accuracy",
                        atLeast);
                Check.that(patience >= 0, "train.stop.patience (%s) must be at least 0", patience);
            }
        }

        /** At a milestone that {@code train.milestones.named} has. */
        record AtMilestone(String name) implements Stop {}
    }
}
