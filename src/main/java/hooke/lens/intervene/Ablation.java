package hooke.lens.intervene;

import hooke.config.ModelConfig;
import hooke.hook.HookPoint;
import hooke.hook.Point;
import hooke.lens.Examples;
import hooke.lens.OpenedModel;
import hooke.lens.Score;
import hooke.lens.intervene.Intervention.Part;
import hooke.lens.intervene.Intervention.Through;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * One part of a model taken away, and how well it answers without.
 *
 * @param group what kind of part: heads, positions, edges, ...
 * @param part which, in words
 * @param method how it was taken away: zero, mean, resample, cut, ...
 */
public record Ablation(String group, String part, String method, Intervention intervention, Score score) {
    /** What a part is replaced by. */
    public enum By {
        ZERO,
        MEAN,
        RESAMPLE
    }

    /** An ablation not yet done. */
    record Plan(String group, String part, String method, Intervention intervention) {
        Ablation on(OpenedModel opened, Examples examples) {
            Score score = Intervened.of(opened, List.of(intervention), examples).score(examples);
            return new Ablation(group, part, method, intervention, score);
        }
    }

    private static List<Ablation> done(OpenedModel opened, Examples examples, List<Plan> plans) {
        return plans.stream().map(plan -> plan.on(opened, examples)).toList();
    }

    /** Each head's output (z), at all positions, by each method; and each MLP's, where there are any. */
    public static List<Ablation> heads(OpenedModel opened, Examples examples) {
        ModelConfig config = opened.model().config();
        List<Plan> plans = new ArrayList<>();
        for (int layer = 0; layer < config.nLayers(); layer++) {
            for (int head = 0; head < config.nHeads(); head++) {
                all(plans, "heads", "layer %s, head %s".formatted(layer, head), Point.Z.at(layer), Part.head(head));
            }
            if (!config.attnOnly()) {
                all(plans, "MLPs", "layer %s, MLP".formatted(layer), Point.MLP_OUT.at(layer), Part.ALL);
            }
        }
        return done(opened, examples, plans);
    }

    /** What each layer's attention adds at each position, by each method. */
    public static List<Ablation> positions(OpenedModel opened, Examples examples) {
        List<Plan> plans = new ArrayList<>();
        List<String> labels = opened.task().positionLabels();
        for (int layer = 0; layer < opened.model().config().nLayers(); layer++) {
            for (int position = 0; position < labels.size(); position++) {
                String part = "layer %s, at %s".formatted(layer, labels.get(position));
                all(plans, "positions", part, Point.ATTN_OUT.at(layer), Part.position(position));
            }
        }
        return done(opened, examples, plans);
    }

    private static void all(List<Plan> plans, String group, String what, HookPoint at, Part part) {
        for (By by : By.values()) {
            Intervention intervention = switch (by) {
                case ZERO -> new Intervention.Zero(at, part);
                case MEAN -> new Intervention.Mean(at, part);
                case RESAMPLE -> new Intervention.Resample(at, part, 0);
            };
            plans.add(new Plan(group, what, by.name().toLowerCase(Locale.ROOT), intervention));
        }
    }

    /** Each open entry of each head's pattern, cut with and without renormalising its row. */
    public static List<Ablation> edges(OpenedModel opened, Examples examples) {
        ModelConfig config = opened.model().config();
        List<String> labels = opened.task().positionLabels();
        List<Plan> plans = new ArrayList<>();
        for (int layer = 0; layer < config.nLayers(); layer++) {
            for (int head = 0; head < config.nHeads(); head++) {
                for (int query = 0; query < labels.size(); query++) {
                    for (int key = 0; key < labels.size(); key++) {
                        if (config.mask(layer, head).open(query, key, config.nCtx())) {
                            String part = "layer %s, head %s, %s to %s"
                                    .formatted(layer, head, labels.get(query), labels.get(key));
                            plans.add(new Plan(
                                    "edges", part, "cut", new Intervention.Edge(layer, head, query, key, false)));
                            plans.add(new Plan(
                                    "edges",
                                    part,
                                    "cut, row renormalised",
                                    new Intervention.Edge(layer, head, query, key, true)));
                        }
                    }
                }
            }
        }
        return done(opened, examples, plans);
    }

    /** The positional embedding, everywhere and at each position, set to 0. (Its mean is itself: it is the same on every example.) */
    public static List<Ablation> positionalEmbedding(OpenedModel opened, Examples examples) {
        HookPoint at = Point.POS_EMBED.at();
        List<Plan> plans = new ArrayList<>();
        plans.add(new Plan("W_pos", "all positions", "zero", new Intervention.Zero(at, Part.ALL)));
        List<String> labels = opened.task().positionLabels();
        for (int position = 0; position < labels.size(); position++) {
            var zero = new Intervention.Zero(at, Part.position(position));
            plans.add(new Plan("W_pos", "at " + labels.get(position), "zero", zero));
        }
        return done(opened, examples, plans);
    }

    /** Patterns replaced by their means, layer by layer and in all layers. */
    public static List<Ablation> meanPatterns(OpenedModel opened, Examples examples) {
        List<Plan> plans = new ArrayList<>();
        for (int layer = -1; layer < opened.model().config().nLayers(); layer++) {
            List<Integer> layers = layer < 0 ? List.of() : List.of(layer);
            for (Through through : Through.values()) {
                String method = through == Through.SCORES ? "scores" : "pattern";
                plans.add(new Plan(
                        "mean patterns",
                        layer < 0 ? "all layers" : "layer " + layer,
                        method,
                        new Intervention.MeanPattern(layers, through)));
            }
        }
        return done(opened, examples, plans);
    }
}
