package hooke.cli.runs;

import static org.assertj.core.api.Assertions.assertThat;

import hooke.JavaProcess;
import hooke.cli.Session;
import hooke.place.Place;
import hooke.place.S3Server;
import hooke.store.Run;
import hooke.store.Store;
import hooke.store.files.Checkpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs that go from one store to others by a shared place. */
final class SyncTest {
    private static final int RUNS = 6;

    @TempDir
    private static Path folder = Path.of("");

    private static Path from = Path.of("");

    @BeforeAll
    static void train() throws IOException {
        from = folder.resolve("from");
        Path file = Files.writeString(folder.resolve("tiny.yaml"), """
                task: {kind: modular-arithmetic, operation: add, modulus: 5, train_fraction: 0.8}
                model: {n_layers: 1, d_model: 16, n_heads: 2}
                train: {steps: 20, checkpoint_every: 20}
                """);
        for (int seed = 0; seed < RUNS; seed++) {
            assertThat(hooke(from, "run", file.toString(), "--seed", String.valueOf(seed))
                            .status())
                    .isZero();
        }
    }

    private static Session hooke(Path store, String... words) {
        return Session.of(Stream.concat(Stream.of(words), Stream.of("--store", store.toString()))
                .toArray(String[]::new));
    }

    @Test
    void runsComeOnce() {
        String place = folder.resolve("place").toString();
        Path to = folder.resolve("to");

        assertThat(hooke(from, "sync", "--to", place, "tiny/0", "tiny/1").out())
                .isEqualTo("2 runs sent, 0 there already\n");
        assertThat(hooke(from, "sync", "--to", place, "tiny").out())
                .isEqualTo("%s runs sent, 2 there already\n".formatted(RUNS - 2));
        assertThat(hooke(to, "sync", place).out()).isEqualTo(RUNS + " runs added, 0 there already\n");
        assertThat(hooke(to, "sync", place).out()).isEqualTo("0 runs added, %s there already\n".formatted(RUNS));
        assertSame(to);
    }

    @Test
    void whatIsDamagedIsNamedAndTheRestComes() throws IOException {
        Path place = folder.resolve("damaged");
        Path to = folder.resolve("without-one");
        hooke(from, "sync", "--to", place.toString(), "tiny");
        List<String> damaged;
        try (Place opened = Place.open(place.toString())) {
            List<String> names = opened.names("finished/");
            damaged = List.of(
                    opened.find(names.get(0)).getFirst().sha256(), // an archive
                    opened.find(names.get(1)).getLast().sha256()); // the weights that belong to one
        }
        for (String sha256 : damaged) {
            Path object = object(place, sha256);
            byte[] bytes = Files.readAllBytes(object);
            Files.write(object, java.util.Arrays.copyOf(bytes, bytes.length / 2));
        }

        Session came = hooke(to, "sync", place.toString());

        assertThat(came.status()).isEqualTo(1);
        assertThat(came.out()).isEqualTo("%s runs added, 0 there already, 2 damaged\n".formatted(RUNS - 2));
        assertThat(damaged)
                .allSatisfy(sha256 -> assertThat(came.err())
                        .contains(" was not taken: the object " + sha256 + " in " + place + " is damaged"));
        assertThat(hooke(from, "sync", "--to", place.toString(), "tiny").out())
                .isEqualTo("2 runs sent, %s there already\n".formatted(RUNS - 2));
        assertThat(hooke(to, "sync", place.toString()).out())
                .isEqualTo("2 runs added, %s there already\n".formatted(RUNS - 2));
        assertSame(to);
    }

    private static Path object(Path place, String sha256) {
        return place.resolve("objects/" + sha256.substring(0, 2)).resolve(sha256);
    }

    /** As those of a run that was trained elsewhere, which sends them as it makes them. */
    @Test
    void weightsThatAreThereAreNotSentAgain() throws IOException {
        Path place = folder.resolve("once");
        List<Path> objects = new ArrayList<>();
        try (Place made = Place.make(place.toString());
                Store store = Store.openReadOnly(from)) {
            for (Checkpoint checkpoint : store.read(store.find("tiny/0").run()).checkpoints()) {
                objects.add(object(place, made.put(checkpoint.weights().path()).sha256()));
            }
        }
        FileTime before = FileTime.from(Instant.now().minus(Duration.ofDays(2)));
        for (Path object : objects) {
            Files.setLastModifiedTime(object, before);
        }

        hooke(from, "sync", "--to", place.toString(), "tiny/0", "--checkpoints", "all");

        assertThat(objects).hasSizeGreaterThan(1);
        for (Path object : objects) {
            assertThat(Files.getLastModifiedTime(object)).isEqualTo(before);
        }
        try (Stream<Path> all = Files.walk(place.resolve("objects"))) {
            assertThat(all.filter(Files::isRegularFile)).hasSize(objects.size() + 1);
        }
        assertThat(hooke(folder.resolve("once-to"), "sync", place.toString(), "--tidy")
                        .out())
                .isEqualTo("1 run added, 0 there already\n0 objects no longer needed removed from " + place + "\n");
        try (Store to = Store.openReadOnly(folder.resolve("once-to"))) {
            assertThat(to.read(to.find("tiny/0").run()).checkpoints())
                    .hasSize(objects.size())
                    .allSatisfy(checkpoint -> assertThat(checkpoint.fault()).isEmpty());
        }
    }

    @Test
    void killedAtAnyMomentItIsRepeated() throws Exception {
        try (S3Server server = S3Server.start(folder.resolve("server"))) {
            Path to = folder.resolve("killed");
            killed(server, from, "sync", "--to", "s3://lab/runs", "tiny", "--checkpoints", "all");
            killed(server, to, "sync", "s3://lab/runs");
            assertSame(to);
            try (Stream<Path> left = Files.list(to)) {
                assertThat(left.map(p -> p.getFileName().toString())).noneMatch(name -> name.startsWith("importing"));
            }
        }
    }

    /** Kills the command sooner or later until it comes to its end. */
    private static void killed(S3Server server, Path store, String... words) throws Exception {
        var random = new Random(words.length);
        int status = -1;
        for (int tries = 0; status != 0; tries++) {
            Process process = process(server, store, words);
            if (!process.waitFor(500 + random.nextInt(1000) + tries * 300L, TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
            }
            status = process.waitFor();
            assertThat(status).as(Files.readString(folder.resolve("said"))).isIn(0, 128 + 9);
        }
    }

    private static Process process(S3Server server, Path store, String... words) throws IOException {
        List<String> command =
                JavaProcess.command(List.of("-XX:TieredStopAtLevel=1", "-Xmx300m"), "hooke.cli.Main", words);
        command.addAll(List.of("--store", store.toString()));
        var builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("said").toFile());
        builder.environment()
                .putAll(Map.of(
                        "AWS_ENDPOINT_URL", server.uri().toString(),
                        "AWS_ACCESS_KEY_ID", S3Server.KEY,
                        "AWS_SECRET_ACCESS_KEY", S3Server.SECRET));
        return builder.start();
    }

    @Test
    void tidyingRemovesWhatIsOldAndNobodyNeeds() throws IOException {
        Path place = folder.resolve("tidied");
        hooke(from, "sync", "--to", place.toString(), "tiny/0");
        try (Place opened = Place.open(place.toString())) {
            for (byte i = 0; i < 2; i++) {
                var item = opened.put(new byte[] {i});
                Path object = place.resolve("objects/" + item.sha256().substring(0, 2) + "/" + item.sha256());
                if (i == 0) {
                    Files.setLastModifiedTime(
                            object, FileTime.from(Instant.now().minus(Duration.ofDays(2))));
                }
            }
        }

        assertThat(hooke(folder.resolve("tidy"), "sync", place.toString(), "--tidy")
                        .out())
                .isEqualTo("1 run added, 0 there already\n1 object no longer needed removed from " + place + "\n");
    }

    @Test
    void whatIsWrongIsOneSentence() {
        Path to = folder.resolve("none");
        assertThat(hooke(to, "sync", folder.resolve("nowhere").toString()))
                .isEqualTo(new Session(
                        2,
                        "",
                        "hooke: %s is not a shared place of runs, or no longer: sync --to, or a sweep that uses it, makes one\n"
                                .formatted(folder.resolve("nowhere"))));
        assertThat(hooke(to, "sync").err()).contains("sync needs the one place");
        assertThat(hooke(from, "sync", "--to", folder.resolve("p").toString(), "tony")
                        .err())
                .contains("did you mean 'tiny'?");
    }

    /** Every run is there once, with the same weights and points. */
    private static void assertSame(Path to) {
        try (Store a = Store.openReadOnly(from);
                Store b = Store.openReadOnly(to)) {
            assertThat(b.runs().stream().map(Run::hash))
                    .containsExactlyInAnyOrderElementsOf(
                            a.runs().stream().map(Run::hash).toList());
            for (Run run : b.runs()) {
                Run original = a.runsOf(run.hash()).getFirst();
                var x = a.read(original);
                var y = b.read(run);
                assertThat(run.outcome()).isEqualTo(original.outcome());
                assertThat(y.lastCheckpoint().orElseThrow().weights().sha256())
                        .isEqualTo(x.lastCheckpoint().orElseThrow().weights().sha256());
                assertThat(y.lastCheckpoint().orElseThrow().fault()).isEmpty();
                assertThat(y.series("train_loss").values())
                        .containsExactly(x.series("train_loss").values());
            }
        }
    }
}
