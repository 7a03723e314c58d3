package hooke.config;

import hooke.Check;
import hooke.InputException;
import hooke.config.form.Canonical;
import hooke.config.form.Descriptive;
import hooke.config.form.Words;
import hooke.config.task.TaskConfig;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * One training, completely described: task, model, training and seed. Two equal experiments give the same bytes on one kind of CPU.
 *
 * @param name how the run is addressed ({@code name/seed}); the file's name unless it says otherwise
 * @param note free text that stays with the run; no number depends on it
 * @param tags free words; no number depends on them
 * @param seed what every random stream is derived from, unless {@code seeds} names it
 */
public record Experiment(
        @Descriptive String name,
        @Descriptive String note,
        @Descriptive List<String> tags,
        long seed,
        Seeds seeds,
        TaskConfig task,
        ModelConfig model,
        TrainConfig train) {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._+-]{0,99}");

    private static final int MOST_TAGS = 100;

    /** Below this a thread is not worth its waking: some 20 ms of one core. */
    private static final double FLOPS_A_THREAD = 2e9;

    public Experiment {
        Check.that(
                NAME.matcher(name).matches(),
                "name (%s) must be letters, digits and . _ + -, starting with a letter or digit, at most 100 characters",
                Words.shown(name, 110));
        Check.that(seed >= 0, "seed (%s) must be at least 0", seed);
        Check.that(note.length() <= 10_000, "note must be at most 10,000 characters, but has %s", note.length());
        tags = List.copyOf(tags);
        Check.that(
                tags.size() <= MOST_TAGS && tags.stream().allMatch(tag -> tag.length() <= 100),
                "tags must be at most %s, each of at most 100 characters",
                MOST_TAGS);
        checkTogether(seeds, task, model, train);
        checkPrecision(task, model, train);
        fusedLack(task, model, train)
                .filter(lack -> train.engine() == TrainConfig.Engine.FUSED)
                .ifPresent(lack -> {
                    throw new InputException(
                            "train.engine (fused) does not cover this: " + lack + "; use auto or torch");
                });
    }

    private static void checkPrecision(TaskConfig task, ModelConfig model, TrainConfig train) {
        boolean bf16 = train.precision() == TrainConfig.Precision.BF16;
        String lack = train.engine() == TrainConfig.Engine.TORCH
                ? "train.engine is torch"
                : fusedLack(task, model, train).orElse("");
        Check.that(
                !bf16 || lack.isEmpty(),
                "train.precision (bf16) is the fused engine's alone, but %s: take float32 or float64",
                lack);
    }

    private static void checkTogether(Seeds seeds, TaskConfig task, ModelConfig model, TrainConfig train) {
        Check.that(
                model.nCtx() >= task.nCtx(),
                "model.n_ctx (%s) must be at least the task's %s positions",
                model.nCtx(),
                task.nCtx());
        Check.that(
                model.dVocab() == task.dVocab(),
                "model.d_vocab (%s) must be the task's %s",
                model.dVocab(),
                task.dVocab());
        Check.that(
                model.dVocabOut() == task.dVocabOut(),
                "model.d_vocab_out (%s) must be the task's %s",
                model.dVocabOut(),
                task.dVocabOut());
        model.mask().check(model.nLayers(), model.nHeads(), model.nCtx());
        for (Milestone milestone : train.allMilestones()) {
            List<String> measures = task.measures();
            Check.that(
                    measures.isEmpty() || measures.contains(milestone.series()),
                    "train.milestones.named (%s) watches %s, which this task does not measure%s: it measures %s",
                    milestone.name(),
                    milestone.series(),
                    Check.didYouMean(milestone.series(), measures),
                    String.join(", ", measures));
        }
        Check.that(
                !task.predictsNext() || model.looksBack(),
                "model.mask (%s) must not let a position see later ones: the next token, which it is to predict, is among them",
                Words.kind(model.mask().getClass()));
        Check.that(
                train.forgetfulMask() == 0
                        || !task.isFinite() && model.masks().stream().allMatch(mask -> mask.seesFirst(model.nCtx())),
                "train.forgetful_mask (%s) needs %s",
                train.forgetfulMask(),
                task.isFinite()
                        ? "a task of sequences that differ in length or are learned whole, which this one is not"
                        : "a model.mask that leaves every query the first position, which is never hidden: causal or full");
        switch (train.batch()) {
            case TrainConfig.Batch.Full() ->
                Check.that(
                        seeds.order().isEmpty(),
                        "seeds.order (%s) has no effect: with train.batch full there is no order",
                        seeds.order().orElse(0));
            case TrainConfig.Batch.Mini(int size) ->
                Check.that(
                        size <= task.trainSize()
                                || task.size() == 0
                                || train.order() == TrainConfig.Order.WITH_REPLACEMENT,
                        "train.batch (%s) must be at most the %s examples of the training set, or full; only train.order"
                                + " with-replacement can draw more",
                        size,
                        task.trainSize());
        }
    }

    /** Every key with its value, in canonical order; a variant without keys is its kind alone. Reads back as an equal experiment. */
    public Map<String, Object> toMap() {
        return Canonical.map(this);
    }

    /** Every key with its value as YAML, in canonical order. */
    public String toYaml() {
        return Canonical.yaml(toMap());
    }

    /** Every key with its value as JSON, without spaces: equal experiments give equal text. */
    public String toJson() {
        return Canonical.json(toMap());
    }

    /** Every key by its path, as {@code --set} takes it, with its value as text; a variant's kind stands under {@code kind}. */
    public Map<String, String> settings() {
        return Canonical.settings(this);
    }

    /** SHA-256, in hex, of everything that numbers can depend on: all but name, note and tags. Settle {@code auto} first. */
    public String hash() {
        return Identity.hash(this, List.of());
    }

    /** SHA-256, in hex, of everything that numbers can depend on but the seed: equal for the runs of one cell. */
    public String cellHash() {
        return Identity.hash(this, List.of("seed"));
    }

    /** The same experiment from another seed. */
    public Experiment withSeed(long other) {
        return new Experiment(name, note, tags, other, seeds, task, model, train);
    }

    /** The same experiment under another name. */
    public Experiment named(String other) {
        return new Experiment(other, note, tags, seed, seeds, task, model, train);
    }

    /** The same experiment with more tags, as far as there may be more. */
    public Experiment tagged(List<String> more) {
        List<String> all = Stream.concat(tags.stream(), more.stream())
                .distinct()
                .limit(MOST_TAGS)
                .toList();
        return new Experiment(name, note, all, seed, seeds, task, model, train);
    }

    /** Whether anything follows from {@code seed}: not if {@code seeds} names every stream that is drawn from. */
    public boolean readsSeed() {
        boolean orders = !train.batch().isFull();
        return train.forgetfulMask() > 0
                || train.dropout() > 0
                || seeds.notebook().isEmpty()
                        && (seeds.split().isEmpty()
                                || seeds.weights().isEmpty()
                                || orders && seeds.order().isEmpty());
    }

    /** Keys that nothing reads because of others, each with the reason: whatever they are, no number changes. */
    public SequencedMap<String, String> unread() {
        SequencedMap<String, String> unread = new LinkedHashMap<>();
        if (!readsSeed()) {
            unread.put("seed", "seeds names every random stream");
        }
        new NoEffect(this).unread(unread);
        return unread;
    }

    /** Keys whose values can no longer do what they are for, such as a patience longer than the training, with the end of a sentence. */
    public SequencedMap<String, String> vain() {
        return new NoEffect(this).vain();
    }

    /**
     * The experiment with {@code auto} settled, as a run keeps it: engine and threads change bits, so they belong to what a run is.
     * A thread for every {@value #FLOPS_A_THREAD} FLOPs of a step (see {@link Estimates}), at least one and at most the cores: with
     * less to do threads wait for each other longer than they work.
     */
    public Experiment resolved(int cores) {
        TrainConfig.Engine engine = isFused() ? TrainConfig.Engine.FUSED : TrainConfig.Engine.TORCH;
        int threads = train.threads() != 0
                ? train.threads()
                : switch (train.device()) {
                    case CPU -> threadsFed(cores);
                    case CUDA -> 1;
                };
        return withTrain(train.withMachine(engine, threads));
    }

    private int threadsFed(int cores) {
        return cores == 1 ? 1 : (int) Math.clamp(Estimates.of(this).stepFlops() / FLOPS_A_THREAD, 1, cores);
    }

    /** Whether the fused engine trains it, as asked or by {@code auto}. */
    boolean isFused() {
        return switch (train.engine()) {
            case AUTO -> beyondFused().isEmpty();
            case TORCH -> false;
            case FUSED -> true;
        };
    }

    /** Why the fused engine cannot train this, as the end of a sentence; empty if it can. */
    public Optional<String> beyondFused() {
        return fusedLack(task, model, train).or(FusedCoverage::lackHere);
    }

    private static Optional<String> fusedLack(TaskConfig task, ModelConfig model, TrainConfig train) {
        return FusedCoverage.lack(task, model, train).flatMap(_ -> ContextCoverage.lack(task, model, train));
    }

    /** Whether the fused engine, where it trains this, knows all states of its examples beforehand; else it takes sequences as they come. */
    public boolean isTiny() {
        return FusedCoverage.lack(task, model, train).isEmpty();
    }

    private Experiment withTrain(TrainConfig other) {
        return new Experiment(name, note, tags, seed, seeds, task, model, other);
    }
}
