package hooke.check;

/**
 * One quantity of a golden set, compared.
 *
 * @param set the folder of the set
 * @param quantity what was compared, by its name in {@code golden.json}
 * @param where the place of the largest error
 * @param compared how many numbers were compared
 * @param error the largest absolute error; infinite where shapes differ or a number is not finite
 * @param allowed the tolerance; 0 demands equal bits
 */
public record Finding(String set, String quantity, String where, long compared, double error, double allowed) {
    /** Whether the quantity agrees. */
    public boolean agrees() {
        return compared > 0 && error <= allowed;
    }
}
