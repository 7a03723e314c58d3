package hooke.fused.pass;

/** What a pass has measured since it was cleared. */
public final class PassTally {
    private double loss;
    private long right;

    public void clear() {
        loss = 0;
        right = 0;
    }

    /** Takes the loss of some answers, in nats, and how many of them are right. */
    public void add(double lossOfAll, int areRight) {
        loss += lossOfAll;
        right += areRight;
    }

    /** Of all answers, in nats. */
    public double loss() {
        return loss;
    }

    /** Answers whose class had the largest logit. */
    public long right() {
        return right;
    }
}
