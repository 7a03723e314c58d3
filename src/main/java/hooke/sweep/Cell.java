package hooke.sweep;

import hooke.config.Experiment;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/**
 * One row of a sweep: an experiment less its seed. Its runs are called {@code SWEEP.LABEL/SEED} unless they were there before under
 * another name.
 *
 * @param label short, and its own within the sweep; letters, digits and {@code . _ + -}
 * @param choices what the sweep chose for it, by axis in the order of the file: the key as it is written there (a path of a setting; {@code
 *     cell} for named cells) with the value's name, or its text where it has no name. An axis whose condition does not hold is left out
 * @param settings by path, as {@link Experiment#settings}: those in which the cells of the sweep differ, and no other; also those that
 *     follow from a choice, like {@code model.d_head}
 * @param experiment with seed 0 and {@code auto} settled for one thread
 * @param hash of the experiment less its seed
 */
public record Cell(
        String label,
        SequencedMap<String, String> choices,
        SequencedMap<String, String> settings,
        Experiment experiment,
        String hash) {
    /** What stands for a key where cells have names. */
    public static final String NAMED = "cell";

    public Cell {
        choices = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(choices));
        settings = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(settings));
    }

    /**
     * What tells the cell from others, by setting: what the sweep chose, or for named cells every setting in which cells differ, but no
     * facts of a file that follow from it.
     */
    public SequencedMap<String, String> axes() {
        if (!choices.keySet().stream().allMatch(NAMED::equals)) {
            return choices;
        }
        SequencedMap<String, String> axes = new LinkedHashMap<>(settings);
        axes.keySet().removeIf(key -> key.startsWith("task.facts.") || key.startsWith("model.d_vocab"));
        return axes;
    }

    /** What is trained for one seed. */
    public Experiment experiment(long seed) {
        return experiment.withSeed(seed);
    }
}
