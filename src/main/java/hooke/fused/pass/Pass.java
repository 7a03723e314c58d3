package hooke.fused.pass;

/** Forward and backward of some examples on one thread, with arrays of its own. */
public interface Pass {
    /**
     * Measures examples [from, to) of these, into {@link #tally}.
     *
     * @param weight of each answer in the loss whose gradient is added to {@link #gradients}, or 0 for none
     */
    void run(int[] examples, int from, int to, double weight);

    PassTally tally();

    float[] gradients();
}
