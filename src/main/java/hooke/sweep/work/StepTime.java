package hooke.sweep.work;

import hooke.config.Experiment;
import hooke.train.Training;
import java.util.function.LongSupplier;

/**
 * What training takes on this machine, by training for some seconds; all in seconds.
 *
 * @param start what this measurement took beyond its updates and evaluations at their speed: loading code, waiting for the compiler
 * @param begin to make data and weights of one run, once all code is loaded
 * @param update the mean over the quickest of windows of a good third of a second
 * @param evaluation of training and test set
 */
public record StepTime(double start, double begin, double update, double evaluation) {
    public StepTime {
        for (double time : new double[] {start, begin, update, evaluation}) {
            if (!(time >= 0 && time < Double.POSITIVE_INFINITY)) {
                throw new IllegalArgumentException("a time of " + time + " s was not measured");
            }
        }
    }

    private static final double WINDOW = 0.4;
    /** No window but the first begins later: to make the training may have taken longer than this on a busy machine. */
    private static final double LONGEST = 6;
    /** A window that is not quicker than the quickest before it by so much ends the wait for the compiler. */
    private static final double QUICKER = 0.95;

    private static final int LEAST_WINDOWS = 3;
    private static final int EVALUATIONS = 4;

    /** Windows of updates go on while they still get quicker. */
    public static StepTime of(Experiment experiment) {
        return of(experiment, System::nanoTime);
    }

    /** @param nanos a clock, as {@link System#nanoTime} */
    static StepTime of(Experiment experiment, LongSupplier nanos) {
        var whole = new Watch(nanos);
        double update = Double.POSITIVE_INFINITY;
        double evaluation = Double.POSITIVE_INFINITY;
        long updates = 0;
        try (Training training = Training.begin(experiment)) {
            boolean settled;
            int windows = 0;
            do {
                Window next = Window.of(training, new Watch(nanos));
                updates += next.updates();
                windows++;
                settled = next.update() > QUICKER * update && windows >= LEAST_WINDOWS;
                update = Math.min(update, next.update());
            } while (!settled && whole.seconds() < LONGEST);
            for (int i = 0; i < EVALUATIONS; i++) {
                var watch = new Watch(nanos);
                training.evaluate();
                evaluation = Math.min(evaluation, watch.seconds());
            }
        }
        double start = whole.seconds() - updates * update - EVALUATIONS * evaluation;
        return new StepTime(Math.max(0, start), begin(experiment, new Watch(nanos)), update, evaluation);
    }

    private static double begin(Experiment experiment, Watch watch) {
        Training.begin(experiment).close();
        return watch.seconds();
    }

    /** Counts from when it is made. */
    private record Watch(LongSupplier nanos, long begin) {
        Watch(LongSupplier nanos) {
            this(nanos, nanos.getAsLong());
        }

        double seconds() {
            return (nanos.getAsLong() - begin) / 1e9;
        }
    }

    private record Window(long updates, double update) {
        static Window of(Training training, Watch watch) {
            int updates = 0;
            double seconds;
            do {
                training.advance();
                updates++;
                seconds = watch.seconds();
            } while (seconds < WINDOW);
            return new Window(updates, seconds / updates);
        }
    }
}
