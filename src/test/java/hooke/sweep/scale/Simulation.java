package hooke.sweep.scale;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A sweep on a cluster, event by event. The driver hands out runs, and each free slot takes one; the slot starts its process, trains from checkpoint to
 * checkpoint, sends each while it trains on, and at last the archive, which the driver stores. A machine that fails takes what its slots
 * trained since their last checkpoint that arrived.
 */
final class Simulation {
    /** How far a run is, by what lies in the place. */
    private static final class Run {
        private double saved;
        private int finished;
    }

    private final Cluster cluster;
    private final Events events = new Events();
    private final DriverDesk desk = new DriverDesk(events);
    private final Pipe pipe;
    private final SplittableRandom random;
    private final Deque<Run> waiting = new ArrayDeque<>();
    private final List<Run> runs = new ArrayList<>();
    private final Deque<Machine.Slot> idle = new ArrayDeque<>();
    private int left;
    private int training;
    private int failures;
    private double trained;
    private double endedAt;

    private Simulation(Cluster cluster, long seed) {
        this.cluster = cluster;
        this.pipe =
                new Pipe(events, cluster.network().total(), cluster.network().each());
        this.random = new SplittableRandom(seed);
    }

    /**
     * What came of it.
     *
     * @param seconds until the driver has stored the last run
     * @param trained seconds of all slots, with what was lost
     * @param driver share of the time in which it worked
     * @param sent bytes that went to the place
     * @param finished how often each run was finished
     */
    record Result(double seconds, double trained, int failures, double driver, double sent, List<Integer> finished) {}

    static Result of(Cluster cluster, long seed) {
        return new Simulation(cluster, seed).run();
    }

    private Result run() {
        left = cluster.work().runs();
        for (int i = 0; i < left; i++) {
            runs.add(new Run());
        }
        runs.forEach(this::order);
        int needed =
                Math.ceilDiv(Math.min(left, cluster.slots()), cluster.machines().slots());
        for (int i = 0; i < needed; i++) {
            new Machine().begin();
        }
        hear();
        while (left > 0 && events.next()) {
            // until all is stored
        }
        return new Result(
                endedAt,
                trained,
                failures,
                Math.min(1, desk.busy() / endedAt),
                pipe.bytes(),
                runs.stream().map(run -> run.finished).toList());
    }

    /** The messages of all slots together, second by second: they come evenly. */
    private void hear() {
        events.in(1, () -> {
            desk.take(training * cluster.driver().tell() / cluster.driver().tells(), () -> {});
            hear();
        });
    }

    /** Ahead of the slots: the next run lies ready when one becomes free. */
    private void order(Run run) {
        desk.take(cluster.driver().order(), () -> {
            waiting.add(run);
            handOut();
        });
    }

    private void handOut() {
        while (!waiting.isEmpty() && !idle.isEmpty()) {
            Machine.Slot slot = idle.remove();
            slot.run = waiting.remove();
            slot.take(slot.life());
        }
    }

    /** One machine after another in the same place. */
    private final class Machine {
        private final List<Slot> slots = new ArrayList<>();
        private int life;

        void begin() {
            int mine = ++life;
            slots.clear();
            for (int i = 0; i < cluster.machines().slots(); i++) {
                slots.add(new Slot());
            }
            idle.addAll(slots);
            handOut();
            double lives = -cluster.machines().lifetime() * StrictMath.log(1 - random.nextDouble());
            events.in(lives, () -> {
                if (mine == life) {
                    fail();
                }
            });
        }

        private void fail() {
            failures++;
            life++;
            for (Slot slot : slots) {
                slot.stop();
                idle.remove(slot);
                Run run = slot.run;
                if (run != null && run.finished == 0) {
                    order(run);
                }
                slot.run = null;
            }
            events.in(cluster.machines().replaced(), this::begin);
            handOut();
        }

        final class Slot {
            private Run run;
            private boolean started;
            private double since = -1;
            private boolean sending;
            private double unsent;

            int life() {
                return life;
            }

            void ifAlive(int then, Runnable what) {
                if (then == life) {
                    what.run();
                }
            }

            void take(int life) {
                double start = started ? 0 : cluster.machines().start();
                started = true;
                events.in(start, () -> ifAlive(life, () -> train(life, run.saved)));
            }

            private void train(int life, double from) {
                double to = Math.min(
                        cluster.work().training(), from + cluster.work().every());
                since = events.now();
                training++;
                events.in(
                        to - from,
                        () -> ifAlive(life, () -> {
                            stop();
                            trainedTo(life, to);
                        }));
            }

            private void trainedTo(int life, double to) {
                Run mine = run;
                if (to >= cluster.work().training()) {
                    pipe.send(cluster.work().archive(), () -> ifAlive(life, () -> arrived(mine)));
                    return;
                }
                unsent = to;
                send(life, mine);
                train(life, to);
            }

            /** The latest, when the one before is through. */
            private void send(int life, Run mine) {
                if (sending || mine != run || unsent <= mine.saved) {
                    return;
                }
                double sent = unsent;
                sending = true;
                pipe.send(
                        cluster.work().checkpoint(),
                        () -> ifAlive(life, () -> {
                            sending = false;
                            mine.saved = Math.max(mine.saved, sent);
                            send(life, mine);
                        }));
            }

            private void arrived(Run mine) {
                mine.finished++;
                run = null;
                idle.add(this);
                desk.take(cluster.driver().arrival(), () -> {
                    left--;
                    endedAt = events.now();
                });
                handOut();
            }

            /** Counts what it trained, if it does. */
            void stop() {
                if (since >= 0) {
                    trained += events.now() - since;
                    training--;
                    since = -1;
                }
            }
        }
    }
}
