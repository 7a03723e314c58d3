package hooke.sweep;

import hooke.config.Experiment;
import hooke.train.Training;

/** What an update takes on this machine, by training for some seconds. */
public final class StepTime {
    private static final long WINDOW_NANOS = 400_000_000;
    private static final int MOST_WINDOWS = 12;
    /** A window that is not quicker than the quickest before it by so much ends the wait for the compiler. */
    private static final double QUICKER = 0.95;

    private StepTime() {}

    /** Seconds an update, the mean over the quickest of windows of a good third of a second, which go on while they still get quicker. */
    public static double seconds(Experiment experiment) {
        try (Training training = Training.begin(experiment)) {
            double best = window(training);
            for (int windows = 1; windows < MOST_WINDOWS; windows++) {
                double next = window(training);
                boolean settled = next > QUICKER * best;
                best = Math.min(best, next);
                if (settled && windows > 1) {
                    break;
                }
            }
            return best;
        }
    }

    private static double window(Training training) {
        long begin = System.nanoTime();
        int steps = 0;
        do {
            training.update();
            steps++;
        } while (System.nanoTime() - begin < WINDOW_NANOS);
        return (System.nanoTime() - begin) / 1e9 / steps;
    }
}
