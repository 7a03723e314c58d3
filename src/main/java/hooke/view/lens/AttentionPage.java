package hooke.view.lens;

import hooke.Amounts;
import hooke.config.ModelConfig;
import hooke.lens.attention.AttentionExample;
import hooke.view.page.AttentionExplorer;
import hooke.view.page.Html;
import hooke.view.page.Page;
import hooke.view.page.PageParts;
import java.util.List;

/** What the heads of a model attend to, on examples to choose from. */
public final class AttentionPage {
    /** So many examples of a test set, where nobody asked for others. */
    public static final int EXAMPLES = 24;

    /** Weights on a page, some 5 bytes each; one example is always shown. */
    private static final int WEIGHTS = 400_000;

    private AttentionPage() {}

    /**
     * So many of them for a page that a browser opens at once.
     *
     * @param length tokens of an example
     */
    public static int examples(ModelConfig model, int length) {
        long weights = (long) model.nLayers() * model.nHeads() * length * length;
        return Math.clamp(WEIGHTS / weights, 1, EXAMPLES);
    }

    /**
     * @param address {@code name/seed@step}
     * @param positions in words
     */
    public static Page of(String address, ModelConfig model, List<String> positions, List<AttentionExample> examples) {
        var explorer = new AttentionExplorer("Where every token looks", positions, model.mask(), examples);
        Html head = Html.group(List.of(
                PageParts.kicker(address, List.of()),
                Html.tag("h1", "What every head attends to"),
                Html.tag(
                                "p",
                                "%s of %s, on %s. A row of a pattern sums to 1; what the mask closes is struck out."
                                        .formatted(
                                                Amounts.of(model.nLayers(), "layer", "layers"),
                                                Amounts.of(model.nHeads(), "head", "heads"),
                                                Amounts.of(examples.size(), "example", "examples")))
                        .with("class", "about")));
        return new Page(
                address + ": attention",
                address,
                head,
                List.of(new Page.Section("explore", "Attention, example by example", false, explorer.html())),
                "Written by Hooke. This page holds every number it shows and needs no network.");
    }
}
