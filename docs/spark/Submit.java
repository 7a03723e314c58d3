import hooke.cli.process.Origin;
import hooke.sweep.file.Sweeps;
import hooke.sweep.work.Scheduler;
import hooke.sweep.work.Workplaces;

/// Trains a sweep on a running cluster: SWEEP.yaml spark://HOST:PORT PLACE STORE.
void main(String[] words) {
    var sweep = Sweeps.read(Path.of(words[0]), Path.of("experiments"), Sweeps.Options.NONE);
    var origin = Origin.of(List.of("Submit.java"));
    var asked = new Workplaces.Asked(
            words[1], Path.of(words[3]), origin, OptionalInt.empty(), Optional.of(words[2]), Optional.empty(), Map.of(), IO::println);
    try (var cluster = Workplaces.open(asked).orElseThrow()) {
        var trained = new Scheduler(asked.store(), origin, cluster, () -> false, new Scheduler.Watcher() {}).train(sweep);
        IO.println(trained.sweep().name() + " is trained: " + trained.sweep().size() + " runs");
    }
}
