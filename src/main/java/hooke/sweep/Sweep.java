package hooke.sweep;

import hooke.config.Experiment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A set of cells and the seeds that each of them is trained from.
 *
 * @param name as the store and reports call it
 * @param note free text
 * @param text the whole sweep as one YAML document that needs no other file, its base written out: read again it is the same sweep
 * @param base what the cells are made of
 * @param cells in the order of the file: the first axis changes slowest
 * @param seeds of every cell, in the order of the file
 * @param cap cells at most
 * @param halving how bad cells are given up before their end; empty: not at all
 * @param bayes how further cells are proposed once these are trained; empty: there are no others
 * @param remarks sentences on what the file says and what became of it, for the user to see
 */
public record Sweep(
        String name,
        String note,
        String text,
        Experiment base,
        List<Cell> cells,
        List<Long> seeds,
        int cap,
        Optional<Halving> halving,
        Optional<Bayes> bayes,
        List<String> remarks) {
    public Sweep {
        cells = List.copyOf(cells);
        seeds = List.copyOf(seeds);
        remarks = List.copyOf(remarks);
    }

    /** With one more thing for the user to see. */
    public Sweep withRemark(String sentence) {
        List<String> more = new ArrayList<>(remarks);
        more.add(sentence);
        return new Sweep(name, note, text, base, cells, seeds, cap, halving, bayes, more);
    }

    /** Runs in all. */
    public int size() {
        return cells.size() * seeds.size();
    }
}
