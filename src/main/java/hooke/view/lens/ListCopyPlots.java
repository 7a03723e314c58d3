package hooke.view.lens;

import hooke.Amounts;
import hooke.config.ModelConfig;
import hooke.lens.attention.AttentionExample;
import hooke.lens.attention.AttentionPattern;
import hooke.lens.attention.MeanAttention;
import hooke.lens.intervene.Ablation;
import hooke.lens.intervene.Intervention;
import hooke.lens.listcopy.ListCopyStudy;
import hooke.lens.logits.DirectAttribution;
import hooke.view.page.AttentionExplorer;
import hooke.view.plot.HeatMap;
import hooke.view.plot.Plot;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** The pictures of a list-copy study: patterns, mean patterns, what each edge is worth, who writes the answers. */
record ListCopyPlots(ModelConfig model, ListCopyStudy study) {
    private String where(int layer, int head) {
        return "Layer " + layer + (model.nHeads() == 1 ? "" : ", head " + head);
    }

    /** Attention of the sample, a map a head. */
    List<HeatMap> sample() {
        List<HeatMap> maps = new ArrayList<>();
        for (AttentionPattern pattern : study.sample().patterns()) {
            String title = where(pattern.layer(), pattern.head()) + " on "
                    + study.sample().name();
            maps.add(HeatMap.attention(
                    title, study.labels(), model.mask(pattern.layer(), pattern.head()), pattern.weights()));
        }
        return maps;
    }

    /** Attention on lists one by one, and on average. */
    AttentionExplorer explorer() {
        List<AttentionExample> examples = new ArrayList<>(study.examples());
        examples.add(new AttentionExample(
                "mean over " + Amounts.count(study.attention().n()) + " lists",
                study.labels(),
                study.attention().heads().stream()
                        .map(head -> new AttentionPattern(head.layer(), head.head(), head.mean()))
                        .toList()));
        return new AttentionExplorer("Where every token looks", study.labels(), model.mask(), examples);
    }

    /** Mean attention over the test set, a map a head. */
    List<HeatMap> mean() {
        List<HeatMap> maps = new ArrayList<>();
        for (MeanAttention.Head head : study.attention().heads()) {
            String title = where(head.layer(), head.head()) + ", mean";
            maps.add(HeatMap.attention(title, study.labels(), model.mask(head.layer(), head.head()), head.mean()));
        }
        return maps;
    }

    /** For each head and output, the accuracy that it loses when one entry of the pattern is cut and the rest scaled up. */
    List<HeatMap> edges() {
        int outputs = study.whole().accuracyAt().length;
        Map<List<Integer>, double[][]> maps =
                new TreeMap<>(Comparator.<List<Integer>, Integer>comparing(key -> key.get(0))
                        .thenComparing(key -> key.get(1))
                        .thenComparing(key -> key.get(2)));
        for (Ablation ablation : study.edges()) {
            if (ablation.intervention() instanceof Intervention.Edge edge && !edge.renormalise()) {
                for (int output = 0; output < outputs; output++) {
                    double lost = study.whole().accuracyAt()[output]
                            - ablation.score().accuracyAt()[output];
                    maps.computeIfAbsent(List.of(edge.layer(), edge.head(), output), _ -> nothing())[edge.query()][
                            edge.key()] = lost;
                }
            }
        }
        List<HeatMap> all = new ArrayList<>();
        maps.forEach((key, values) -> {
            String title = where(key.get(0), key.get(1)) + ", lost at o" + (key.get(2) + 1);
            all.add(new HeatMap(title, "query", study.labels(), "key", study.labels(), values, 0, 1, "masked"));
        });
        return all;
    }

    private double[][] nothing() {
        double[][] values = new double[study.labels().size()][study.labels().size()];
        Arrays.stream(values).forEach(row -> Arrays.fill(row, Double.NaN));
        return values;
    }

    /** What each component adds to the logits of the list's digits at each output. */
    HeatMap attribution() {
        DirectAttribution direct = study.attribution();
        int outputs = direct.total().length;
        List<String> columns = new ArrayList<>();
        for (int output = 0; output < outputs; output++) {
            for (int digit = 0; digit < outputs; digit++) {
                columns.add("o" + (output + 1) + ": d" + (digit + 1));
            }
        }
        List<String> rows = new ArrayList<>();
        List<double[]> values = new ArrayList<>();
        for (int c = 0; c < direct.components().size(); c++) {
            rows.add(component(direct.components().get(c)));
            values.add(flat(direct.logits()[c]));
        }
        rows.add("all");
        values.add(flat(direct.total()));
        double high = values.stream()
                .flatMapToDouble(Arrays::stream)
                .map(Math::abs)
                .max()
                .orElse(1);
        return new HeatMap(
                "Direct logit attribution",
                "component",
                rows,
                "output and digit",
                columns,
                values.toArray(double[][]::new),
                -rounded(high),
                rounded(high),
                "");
    }

    /** {@code 1.0} as {@code layer 1, head 0}. */
    private String component(String label) {
        return label.matches("[0-9]+\\.[0-9]+")
                ? where(Integer.parseInt(label.split("\\.")[0]), Integer.parseInt(label.split("\\.")[1]))
                        .toLowerCase(Locale.ROOT)
                : label;
    }

    /** Up to two digits, for the ends of a colour bar. */
    private static double rounded(double high) {
        double unit = Math.pow(10, Math.floor(Math.log10(Math.max(high, 1e-9))) - 1);
        return new BigDecimal(Math.ceil(high / unit) * unit)
                .round(new MathContext(2))
                .doubleValue();
    }

    private static double[] flat(double[][] matrix) {
        return Arrays.stream(matrix).flatMapToDouble(Arrays::stream).toArray();
    }

    List<Plot> all() {
        List<Plot> all = new ArrayList<>(sample());
        all.addAll(mean());
        all.addAll(edges());
        all.add(attribution());
        return all;
    }
}
