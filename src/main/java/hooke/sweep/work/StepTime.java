package hooke.sweep.work;

import hooke.config.Experiment;
import hooke.train.Training;
import java.lang.management.ManagementFactory;
import java.util.function.LongSupplier;

/**
 * What training takes on this machine, by training for some seconds; all in seconds.
 *
 * @param start what this measurement took beyond its updates and evaluations at their speed: loading code, waiting for the compiler
 * @param begin to make data and weights of one run, once all code is loaded
 * @param update the mean over the quickest of windows in which this thread computed for a good third of a second
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
    /**
     * No window but the first begins when this thread has computed for longer. On a busy machine that takes longer by the clock, and the
     * compiler has to wait as long: by the clock, a step that is not compiled yet would be taken for the speed of the machine.
     */
    private static final double LONGEST = 6;
    /** By the clock, however little this thread gets to compute. */
    private static final double PATIENCE = 30;
    /** A window that is not quicker than the quickest before it by so much ends the wait for the compiler. */
    private static final double QUICKER = 0.95;

    private static final int LEAST_WINDOWS = 3;
    private static final int EVALUATIONS = 4;

    /** Windows of updates go on while they still get quicker. */
    public static StepTime of(Experiment experiment) {
        return of(experiment, System::nanoTime, ManagementFactory.getThreadMXBean()::getCurrentThreadCpuTime);
    }

    /**
     * @param nanos a clock, as {@link System#nanoTime}
     * @param cpu the time that this thread has computed
     */
    static StepTime of(Experiment experiment, LongSupplier nanos, LongSupplier cpu) {
        var whole = new Watch(nanos);
        var computed = new Watch(cpu);
        double update = Double.POSITIVE_INFINITY;
        double evaluation = Double.POSITIVE_INFINITY;
        long updates = 0;
        try (Training training = Training.begin(experiment)) {
            boolean settled;
            int windows = 0;
            do {
                Window next = Window.of(training, new Watch(nanos), new Watch(cpu));
                updates += next.updates();
                windows++;
                settled = next.update() > QUICKER * update && windows >= LEAST_WINDOWS;
                update = Math.min(update, next.update());
            } while (!settled && computed.seconds() < LONGEST && whole.seconds() < PATIENCE);
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
        static Window of(Training training, Watch watch, Watch computed) {
            int updates = 0;
            do {
                training.advance();
                updates++;
            } while (computed.seconds() < WINDOW && watch.seconds() < PATIENCE);
            return new Window(updates, watch.seconds() / updates);
        }
    }
}
