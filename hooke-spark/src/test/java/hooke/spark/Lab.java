package hooke.spark;

import hooke.cli.process.Origin;
import hooke.store.Provenance;
import hooke.store.Run;
import hooke.store.RunReader;
import hooke.store.Store;
import hooke.sweep.Sweep;
import hooke.sweep.file.Sweeps;
import hooke.sweep.work.Processes;
import hooke.sweep.work.Scheduler;
import hooke.sweep.work.Workplace;
import hooke.sweep.work.Workplaces;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Sweeps of tiny runs in a folder, by processes and on Spark, and what they gave. */
record Lab(Path folder) {
    static final Provenance HERE = Origin.of(List.of("test"));

    /** A sweep whose runs take so many steps. */
    static String text(int steps) {
        return """
                base:
                  task: {kind: modular-arithmetic, operation: add, modulus: 7, train_fraction: 0.8}
                  model: {n_layers: 1, d_model: 16, n_heads: 2}
                  train: {steps: %s, batch: 13, evaluate_every: 10, checkpoint_every: 50}
                """.formatted(steps);
    }

    static Sweep sweep(int steps, String rest) {
        return Sweeps.parse(text(steps) + rest, "tiny.yaml", Sweeps.Options.NONE);
    }

    Path store(String name) {
        return folder.resolve(name);
    }

    /** All that the program is, with Spark. */
    static String classPath() {
        return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    }

    /** A program that does not train: it starts soonest without the optimising compiler. */
    static List<String> java(String... words) {
        return java(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"), words);
    }

    private static List<String> java(List<String> flags, String... words) {
        return Stream.of(
                        List.of(Path.of(System.getProperty("java.home"), "bin", "java")
                                .toString()),
                        flags,
                        List.of(
                                "@" + Path.of("java-options").toAbsolutePath(),
                                "--add-modules=jdk.incubator.vector",
                                "-Xmx512m",
                                "-cp",
                                classPath()),
                        List.of(words))
                .flatMap(List::stream)
                .toList();
    }

    Scheduler.Trained byProcesses(String store, Sweep sweep) {
        List<String> command = java(
                List.of(),
                "hooke.cli.Main",
                "sweep-worker",
                "--store",
                store(store).toString());
        return train(store, sweep, new Processes(command, 2), () -> false);
    }

    Scheduler.Trained onSpark(String on, String store, Sweep sweep, BooleanSupplier stop) {
        var asked = new Workplaces.Asked(
                on,
                store(store),
                HERE,
                OptionalInt.empty(),
                Optional.of(folder.resolve("place").toString()),
                Optional.empty(),
                Map.of(),
                System.err::println);
        try (Workplace spark = Workplaces.open(asked).orElseThrow()) {
            return train(store, sweep, spark, stop);
        }
    }

    private Scheduler.Trained train(String store, Sweep sweep, Workplace where, BooleanSupplier stop) {
        return new Scheduler(store(store), HERE, where, stop, new Scheduler.Watcher() {}).train(sweep);
    }

    /** All that must not depend on who trained a run, where and when. */
    List<String> dump(String store) {
        var lines = new TreeMap<String, String>();
        try (Store open = Store.openReadOnly(store(store))) {
            for (Run run : open.runs()) {
                RunReader reader = open.read(run);
                String series = reader.seriesNames().stream()
                        .filter(name -> !name.startsWith("machine/"))
                        .map(reader::series)
                        .map(s -> s.name() + Arrays.toString(s.steps()) + Arrays.toString(s.values()))
                        .sorted()
                        .toList()
                        .toString();
                // One who is told to end saves where he stands, which makes a checkpoint more.
                String checkpoints = reader.checkpoints().stream()
                        .filter(c -> c.step() % 50 == 0)
                        .peek(c -> c.weights().fault().ifPresent(fault -> {
                            throw new IllegalStateException(fault);
                        }))
                        .map(c -> c.step() + c.weights().sha256())
                        .toList()
                        .toString();
                lines.put(run.address(), run.status() + " " + run.outcome() + series + reader.events() + checkpoints);
            }
        }
        return lines.entrySet().stream().map(Object::toString).toList();
    }

    /** A standalone cluster by the script, which ends with the test. */
    record Cluster(Path folder, int port) implements AutoCloseable {
        static Cluster start(Path folder) throws IOException, InterruptedException {
            int port;
            try (var free = new java.net.ServerSocket(0)) {
                port = free.getLocalPort();
            }
            var cluster = new Cluster(folder, port);
            cluster.say("start");
            return cluster;
        }

        String master() {
            return "spark://127.0.0.1:" + port;
        }

        void say(String word) throws IOException, InterruptedException {
            say(word, Map.of());
        }

        /** @param settings in the environment of what it starts */
        void say(String word, Map<String, String> settings) throws IOException, InterruptedException {
            var builder = new ProcessBuilder(Path.of("cluster").toAbsolutePath().toString(), word)
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolveSibling("cluster-said.txt").toFile());
            builder.environment().put("HOOKE_CLUSTER", folder.toString());
            builder.environment().put("HOOKE_CLUSTER_PORT", Integer.toString(port));
            builder.environment().put("HOOKE_CLUSTER_JARS", jars());
            builder.environment().putAll(settings);
            if (builder.start().waitFor() != 0) {
                throw new IllegalStateException(Files.readString(folder.resolveSibling("cluster-said.txt")));
            }
        }

        private static String jars() {
            return Stream.concat(
                            Arrays.stream(classPath().split(File.pathSeparator)).filter(path -> path.endsWith(".jar")),
                            Jars.toShip().stream())
                    .distinct()
                    .collect(Collectors.joining(File.pathSeparator));
        }

        /** SIGKILL for a worker with its executor, and another one in its place. */
        void replace(String worker, Map<String, String> settings) throws IOException, InterruptedException {
            ProcessHandle old = daemon(worker);
            Optional<ProcessHandle> executor = executor(worker);
            old.destroyForcibly();
            executor.ifPresent(ProcessHandle::destroyForcibly);
            old.onExit().join();
            say("workers", settings);
        }

        ProcessHandle daemon(String name) throws IOException {
            return ProcessHandle.of(Long.parseLong(
                            Files.readString(folder.resolve(name + ".pid")).strip()))
                    .orElseThrow();
        }

        /** The executor of a worker; empty while it has none. */
        Optional<ProcessHandle> executor(String worker) throws IOException {
            return daemon(worker).children().findFirst();
        }

        @Override
        public void close() throws IOException, InterruptedException {
            say("stop");
            Store.deleteAll(folder); // with its links to jars
        }
    }
}
