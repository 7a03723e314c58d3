package hooke.check;

import hooke.InputException;
import hooke.config.Experiments;
import hooke.config.ModelConfig;
import hooke.reach.Thresholds;
import java.util.Arrays;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** The families {@code headlines/layouts} and {@code headlines/sparsek}: what heads see, and what SparseK takes of it. */
final class VerifyAttention {
    private VerifyAttention() {}

    /** Truth tables, entry by entry, and settings that must be refused. */
    static List<Finding> layouts(GoldenSet set) {
        return set.tolerance(".*")
                .map(tolerance -> {
                    var comparison = new Deviation(set.name(), tolerance);
                    JsonNode all = set.json("layouts.json");
                    int number = 0;
                    for (JsonNode layout : all.path("layouts")) {
                        table(comparison, "layouts[" + number++ + "]", layout);
                    }
                    for (JsonNode invalid : all.path("invalid")) {
                        comparison.sameText(invalid.toString(), answer(invalid), "refused");
                    }
                    return comparison.findings();
                })
                .orElse(List.of());
    }

    private static void table(Deviation comparison, String name, JsonNode layout) {
        ModelConfig model = model(layout);
        for (int head = 0; head < model.nHeads(); head++) {
            JsonNode rows = layout.path("per_head").path(head);
            for (int query = 0; query < model.nCtx(); query++) {
                var row = new StringBuilder();
                for (int key = 0; key < model.nCtx(); key++) {
                    row.append(model.mask(0, head).open(query, key, model.nCtx()) ? '1' : '0');
                }
                comparison.sameText(
                        name + ", head " + head + ", query " + query,
                        row.toString(),
                        rows.path(query).asString(""));
            }
        }
    }

    private static String answer(JsonNode layout) {
        try {
            model(layout);
            return "taken";
        } catch (InputException e) {
            return "refused";
        }
    }

    private static ModelConfig model(JsonNode layout) {
        int c = layout.path("c").asInt();
        String kind = layout.path("kind").asString("");
        String mask = switch (kind) {
            case "all" -> "causal";
            case "local" -> "{kind: local, window: %s}".formatted(c);
            case "strided" -> "{kind: strided, stride: %s}".formatted(c);
            case "strided_half" -> "{kind: strided-half, stride: %s}".formatted(c);
            case "fixed" ->
                "{kind: fixed, block: %s, local_context: %s, verts: %s, num_verts: %s}"
                        .formatted(layout.path("b"), c, layout.path("v"), layout.path("num_verts"));
            default -> throw new IllegalStateException("no mask is known as " + kind);
        };
        int n = layout.path("n").asInt();
        return Experiments.parse("""
                        task: {kind: own, name: any, d_vocab: 2, d_vocab_out: 2, n_ctx: %s}
                        model: {n_layers: 1, d_model: 8, d_head: 1, n_heads: %s, mask: %s}
                        train: {steps: 1}
                        """.formatted(n, layout.path("heads"), mask), "layouts.json", List.of())
                .model();
    }

    /** Shares of recorded scores and of causal prefixes. */
    static List<Finding> sparseK(GoldenSet set) {
        return set.tolerance(".*")
                .map(tolerance -> {
                    var comparison = new Deviation(set.name(), tolerance);
                    JsonNode all = set.json("sparsek.json");
                    for (JsonNode one : all.path("cases")) {
                        double[] z = numbers(one.path("z"));
                        double tau = Thresholds.of(z, one.path("k").asInt());
                        shares(comparison, one.path("name").asString(""), z, tau, one.path("p"));
                        if (one.path("tau").isNumber()) {
                            comparison.number(
                                    one.path("name").asString("") + ".tau",
                                    tau - z[0],
                                    one.path("tau").asDouble() - z[0]);
                        }
                    }
                    JsonNode causal = all.path("causal_prefixes");
                    double[] z = numbers(causal.path("z"));
                    var thresholds = new Thresholds(causal.path("k").asInt(), z.length);
                    for (JsonNode row : causal.path("rows")) {
                        int t = row.path("t").asInt();
                        thresholds.add(z[t - 1]);
                        shares(comparison, "t " + t, Arrays.copyOf(z, t), thresholds.now(), row.path("p"));
                    }
                    return comparison.findings();
                })
                .orElse(List.of());
    }

    private static void shares(Deviation comparison, String name, double[] z, double tau, JsonNode recorded) {
        for (int i = 0; i < z.length; i++) {
            comparison.number(
                    name + ".p[" + i + "]",
                    Math.clamp(z[i] - tau, 0, 1),
                    recorded.path(i).asDouble(Double.NaN));
        }
    }

    private static double[] numbers(JsonNode list) {
        return list.valueStream().mapToDouble(n -> n.asDouble(Double.NaN)).toArray();
    }
}
