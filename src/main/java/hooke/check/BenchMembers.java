package hooke.check;

import hooke.config.Experiment;
import hooke.task.Split;
import hooke.train.Training;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Sixteen trainings from other weights in other orders, side by side on a few threads: each thread trains its members in turn. */
final class BenchMembers implements AutoCloseable {
    static final int COUNT = 16;

    private final List<ExecutorService> threads = new ArrayList<>();
    private final List<Training> members = new ArrayList<>();
    private final Split split;

    BenchMembers(Experiment experiment, Split split, int threads) {
        this.split = split;
        for (int i = 0; i < threads; i++) {
            this.threads.add(Executors.newSingleThreadExecutor());
        }
        for (int member = 0; member < COUNT; member++) {
            int number = member;
            // A training belongs to the thread that began it.
            members.add(await(on(
                    member,
                    () -> Training.of(experiment.withSeed(number), split, BenchWeights.listCopy(experiment, number)))));
        }
    }

    private <T> Future<T> on(int member, Callable<T> work) {
        return threads.get(member % threads.size()).submit(work);
    }

    private static <T> T await(Future<T> future) {
        try {
            return future.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    /** The members' mean losses of four steps. */
    List<Double> firstLosses() {
        List<Double> mean = new ArrayList<>(List.of(0.0, 0.0, 0.0, 0.0));
        for (int member = 0; member < COUNT; member++) {
            Training training = members.get(member);
            List<Double> losses = await(on(member, () -> Bench.firstLosses(training, split, 128)));
            for (int step = 0; step < losses.size(); step++) {
                mean.set(step, mean.get(step) + losses.get(step) / COUNT);
            }
        }
        return mean;
    }

    /** Twenty steps of every member. */
    void twentySteps() {
        List<Future<Double>> running = new ArrayList<>();
        for (int member = 0; member < COUNT; member++) {
            Training training = members.get(member);
            running.add(on(member, () -> {
                double loss = 0;
                for (int step = 0; step < 20; step++) {
                    loss = training.advance().loss();
                }
                return loss;
            }));
        }
        running.forEach(BenchMembers::await);
    }

    @Override
    public void close() {
        // Scopes close in the reverse order of opening.
        for (int member = COUNT - 1; member >= 0; member--) {
            Training training = members.get(member);
            await(on(member, () -> {
                training.close();
                return true;
            }));
        }
        threads.forEach(ExecutorService::shutdown);
    }
}
