package hooke.lens.fourier;

import hooke.Check;
import hooke.lens.group.Group;
import hooke.lens.group.Irrep;
import hooke.lens.group.TaskGroup;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * The frequency of each neuron: the one whose functions of a and b, {1, cos, sin} x {1, cos, sin} less the constant, hold the largest
 * share of its centred activation's 2D Fourier energy over all pairs.
 *
 * @param frequency of each neuron, from 1
 * @param share of its energy that the frequency holds; 0 for a dead neuron
 * @param tied whether a higher frequency holds as large a share but for rounding, as with a neuron that speaks on one pair alone
 * @param dead whether it says the same on all pairs
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
public record NeuronClusters(int[] frequency, double[] share, boolean[] tied, boolean[] dead) {
    /** A neuron belongs to its frequency above this share (Nanda et al. 2023). */
    public static final double THRESHOLD = 0.85;

    /** Shares that differ by less are equal: rounding differs from processor to processor. */
    private static final double ROUNDING = 1e-9;

    /** The neurons of a model over a cyclic group. */
    public static NeuronClusters of(TaskGroup task, PairOutputs outputs) {
        Check.that(
                task.isCyclic(),
                "neurons over %s have no frequencies",
                task.group().name());
        Check.that(outputs.width() > 0, "a model without MLP has no neurons");
        return of(task.group(), Means.of(task.group(), outputs.neurons(), outputs.width()));
    }

    /**
     * Products of a cosine of a and one of b are sums of cosines of a + b and a - b: so the energy in cos x cos, cos x sin, ... of a
     * frequency is that of the means by sum and by difference.
     */
    static NeuronClusters of(Group group, Means means) {
        int neurons = means.overall().length;
        int n = group.order();
        int[] best = new int[neurons];
        double[] share = new double[neurons];
        boolean[] tied = new boolean[neurons];
        boolean[] dead = new boolean[neurons];
        Arrays.fill(share, -1);
        for (int k = 1; k < group.irreps().size(); k++) {
            Irrep irrep = group.irreps().get(k);
            double[] x = Means.energyOf(irrep, means.byX());
            double[] y = Means.energyOf(irrep, means.byY());
            double[] sum = Means.energyOf(irrep, means.byProduct());
            double[] difference = Means.energyOf(irrep, means.byQuotient());
            boolean sign = 2 * k == n; // for which a + b and a - b are the same
            for (int j = 0; j < neurons; j++) {
                double energy = n * (x[j] + y[j] + sum[j] + (sign ? 0 : difference[j]));
                double here = means.energy()[j] == 0 ? 0 : energy / means.energy()[j];
                double margin = ROUNDING * Math.abs(share[j]);
                if (here > share[j] + margin) {
                    share[j] = here;
                    best[j] = k;
                    tied[j] = false;
                } else if (here >= share[j] - margin) {
                    tied[j] = true;
                }
            }
        }
        for (int j = 0; j < neurons; j++) {
            dead[j] = means.energy()[j] == 0;
        }
        return new NeuronClusters(best, share, tied, dead);
    }

    public boolean clustered(int neuron) {
        return !dead[neuron] && share[neuron] > THRESHOLD;
    }

    /** Frequencies that have neurons, ascending. */
    public int[] keyFrequencies() {
        return IntStream.range(0, share.length)
                .filter(this::clustered)
                .map(j -> frequency[j])
                .sorted()
                .distinct()
                .toArray();
    }

    /** Number of neurons that belong to a frequency. */
    public int size(int k) {
        return (int) IntStream.range(0, share.length)
                .filter(j -> clustered(j) && frequency[j] == k)
                .count();
    }

    /** Number of neurons that say the same on all pairs. */
    public int deadNeurons() {
        return (int) IntStream.range(0, dead.length).filter(j -> dead[j]).count();
    }
}
