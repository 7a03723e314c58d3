package hooke.view.plot;

import hooke.Check;
import hooke.view.Palette;
import java.util.List;

/**
 * Values over a few dozen named things, as bars: a spectrum.
 *
 * @param names of the things, in their order
 * @param groups drawn from the middle upwards (the first) and downwards (the second), so that two spectra are compared by eye
 * @param marked which things stand out, each in a colour of its own, in this order
 */
public record BarPlot(String title, String xLabel, Axis y, List<String> names, List<Bars> groups, List<Integer> marked)
        implements Plot {
    /** @param values one a thing, none below 0 */
    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    public record Bars(String name, double[] values) {}

    public BarPlot {
        names = List.copyOf(names);
        groups = List.copyOf(groups);
        marked = List.copyOf(marked);
        Check.that(
                !groups.isEmpty() && groups.size() <= 2,
                "bar plot %s has %s groups, not one or two",
                title,
                groups.size());
        for (Bars bars : groups) {
            Check.that(
                    bars.values().length == names.size(),
                    "bars %s has %s values for %s names",
                    bars.name(),
                    bars.values().length,
                    names.size());
        }
    }

    /** The largest value of all. */
    public double highest() {
        return groups.stream()
                .flatMapToDouble(b -> java.util.Arrays.stream(b.values()))
                .filter(Double::isFinite)
                .max()
                .orElse(0);
    }

    /** The colour of a thing among those of curves; -1 for one that does not stand out. */
    public int colour(int thing) {
        int place = marked.indexOf(thing);
        return place < 0 ? -1 : place % Palette.LIGHT.curves().size();
    }
}
