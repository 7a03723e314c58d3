package hooke.config;

import hooke.Check;
import java.util.OptionalLong;

/**
 * Seeds of single random streams, for those who want another program's exact draws. A stream without a seed of its own is derived
 * from the experiment's.
 *
 * @param split seeds the generator that shuffles all examples before they are split, as {@code torch.manual_seed} does
 * @param weights seeds the generator of the initial weights
 * @param order seeds the generator of the order of batches
 * @param notebook one generator for all three, drawn in the order split, weights, order: what a PyTorch notebook does after a single
 *     {@code torch.manual_seed}
 */
public record Seeds(OptionalLong split, OptionalLong weights, OptionalLong order, OptionalLong notebook) {
    public static final Seeds DERIVED =
            new Seeds(OptionalLong.empty(), OptionalLong.empty(), OptionalLong.empty(), OptionalLong.empty());

    public Seeds {
        check("split", split);
        check("weights", weights);
        check("order", order);
        check("notebook", notebook);
        Check.that(
                notebook.isEmpty() || split.isEmpty() && weights.isEmpty() && order.isEmpty(),
                "seeds.notebook stands for split, weights and order; it cannot be given beside one of them");
    }

    private static void check(String key, OptionalLong seed) {
        Check.that(
                seed.isEmpty() || seed.getAsLong() >= 0 && seed.getAsLong() <= 0xFFFF_FFFFL,
                "seeds.%s (%s) must be from 0 to 4294967295, the seeds of mt19937",
                key,
                seed.isPresent() ? seed.getAsLong() : "");
    }
}
