package hooke.spark;

import hooke.Check;
import hooke.InputException;
import hooke.store.Run;
import hooke.store.Store;
import hooke.store.archive.Archive;
import hooke.sweep.work.Order;
import hooke.sweep.work.Reply;
import hooke.sweep.work.Workplace;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.spark.FutureAction;
import org.apache.spark.package$;
import org.jspecify.annotations.Nullable;
import scala.jdk.javaapi.FutureConverters;

/** Has one run at a time trained by a task of Spark, and brings what came of it into the user's store. */
final class SparkHand implements Workplace.Hand {
    private static final long LOOK_SECONDS = 1;

    private final SparkWorkplace at;
    private volatile @Nullable Attempt attempt;
    private volatile boolean left;

    SparkHand(SparkWorkplace at) {
        this.at = at;
    }

    @Override
    public Reply.Last train(Order order, Workplace.Listener listener) throws InterruptedException {
        if (left) {
            return new Reply.Paused(0);
        }
        Reply.Last reply = task(order, listener, true);
        try {
            return arrived(order.hash(), reply);
        } catch (InputException e) {
            return new Reply.Refused(String.valueOf(e.getMessage()));
        }
    }

    /** One task, of which its executor and Spark tell. A thousand of them may wait, so they are woken and do not look. */
    private final class Attempt implements Post.Listener {
        private final Workplace.Listener listener;
        private final CountDownLatch settled = new CountDownLatch(1);
        private volatile boolean begun;
        private volatile boolean unlike;

        Attempt(Workplace.Listener listener) {
            this.listener = listener;
        }

        /** Waits until the task has ended, or need not be waited for. */
        void await(CompletableFuture<String> answer) throws InterruptedException {
            var _ = answer.whenComplete((_, _) -> settled.countDown());
            while (!settled.await(LOOK_SECONDS, TimeUnit.SECONDS)) {
                at.waiting().ifPresent(listener::remark);
            }
        }

        /** It is not waited for any more, unless it has begun and can be saved. */
        void leave() {
            if (!begun) {
                settled.countDown();
            }
        }

        @Override
        public boolean at(long step) {
            begun = true;
            if (step > 0) {
                listener.at(step);
            }
            return !left;
        }

        @Override
        public boolean admits(String host, String likeness) {
            Optional<String> remark = at.refuses(host, likeness);
            unlike = remark.isPresent();
            if (unlike) {
                remark.filter(sentence -> !sentence.isEmpty()).ifPresent(listener::remark);
                settled.countDown();
            } else {
                listener.at(0);
            }
            return !unlike;
        }
    }

    /**
     * Throws {@link InputException} where the cluster cannot be used, or not any more.
     *
     * @param mayLack whether its executor may have only Spark
     */
    private Reply.Last task(Order order, Workplace.Listener listener, boolean mayLack) throws InterruptedException {
        checkNotEnded();
        String job = at.nextJob();
        var attempt = new Attempt(listener);
        this.attempt = attempt;
        at.post().listen(job, attempt);
        boolean lacked = false;
        try {
            var trial = new Trial(job, at.where(), at.asked().provenance().command(), order.line());
            FutureAction<String> task = at.submit(trial);
            CompletableFuture<String> answer = FutureConverters.asJava(task).toCompletableFuture();
            if (!left) {
                attempt.await(answer);
            }
            if (left && !attempt.begun && !answer.isDone()) {
                task.cancel(); // It waits for an executor.
                return new Reply.Paused(0);
            }
            if (!attempt.unlike) {
                return (Reply.Last) Reply.parse(answer.get()).orElseThrow();
            }
        } catch (ExecutionException e) {
            Throwable why = e.getCause() == null ? e : e.getCause();
            lacked = mayLack && String.valueOf(why.getMessage()).contains("ClassNotFoundException");
            if (!lacked) {
                return broken(why);
            }
            at.ship();
        } catch (RuntimeException e) {
            checkNotEnded(); // A context that is stopped meanwhile fails in whatever way it happens to.
            throw e;
        } finally {
            if (!attempt.unlike) { // Who is left idle asks again and again.
                at.post().forget(job);
            }
        }
        return task(order, listener, mayLack && !lacked);
    }

    /** What Spark says of a task that did not come back. */
    private Reply.Last broken(Throwable why) {
        String said = String.valueOf(why.getMessage());
        if (said.contains("UnsupportedClassVersionError")) {
            throw new InputException(
                    "the executors of %s run an older Java: Hooke needs 25 there, as JAVA_HOME of their workers or by --conf spark.executorEnv.JAVA_HOME=FOLDER"
                            .formatted(at.asked().on()));
        }
        if (said.contains("InvalidClassException")) {
            throw new InputException("the executors of %s have another Spark or another Hooke than this program: %s"
                    .formatted(at.asked().on(), firstLine(why)));
        }
        checkNotEnded();
        return said.contains("ExecutorLostFailure")
                ? new Reply.Lost("its executor was lost")
                : new Reply.Died(firstLine(why));
    }

    private void checkNotEnded() {
        if (!at.context().sc().isStopped()) {
            return;
        }
        Check.that(
                at.hadExecutors(),
                "%s ended the program before any executor began: is there another version than Spark %s, or can its executors not start? Spark's own words are in %s",
                at.asked().on(),
                package$.MODULE$.SPARK_VERSION(),
                at.asked().store().resolve("spark.log"));
        throw new InputException(
                "%s ended the program: what was trained is in %s, and the same command continues from there"
                        .formatted(at.asked().on(), at.where()));
    }

    /** Spark puts stack traces into messages. */
    static String firstLine(Throwable why) {
        String said = String.valueOf(why.getMessage());
        String cause = said.lines()
                .filter(line -> line.contains("Lost task"))
                .findFirst()
                .orElse(said.lines().findFirst().orElse(why.toString()));
        return cause.replaceFirst("^.*Lost task .*?: ", "");
    }

    /** The user's store has it, before anybody is told. */
    private Reply.Last arrived(String hash, Reply.Last reply) {
        synchronized (at) {
            Exchange exchange = at.exchange();
            return switch (reply) {
                case Reply.Done _ -> {
                    try (Store store = Store.open(at.asked().store())) {
                        Optional<Archive.Fetched> fetched = exchange.fetchFinished(store, hash);
                        if (fetched.isPresent() && fetched.get() instanceof Archive.Damaged(String why)) {
                            yield new Reply.Lost(why);
                        }
                        Optional<Run> run = store.runsOf(hash).stream()
                                .filter(one -> one.status() == Run.Status.DONE)
                                .findFirst();
                        if (run.isPresent() && at.placeIsOurs()) {
                            exchange.forgetFinished(hash);
                        }
                        yield run.<Reply.Last>map(done -> new Reply.Done(String.valueOf(done.outcome())))
                                .orElse(new Reply.Taken());
                    }
                }
                case Reply.Paused _ -> {
                    try (Store store = Store.open(at.asked().store())) {
                        yield exchange.fetch(store, hash)
                                .<Reply.Last>map(run -> new Reply.Paused(run.step()))
                                .orElse(reply);
                    }
                }
                case Reply.Failed(String why) -> new Reply.Died(why); // The user's store does not know of it.
                case Reply.Died _, Reply.Lost _, Reply.Refused _, Reply.Taken _ -> reply;
            };
        }
    }

    @Override
    public void leave() {
        left = true;
        @Nullable Attempt waiting = attempt;
        if (waiting != null) {
            waiting.leave();
        }
        at.leave();
    }

    @Override
    public void close() {
        left = true;
    }
}
