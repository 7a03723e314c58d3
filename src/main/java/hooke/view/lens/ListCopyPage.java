package hooke.view.lens;

import hooke.Amounts;
import hooke.config.Experiment;
import hooke.lens.Score;
import hooke.lens.attention.MeanAttention;
import hooke.lens.intervene.Ablation;
import hooke.lens.intervene.Intervention;
import hooke.lens.listcopy.ListCopyStudy;
import hooke.lens.logits.LogitLens;
import hooke.view.PageNumbers;
import hooke.view.page.Html;
import hooke.view.page.Page;
import hooke.view.page.PageParts;
import hooke.view.page.Table;
import hooke.view.page.Table.Column;
import hooke.view.page.Table.Row;
import hooke.view.plot.Plot;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** The dissection of a list-copy model as one page: what it attends to, whether it cheats, and what its separator carries. */
public final class ListCopyPage {
    /** Edges that matter less are left to the maps. */
    private static final int EDGES = 12;

    /** Accuracy that is worth a sentence. */
    private static final double MUCH = 0.05;

    private final String address;
    private final ListCopyStudy study;
    private final ListCopyPlots plots;
    private final int outputs;
    private final double learned;

    private ListCopyPage(String address, Experiment experiment, ListCopyStudy study) {
        this.address = address;
        this.study = study;
        this.plots = new ListCopyPlots(experiment.model(), study);
        this.learned = experiment.train().milestones().threshold();
        this.outputs = study.whole().accuracyAt().length;
    }

    /** @param address {@code name/seed@step} */
    public static Page of(String address, Experiment experiment, ListCopyStudy study) {
        return new ListCopyPage(address, experiment, study).page();
    }

    /** Every plot of the page. */
    public static List<Plot> plots(Experiment experiment, ListCopyStudy study) {
        return new ListCopyPlots(experiment.model(), study).all();
    }

    private Page page() {
        List<Page.Section> sections = List.of(
                section("explore", "Attention, list by list", plots.explorer().html()),
                section("sample", "Attention on one list", sample()),
                section("mean", "Attention on average", mean()),
                new Page.Section("leaks", "Does anything leak?", true, leaks()),
                new Page.Section("mean-attention", "With mean attention", true, meanAttention()),
                section("edges", "What each edge is worth", edges()),
                section("parts", "Without a part", parts()),
                new Page.Section("writes", "Who writes the answers", true, writes()),
                new Page.Section("ends", "If it ended early", true, logitLens()),
                section("separator", "What SEP carries", SeparatorSection.of(study.separator(), outputs)));
        return new Page(
                address + ": list copy, dissected",
                address,
                head(),
                sections,
                "Written by Hooke. Every number is over the test set (n = %s) unless it says otherwise."
                        .formatted(Amounts.count(study.whole().n())));
    }

    private static Page.Section section(String id, String title, Html body) {
        return new Page.Section(id, title, false, body);
    }

    private Html head() {
        double mean = underMeanAttention();
        Html tiles = PageParts.tiles(List.of(
                PageParts.tile("Accuracy", Amounts.percent(study.whole().accuracy()), n()),
                PageParts.tile("With mean attention", Amounts.percent(mean), "" + n()),
                PageParts.tile(
                        "Leak by attention", PageNumbers.measure(study.attentionLeak()), "largest mass on an input"),
                PageParts.tile("Leak by gradient", PageNumbers.measure(study.gradientLeak()), "largest, around SEP"),
                PageParts.tile(
                        "Same for every list",
                        identical() + " of " + study.attention().heads().size(),
                        "heads attend alike")));
        return Html.group(List.of(
                PageParts.kicker(address, List.of(PageParts.badge("list copy"), PageParts.badge("lens"))),
                Html.tag("h1", headline(mean)),
                Html.tag(
                                "p",
                                "The outputs must write the list although they cannot see it: everything they know has"
                                        + " passed through SEP. This page analyses the model at this checkpoint.")
                        .with("class", "about"),
                tiles));
    }

    private String headline(double mean) {
        boolean clean = study.gradientLeak() == 0 && study.attentionLeak() <= ListCopyStudy.LEAK_THRESHOLD;
        return headline(study.whole().accuracy(), learned, clean, mean);
    }

    /**
     * First how well it copies: what a model that copies badly does without is nothing to conclude from.
     *
     * @param learned accuracy from which on the experiment calls the task learned
     * @param mean accuracy with every pattern replaced by its mean
     */
    static String headline(double accuracy, double learned, boolean clean, double mean) {
        String leaks = clean ? "Nothing leaks around SEP" : "Something leaks around SEP";
        String copies = "It copies " + Amounts.percent(accuracy) + " of the digits";
        if (accuracy < learned) {
            return "%s, less than the %s that count as learned: this is a model that has not learned to copy. %s"
                    .formatted(copies, Amounts.exactPercent(learned), leaks);
        }
        double lost = accuracy - mean;
        String attention = lost < 0.02
                ? "attention that is the same for every list is enough"
                : "attention that differs from list to list carries " + Amounts.percent(lost) + " of the accuracy";
        return copies + ". " + leaks + (clean ? ", and " : "; ") + attention;
    }

    private String n() {
        return "n = " + Amounts.count(study.whole().n());
    }

    private double underMeanAttention() {
        return study.meanPatterns().getFirst().score().accuracy();
    }

    private long identical() {
        return study.attention().heads().stream()
                .filter(MeanAttention.Head::identical)
                .count();
    }

    static Html say(String text) {
        return Html.tag("p", text).with("class", "about lens");
    }

    private Html sample() {
        return Html.group(List.of(
                say("Rows are queries, columns are keys, on the list "
                        + study.sample().name()
                        + ". The mask excludes the hatched entries: above all, o1 and o2 never see d1 and d2."),
                PageParts.grid("maps", plots.sample())));
    }

    private Html mean() {
        List<Row> rows = new ArrayList<>();
        for (MeanAttention.Head head : study.attention().heads()) {
            double spread = IntStream.range(0, study.labels().size())
                    .mapToDouble(q -> IntStream.range(0, study.labels().size())
                            .mapToDouble(k -> head.deviation()[q][k])
                            .max()
                            .orElse(0))
                    .max()
                    .orElse(0);
            rows.add(Row.of(
                    "layer " + head.layer() + ", head " + head.head(),
                    head.identical() ? "yes" : "no",
                    PageNumbers.measure(spread),
                    PageNumbers.measure(head.leak())));
        }
        var table = new Table(
                "Over " + Amounts.count(study.attention().n()) + " lists",
                List.of(
                        new Column("head", false),
                        new Column("same for all", false),
                        new Column("largest deviation (sd)", true),
                        new Column("largest leak", true)),
                rows);
        return Html.group(List.of(
                say("The mean of every pattern over the test set. Where the deviation is near 0 a head attends by"
                        + " position alone."),
                PageParts.grid("maps", plots.mean()),
                Html.tag("div", PageParts.card(table.captioned())).with("class", "below")));
    }

    private Html leaks() {
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < outputs; i++) {
            rows.add(gradients("o" + (i + 1) + ", every path", study.leaks().through()[i]));
            rows.add(gradients("o" + (i + 1) + ", around SEP", study.leaks().around()[i]));
        }
        List<Column> columns = new ArrayList<>(List.of(new Column("gradient of", false)));
        study.labels().forEach(label -> columns.add(new Column("at " + label, true)));
        var table = new Table("Largest gradient with respect to a token", columns, rows);
        return Html.group(List.of(
                say(
                        "Two checks. Attention from an output to an input: at most %s in any head (allowed: %s). And exactly: the gradient of each output's logits with respect to the tokens, with SEP's residual stream held constant, so that only paths around SEP are left. Around SEP the inputs get %s."
                                .formatted(
                                        PageNumbers.measure(study.attentionLeak()),
                                        ListCopyStudy.LEAK_THRESHOLD,
                                        study.gradientLeak() == 0
                                                ? "exactly 0"
                                                : PageNumbers.measure(study.gradientLeak()))),
                PageParts.card(table.captioned())));
    }

    private static Row gradients(String name, double[] values) {
        List<String> cells = new ArrayList<>(List.of(name));
        for (double value : values) {
            cells.add(PageNumbers.measure(value));
        }
        return Row.of(cells.toArray(String[]::new));
    }

    private Html meanAttention() {
        List<Row> rows = new ArrayList<>(List.of(score("as it is", "", study.whole())));
        study.meanPatterns().forEach(a -> rows.add(score(a.part(), a.method(), a.score())));
        return Html.group(List.of(
                say("Every pattern replaced by its mean over the test set, in all layers or in one: through the scores,"
                        + " log(mean + 1e-12), as in the original study, or directly. The accuracy lost is what"
                        + " attention computed from the digits."),
                PageParts.card(scores("mean attention in", rows).captioned())));
    }

    private Table scores(String what, List<Row> rows) {
        List<Column> columns = new ArrayList<>(List.of(new Column(what, false), new Column("how", false)));
        for (int i = 0; i < outputs; i++) {
            columns.add(new Column("o" + (i + 1), true));
        }
        columns.add(new Column("both", true));
        columns.add(new Column("loss (nats)", true));
        return new Table("Accuracy, " + n(), columns, rows);
    }

    private static Row score(String what, String how, Score score) {
        List<String> cells = new ArrayList<>(List.of(what, how));
        for (double accuracy : score.accuracyAt()) {
            cells.add(Amounts.percent(accuracy));
        }
        cells.add(Amounts.percent(score.accuracy()));
        cells.add(PageNumbers.measure(score.loss()));
        return Row.of(cells.toArray(String[]::new));
    }

    private Html edges() {
        List<Ablation> worst = study.edges().stream()
                .filter(a -> a.intervention() instanceof Intervention.Edge)
                .sorted(Comparator.comparingDouble(a -> a.score().accuracy()))
                .limit(EDGES)
                .toList();
        List<Row> rows = new ArrayList<>(List.of(score("none", "", study.whole())));
        worst.forEach(a -> rows.add(score(a.part(), a.method(), a.score())));
        return Html.group(List.of(
                say("One entry of one pattern set to 0 for every list: how much accuracy each output loses. 1 is"
                        + " all of it." + spared(study.whole().accuracy(), study.edges())),
                PageParts.grid("maps", plots.edges()),
                Html.tag(
                                "div",
                                PageParts.card(scores("the " + worst.size() + " cuts that cost most", rows)
                                        .captioned()))
                        .with("class", "below")));
    }

    /** The cuts that cost much, and next to nothing once the rest of the row is scaled up. */
    static String spared(double whole, List<Ablation> edges) {
        var said = new StringBuilder();
        for (Ablation cut : edges) {
            double lost = whole - cut.score().accuracy();
            if (cut.intervention() instanceof Intervention.Edge(int layer, int head, int query, int key, boolean scaled)
                    && !scaled
                    && lost >= MUCH) {
                var other = new Intervention.Edge(layer, head, query, key, true);
                edges.stream()
                        .filter(a -> a.intervention().equals(other)
                                && whole - a.score().accuracy() < lost / 10)
                        .forEach(a -> said.append(
                                " Without %s, %s is left, but %s if the rest of the row is renormalised to sum to 1: what it attends to instead serves nearly as well."
                                        .formatted(
                                                cut.part(),
                                                Amounts.percent(cut.score().accuracy()),
                                                Amounts.percent(a.score().accuracy()))));
            }
        }
        return said.toString();
    }

    private Html parts() {
        List<Row> rows = new ArrayList<>(List.of(score("nothing taken away", "", study.whole())));
        study.heads().forEach(a -> rows.add(score(a.part(), a.method(), a.score())));
        study.positions().forEach(a -> rows.add(score("W_pos, " + a.part(), a.method(), a.score())));
        return Html.group(List.of(
                say("A head's output, or the positional embedding, replaced by 0, by its mean, or by what it is on"
                        + " another list."),
                PageParts.card(scores("without", rows).captioned())));
    }

    private Html writes() {
        return Html.group(List.of(
                say("What each component adds to the logit of each digit of the list, less the mean over all"
                        + " classes; the rows sum to the last one."),
                PageParts.grid("maps", List.of(plots.attribution()))));
    }

    private Html logitLens() {
        LogitLens lens = study.logitLens();
        List<Column> columns = new ArrayList<>(List.of(new Column("residual stream", false)));
        for (int i = 0; i < outputs; i++) {
            columns.add(new Column("o" + (i + 1) + " right", true));
        }
        for (int i = 0; i < outputs; i++) {
            columns.add(new Column("o" + (i + 1) + " loss (nats)", true));
        }
        List<Row> rows = new ArrayList<>();
        for (int p = 0; p < lens.places().size(); p++) {
            List<String> cells = new ArrayList<>(List.of(place(lens.places().get(p))));
            for (double accuracy : lens.accuracy()[p]) {
                cells.add(Amounts.percent(accuracy));
            }
            for (double loss : lens.loss()[p]) {
                cells.add(PageNumbers.measure(loss));
            }
            rows.add(Row.of(cells.toArray(String[]::new)));
        }
        return Html.group(List.of(
                say("The residual stream at the outputs read by the unembedding before each layer (logit lens)."),
                PageParts.card(
                        new Table("Accuracy and loss, n = " + Amounts.count(lens.n()), columns, rows).captioned())));
    }

    private static String place(String label) {
        return label.equals("final") ? "after the last layer" : "before layer " + label.replace(".pre", "");
    }
}
