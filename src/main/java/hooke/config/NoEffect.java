package hooke.config;

import hooke.config.task.TaskConfig;
import hooke.config.task.TextConfig;
import hooke.config.task.TextFile;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/** Settings of an experiment that are allowed and without effect, by key, each with the reason. */
record NoEffect(TaskConfig task, ModelConfig model, TrainConfig train) {
    NoEffect(Experiment experiment) {
        this(experiment.task(), experiment.model(), experiment.train());
    }

    /** Keys that nothing reads because of others: whatever they are, no number changes. */
    void unread(Map<String, String> unread) {
        if (model.attnOnly()) {
            unread.put("model.act_fn", "with model.attn_only there is no MLP");
        }
        unreadFrozen(unread);
        if (train.accumulate() == 1 && train.accumulateBy() == TrainConfig.Reduction.SUM) {
            unread.put("train.accumulate_by", "with train.accumulate 1 there is one loss");
        }
        if (task instanceof TextConfig text) {
            if (TextFile.isPlain(text.file())) {
                unread.put("task.column", "each line of a .txt file is a document");
            }
            if (text.blocks() == TextConfig.Blocks.SEQUENTIAL) {
                unread.put("train.order", "task.blocks is sequential");
            }
        }
        if (train.batch().isFull()) {
            unread.put("train.order", "with train.batch full there is no order");
        }
        if (train.precision() == TrainConfig.Precision.FLOAT64) {
            unread.put("train.loss_dtype", "with train.precision float64 the loss is computed in float64, too");
        }
    }

    /** All names under {@code model.frozen}, or single ones under {@code model.frozen[name]}. */
    private void unreadFrozen(Map<String, String> unread) {
        List<String> idle = model.frozen().stream().filter(this::isFrozenAnyway).toList();
        if (!idle.isEmpty() && idle.size() == model.frozen().size()) {
            unread.put("model.frozen", "what it names does not train anyway, by model.biases or model.identity");
        } else {
            idle.forEach(name -> unread.put(
                    "model.frozen[" + name + "]",
                    "it does not train anyway, by model.biases, model.identity or another name in the list"));
        }
    }

    private boolean isFrozenAnyway(String name) {
        String weight = Parameter.shortName(name);
        return !Parameter.trains(model, weight)
                || !weight.equals(name) && model.frozen().contains(weight);
    }

    /** Keys whose values lie where they can no longer do what they are for, with the end of a sentence on what happens instead. */
    SequencedMap<String, String> vain() {
        SequencedMap<String, String> vain = new LinkedHashMap<>();
        vainMask(vain);
        vainWeighting(vain);
        if (Parameter.count(Parameter.of(model), true) == 0) {
            vain.put("model.frozen", "leaves no weight to train: the model stays as it was drawn");
        }
        vainSchedule(vain);
        if (train.evaluateEvery() > train.steps()) {
            vain.put(
                    "train.evaluate_every",
                    beyondSteps(train.evaluateEvery()) + "only the beginning and the end are evaluated");
        }
        vainPatience(vain);
        return vain;
    }

    private void vainSchedule(Map<String, String> vain) {
        if (train.schedule().warmup() > train.steps()) {
            String key = train.schedule() instanceof Schedule.Warmup ? "steps" : "warmup";
            vain.put(
                    "train.schedule." + key,
                    beyondSteps(train.schedule().warmup()) + "the learning rate never reaches train.optimizer.lr");
        } else if (train.schedule() instanceof Schedule.Step(int every, double _, int warmup)
                && every > train.steps() - warmup) {
            vain.put("train.schedule.every", beyondSteps(every) + "the learning rate never falls");
        }
        if (train.gradientFilter() instanceof GradientFilter.Ma(int window, double _) && window > train.steps()) {
            vain.put("train.gradient_filter.window", beyondSteps(window) + "no gradient is filtered");
        }
    }

    private void vainWeighting(Map<String, String> vain) {
        switch (model.attention()) {
            case Weighting.Softmax() -> {}
            case Weighting.TopK(int k) -> vainChoice(vain, k);
            case Weighting.SparseK(int k) -> vainChoice(vain, k);
        }
    }

    private void vainChoice(Map<String, String> vain, int k) {
        if (k >= model.nCtx()) {
            vain.put(
                    "model.attention.k",
                    "(%s) is not less than model.n_ctx (%s): every query takes all keys that it sees"
                            .formatted(k, model.nCtx()));
        }
    }

    private void vainMask(Map<String, String> vain) {
        switch (model.mask()) {
            case Mask.Causal(), Mask.Full(), Mask.Table _, Mask.StridedHalf _ -> {}
            case Mask.Heads _, Mask.Layers _ -> {
                if (model.masks().stream().allMatch(mask -> mask.isCausal(model.nCtx()))) {
                    vain.put("model.mask.masks", "leave nothing out: the mask is the causal one everywhere");
                }
            }
            case Mask.Local(int window) -> {
                if (window >= model.nCtx()) {
                    vain.put(
                            "model.mask.window",
                            "(%s) is not less than model.n_ctx (%s): the mask is the causal one"
                                    .formatted(window, model.nCtx()));
                }
            }
            case Mask.Strided(int stride) -> {
                if (stride == 1) {
                    vain.put("model.mask.stride", "(1) leaves nothing out: the mask is the causal one");
                }
            }
            case Mask.Fixed fixed -> {
                if (model.masks().stream().allMatch(mask -> mask.isCausal(model.nCtx()))) {
                    vain.put(
                            "model.mask.local_context",
                            "(%s) leaves nothing out: the mask is the causal one".formatted(fixed.localContext()));
                }
            }
            case Mask.Bottleneck(int at) -> {
                if (at == model.nCtx() - 1) {
                    vain.put(
                            "model.mask.at", "(%s) is the last position: nothing has to pass through it".formatted(at));
                }
            }
        }
    }

    /** A milestone that needs more evaluations in a row than there are. */
    private void vainPatience(Map<String, String> vain) {
        long evaluations = Estimates.timesDue(train.steps(), train.evaluateEvery());
        for (Milestone milestone : train.allMilestones()) {
            vainPatience(
                    vain,
                    milestone.isNamed()
                            ? "train.milestones.named[%s]".formatted(milestone.name())
                            : "train.milestones.patience",
                    milestone.patience(),
                    evaluations,
                    milestone.isNamed() ? "it cannot be reached" : "nothing can count as memorized or grokked");
        }
        if (train.stop() instanceof TrainConfig.Stop.Reached stop) {
            vainPatience(vain, "train.stop.patience", stop.patience(), evaluations, "no run can stop early");
        }
    }

    private static void vainPatience(
            Map<String, String> vain, String key, int patience, long evaluations, String outcome) {
        if (patience >= evaluations) {
            vain.put(
                    key,
                    "needs %,d evaluations in a row, but there are only %,d: %s"
                            .formatted(patience + 1L, evaluations, outcome));
        }
    }

    private String beyondSteps(int value) {
        return "(%,d) is more than train.steps (%,d): ".formatted(value, train.steps());
    }
}
