package hooke.lens.fourier;

import hooke.lens.group.Group;

/**
 * For each part of a group, the share of all MLP activations' energy, centred over all pairs, that lies in functions of x, of y and of
 * x y from that part (Chughtai et al. 2023).
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
public record GroupShares(double[] ofX, double[] ofY, double[] ofProduct) {

    static GroupShares of(Group group, Means means) {
        return new GroupShares(
                shares(group, means, means.byX()),
                shares(group, means, means.byY()),
                shares(group, means, means.byProduct()));
    }

    private static double[] shares(Group group, Means means, double[][] by) {
        double all = 0;
        for (double energy : means.energy()) {
            all += energy;
        }
        double[] shares = new double[group.irreps().size()];
        for (int k = 1; k < shares.length; k++) {
            for (double energy : Means.energyOf(group.irreps().get(k), by)) {
                shares[k] += group.order() * energy / all;
            }
        }
        return shares;
    }
}
