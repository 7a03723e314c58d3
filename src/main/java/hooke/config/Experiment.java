package hooke.config;

import hooke.Check;
import java.util.List;

/**
 * One training, completely described: task, model, training and seed. Two equal experiments give the same bytes on one kind of CPU.
 *
 * @param name how the run is addressed ({@code name/seed}); the file's name unless it says otherwise
 * @param note free text that stays with the run; no number depends on it
 * @param tags free words; no number depends on them
 * @param seed what every random stream is derived from, unless {@code seeds} names it
 */
public record Experiment(
        String name,
        String note,
        List<String> tags,
        long seed,
        Seeds seeds,
        TaskConfig task,
        ModelConfig model,
        TrainConfig train) {

    public Experiment {
        Check.that(
                name.matches("[A-Za-z0-9][A-Za-z0-9._+-]{0,99}"),
                "name (%s) must be letters, digits and . _ + -, starting with a letter or digit, at most 100 characters",
                name);
        Check.that(seed >= 0, "seed (%s) must be at least 0", seed);
        tags = List.copyOf(tags);
        model.mask().check(model.nCtx());
    }
}
