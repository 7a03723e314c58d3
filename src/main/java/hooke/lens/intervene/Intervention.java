package hooke.lens.intervene;

import hooke.Check;
import hooke.config.form.Spread;
import hooke.hook.HookPoint;
import java.util.List;

/**
 * One change to a forward pass, as data: it can be written to a file, shared, put together with others ({@link Intervened}), and done
 * to every run of a sweep. What it replaces with is taken from the model as it is, without any intervention.
 */
public sealed interface Intervention {

    /**
     * Some heads at some positions; an empty list is all of them. At scores and patterns positions are queries.
     *
     * @param positions places in the context, from 0
     */
    record Part(List<Integer> heads, List<Integer> positions) {
        /** Everything. */
        public static final Part ALL = new Part(List.of(), List.of());

        public Part {
            heads = List.copyOf(heads);
            positions = List.copyOf(positions);
        }

        /** One head, at every position. */
        public static Part head(int head) {
            return new Part(List.of(head), List.of());
        }

        /** One position, all heads. */
        public static Part position(int position) {
            return new Part(List.of(), List.of(position));
        }
    }

    /** An activation becomes 0. */
    record Zero(HookPoint at, @Spread Part part) implements Intervention {
        public Zero {
            checkPart(at, part);
        }
    }

    /** An activation becomes its mean over the reference examples, position by position. */
    record Mean(HookPoint at, @Spread Part part) implements Intervention {
        public Mean {
            checkPart(at, part);
        }
    }

    /** An activation becomes what it is on another of the reference examples, drawn for each example from this seed. */
    record Resample(HookPoint at, @Spread Part part, long seed) implements Intervention {
        public Resample {
            checkPart(at, part);
            Check.that(seed >= 0, "seed (%s) must be at least 0", seed);
        }
    }

    /** An activation becomes what it is on this question, written as for {@code hooke ask}. */
    record Patch(HookPoint at, @Spread Part part, List<String> question) implements Intervention {
        public Patch {
            checkPart(at, part);
            question = List.copyOf(question);
        }
    }

    /**
     * A query no longer attends to a key: that entry of the pattern becomes 0.
     *
     * @param renormalise whether the rest of the row is scaled up to sum to 1 again; a row that had nothing else stays 0
     */
    record Edge(int layer, int head, int query, int key, boolean renormalise) implements Intervention {}

    /**
     * Every head of these layers attends as on average over the reference examples, whatever the input; an empty list is all layers.
     *
     * @param through where the mean enters: as scores {@code log(mean + 1e-12)}, the list-copy notebook's way, or as the pattern itself
     */
    record MeanPattern(List<Integer> layers, Through through) implements Intervention {
        public MeanPattern {
            layers = List.copyOf(layers);
        }
    }

    enum Through {
        SCORES,
        PATTERN
    }

    private static void checkPart(HookPoint at, Part part) {
        Check.that(
                part.heads().isEmpty() || at.point().axes().contains("head"),
                "heads cannot be chosen at %s, whose axes are %s",
                at,
                String.join(", ", at.point().axes()));
    }
}
