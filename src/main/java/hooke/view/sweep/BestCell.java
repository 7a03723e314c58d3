package hooke.view.sweep;

import hooke.Amounts;
import hooke.stats.Estimate;
import hooke.sweep.measures.CellMeasures;
import hooke.sweep.measures.EndFigure;
import hooke.sweep.measures.SweepMeasures;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** The cell whose median is the best by the first figure of a sweep without a goal, and how far that can be trusted. */
record BestCell(SweepMeasures sweep, EndFigure end, CellMeasures cell) {

    /** Empty while no run has ended. */
    static Optional<BestCell> of(SweepMeasures sweep) {
        return sweep.ends().stream()
                .findFirst()
                .flatMap(end -> sweep.cells().stream()
                        .filter(c -> c.end(end).isPresent())
                        .min(Comparator.comparingDouble(c -> (end.isShare() ? -1 : 1)
                                * c.end(end).orElseThrow().quantile(0.5)))
                        .map(c -> new BestCell(sweep, end, c)));
    }

    /** {@code Lowest bits/byte: causal, 2.381}, by the median. */
    String text() {
        return "%s %s: %s, %s"
                .formatted(
                        end.isShare() ? "Highest" : "Lowest",
                        end.title(),
                        cell.cell().label(),
                        SweepPlots.shown(end, cell.end(end).orElseThrow().quantile(0.5)));
    }

    /** How many others cannot be told from it, as a sentence; empty where that is none. */
    String standing() {
        Estimate first = cell.end(end).orElseThrow().median(sweep.level());
        List<Estimate> others = sweep.cells().stream()
                .filter(c -> !c.equals(cell))
                .flatMap(c -> c.end(end).stream())
                .map(sample -> sample.median(sweep.level()))
                .toList();
        if (others.isEmpty()) {
            return "";
        }
        if (!first.hasInterval()) {
            return "It has one run, which does not say how much another seed changes.";
        }
        long overlapping = others.stream()
                .filter(o -> !o.hasInterval() || o.low() <= first.high() && first.low() <= o.high())
                .count();
        return overlapping == 0
                ? ""
                : "Of the %s, %s cannot be told from it: their intervals overlap."
                        .formatted(Amounts.of(others.size(), "other cell", "other cells"), Amounts.count(overlapping));
    }
}
