package hooke.sweep;

import hooke.config.Experiment;
import hooke.train.Training;

/**
 * What training takes on this machine, by training for some seconds; all in seconds.
 *
 * @param start what this measurement took beyond its updates and evaluations at their speed: loading code, waiting for the compiler
 * @param begin to make data and weights of one run, once all code is loaded
 * @param update the mean over the quickest of windows of a good third of a second
 * @param evaluation of training and test set
 */
public record StepTime(double start, double begin, double update, double evaluation) {
    private static final long WINDOW_NANOS = 400_000_000;
    /** No window begins later. */
    private static final double LONGEST = 6;
    /** A window that is not quicker than the quickest before it by so much ends the wait for the compiler. */
    private static final double QUICKER = 0.95;

    private static final int LEAST_WINDOWS = 3;
    private static final int EVALUATIONS = 4;

    /** Windows of updates go on while they still get quicker. */
    public static StepTime of(Experiment experiment) {
        long began = System.nanoTime();
        double update = Double.POSITIVE_INFINITY;
        double evaluation = Double.POSITIVE_INFINITY;
        long updates = 0;
        try (Training training = Training.begin(experiment)) {
            boolean settled = false;
            for (int windows = 0; !settled && since(began) < LONGEST; windows++) {
                Window next = Window.of(training);
                updates += next.updates();
                settled = next.update() > QUICKER * update && windows + 1 >= LEAST_WINDOWS;
                update = Math.min(update, next.update());
            }
            for (int i = 0; i < EVALUATIONS; i++) {
                long before = System.nanoTime();
                training.evaluateTrain();
                training.evaluateTest();
                evaluation = Math.min(evaluation, since(before));
            }
        }
        double start = since(began) - updates * update - EVALUATIONS * evaluation;
        return new StepTime(Math.max(0, start), begin(experiment), update, evaluation);
    }

    private static double begin(Experiment experiment) {
        long before = System.nanoTime();
        Training.begin(experiment).close();
        return since(before);
    }

    private static double since(long nanos) {
        return (System.nanoTime() - nanos) / 1e9;
    }

    private record Window(long updates, double update) {
        static Window of(Training training) {
            long begin = System.nanoTime();
            int updates = 0;
            do {
                training.update();
                updates++;
            } while (System.nanoTime() - begin < WINDOW_NANOS);
            return new Window(updates, since(begin) / updates);
        }
    }
}
