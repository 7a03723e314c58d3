package hooke.fused;

/** What a pass has measured since it was cleared. */
final class Tally {
    private double loss;
    private long right;

    void clear() {
        loss = 0;
        right = 0;
    }

    /** Takes the loss of some answers, in nats, and how many of them are right. */
    void add(double lossOfAll, int areRight) {
        loss += lossOfAll;
        right += areRight;
    }

    /** Of all answers, in nats. */
    double loss() {
        return loss;
    }

    /** Answers whose class had the largest logit. */
    long right() {
        return right;
    }
}
