package hooke.view.lens;

import hooke.Amounts;
import hooke.Decimals;
import hooke.lens.listcopy.SeparatorStudy;
import hooke.view.PageNumbers;
import hooke.view.page.Html;
import hooke.view.page.PageParts;
import hooke.view.page.Table;
import hooke.view.page.Table.Column;
import hooke.view.page.Table.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What the separator of a list-copy model carries, layer by layer, and what becomes of it when it is exchanged. */
final class SeparatorSection {
    private SeparatorSection() {}

    /** @param outputs digits of a list */
    static Html of(SeparatorStudy separator, int outputs) {
        List<Column> columns = new ArrayList<>(List.of(new Column("SEP as read by", false)));
        for (int i = 0; i < outputs; i++) {
            columns.add(new Column("from d" + (i + 1) + " alone", true));
        }
        columns.add(new Column("from both together", true));
        columns.add(new Column("size d1 : d" + outputs, true));
        columns.add(new Column("d1 against d" + outputs, true));
        columns.add(new Column("backwards", true));
        List<Row> carried = new ArrayList<>();
        List<Row> exchanged = new ArrayList<>();
        for (SeparatorStudy.Place place : separator.places()) {
            List<String> cells = new ArrayList<>(List.of("layer " + place.layer()));
            for (double share : place.shares()) {
                cells.add(Amounts.percent(share));
            }
            cells.add(Amounts.percent(place.together()));
            cells.add(PageNumbers.measure(place.sizes()[0] / place.sizes()[outputs - 1]) + " : 1");
            cells.add(cosine(place.alignment()));
            cells.add(cosine(place.reversal()));
            carried.add(Row.of(cells.toArray(String[]::new)));
            List<String> exchange = new ArrayList<>(List.of("layer " + place.layer() + " on"));
            for (int i = 0; i < outputs; i++) {
                exchange.add(Amounts.percent(place.keeps()[i]));
                exchange.add(Amounts.percent(place.follows()[i]));
            }
            exchanged.add(Row.of(exchange.toArray(String[]::new)));
        }
        List<Column> exchange = new ArrayList<>(List.of(new Column("SEP exchanged from", false)));
        for (int i = 0; i < outputs; i++) {
            exchange.add(new Column("o" + (i + 1) + " keeps its digit", true));
            exchange.add(new Column("o" + (i + 1) + " writes the other", true));
        }
        return Html.group(List.of(
                ListCopyPage.say(mostly(separator)),
                ListCopyPage.say(
                        "SEP's residual stream as each layer reads it, over every list. Its variance splits into what"
                                + " d1 alone explains, what d2 alone explains, and the rest. How is the order held? If a"
                                + " digit added the same vector as d1 and as d2, [a b] and [b a] would look alike and"
                                + " could not be distinguished: the cosine \"backwards\" between the two would be 1. A cosine near"
                                + " 0 between what a digit adds as d1 and as d2 means different directions; near 1 with"
                                + " different sizes means that the order is encoded in how strongly each is written."),
                PageParts.card(new Table("What SEP carries, n = " + Amounts.count(separator.n()), columns, carried)
                        .captioned()),
                ListCopyPage.say("By experiment: from a layer on, SEP gets its residual stream from the reversed list."
                        + " Whose digits come out?"),
                PageParts.card(
                        new Table("SEP exchanged, n = " + Amounts.count(separator.swapped()), exchange, exchanged)
                                .captioned())));
    }

    /** Which digit each layer finds most of at the separator. */
    private static String mostly(SeparatorStudy separator) {
        List<String> parts = new ArrayList<>();
        for (SeparatorStudy.Place place : separator.places()) {
            int most = 0;
            for (int i = 1; i < place.shares().length; i++) {
                most = place.shares()[i] > place.shares()[most] ? i : most;
            }
            parts.add("layer %s finds mostly d%s at SEP (%s of its variance)"
                    .formatted(place.layer(), most + 1, Amounts.percent(place.shares()[most])));
        }
        String all = String.join(", ", parts);
        return all.isEmpty()
                ? "With one layer, SEP knows no digit when the outputs read it."
                : all.substring(0, 1).toUpperCase(Locale.ROOT) + all.substring(1) + ".";
    }

    private static String cosine(double value) {
        return Decimals.format("%.2f", value);
    }
}
