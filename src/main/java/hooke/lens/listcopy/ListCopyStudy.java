package hooke.lens.listcopy;

import hooke.InputException;
import hooke.config.task.TaskConfig;
import hooke.lens.Examples;
import hooke.lens.OpenedModel;
import hooke.lens.Score;
import hooke.lens.attention.AttentionExample;
import hooke.lens.attention.MeanAttention;
import hooke.lens.intervene.Ablation;
import hooke.lens.logits.DirectAttribution;
import hooke.lens.logits.LogitLens;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The five dissections of list copy, on the test set: attention of a sample and on average, leaks, accuracy under mean attention, what
 * happens without parts of the model, and what the separator carries.
 *
 * @param labels of the positions: d1 d2 SEP o1 o2
 * @param examples the first lists of the test set with their patterns; the very first is the sample of the original
 * @param whole how well the model answers as it is
 */
public record ListCopyStudy(
        List<String> labels,
        List<AttentionExample> examples,
        Score whole,
        MeanAttention attention,
        LeakCheck leaks,
        List<Ablation> meanPatterns,
        List<Ablation> edges,
        List<Ablation> heads,
        List<Ablation> positions,
        DirectAttribution attribution,
        LogitLens logitLens,
        SeparatorStudy separator) {

    /** Lists to look at one by one. */
    private static final int SHOWN = 24;

    /** Attention mass up to which the original calls a pattern free of leaks. */
    public static final double LEAK_THRESHOLD = 1e-3;

    /** Throws an {@link InputException} for a run of another task. */
    public static ListCopyStudy of(OpenedModel opened) {
        TaskConfig.ListCopy task = opened.experiment()
                .task()
                .listCopy()
                .orElseThrow(() -> new InputException(
                        "the list-copy report does not apply to this run: its task is not list copy"));
        Examples test = Examples.test(opened);
        int[] inputs = IntStream.range(0, task.listLength()).toArray();
        return new ListCopyStudy(
                opened.task().positionLabels(),
                AttentionExample.of(opened, test.first(SHOWN)),
                Score.of(opened, test),
                MeanAttention.of(opened, test, opened.task().answerPositions(), inputs),
                LeakCheck.of(opened, test, task.listLength()),
                Ablation.meanPatterns(opened, test),
                Ablation.edges(opened, test),
                Ablation.heads(opened, test),
                Ablation.positionalEmbedding(opened, test),
                DirectAttribution.of(opened, test),
                LogitLens.of(opened, test),
                SeparatorStudy.of(opened));
    }

    /** The list that stands for all of them in pictures. */
    public AttentionExample sample() {
        return examples.getFirst();
    }

    /** The positions that the outputs must not see but through the separator. */
    public int[] inputs() {
        return IntStream.range(0, labels.indexOf("SEP")).toArray();
    }

    /** The largest attention that crosses from an output to the inputs. */
    public double attentionLeak() {
        return attention.heads().stream()
                .mapToDouble(MeanAttention.Head::leak)
                .max()
                .orElse(0);
    }

    /** The largest gradient that reaches the inputs around the separator. */
    public double gradientLeak() {
        return leaks.largest(inputs());
    }
}
