package hooke.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import hooke.check.VerifyResume;
import hooke.spark.Lab.Cluster;
import hooke.store.Run;
import hooke.store.Store;
import hooke.sweep.file.Sweeps;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;

/** A master and two workers as processes of their own, and SIGKILL. */
class ClusterTest {
    /** How often each kind of process is killed; {@code -Dhooke.kills=20} for the whole number. */
    private static final int KILLS = Integer.getInteger("hooke.kills", 1);

    /** Long enough to be under way still when a signal comes, also where nothing else is. */
    private static final int UPDATES = 4000;

    @TempDir
    private static Path shared = Path.of("");

    /** What processes give that nobody strikes, by the sweep. */
    private static final Map<String, List<String>> STRAIGHT = new HashMap<>();

    private static @Nullable Cluster running;

    @TempDir
    Path dir;

    @BeforeAll
    static void start() throws Exception {
        assumeTrue(Files.exists(Path.of("/bin/sh")), "the script needs a shell");
        running = Cluster.start(shared.resolve("cluster"));
    }

    @AfterAll
    static void stop() throws Exception {
        if (running != null) {
            running.close();
        }
    }

    private static Cluster cluster() {
        return Objects.requireNonNull(running);
    }

    /** A command line in a process of its own. */
    private Process sweep(Path store, String file, String... words) throws IOException {
        List<String> command = new ArrayList<>(
                Lab.java("hooke.cli.Main", "sweep", file, "--on", cluster().master()));
        command.addAll(List.of("--place", dir.resolve("place").toString(), "--store", store.toString()));
        command.addAll(List.of(words));
        return start(command, Map.of());
    }

    private Process start(List<String> command, Map<String, String> environment) throws IOException {
        var builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(
                        ProcessBuilder.Redirect.appendTo(dir.resolve("said.txt").toFile()));
        builder.environment().putAll(environment);
        return builder.start();
    }

    /** What it said, and what those before it said. */
    private String end(Process process, int status) throws Exception {
        process.waitFor();
        String said = Files.readString(dir.resolve("said.txt"));
        assertThat(process.exitValue()).as(said).isEqualTo(status);
        assertThat(said).doesNotContain("Exception");
        return said;
    }

    /** Waits until checkpoints are on their way, and a moment more. */
    private boolean await(Process driver, long millis) throws InterruptedException {
        Path unfinished = dir.resolve("place/references/unfinished");
        while (driver.isAlive()) {
            String[] runs = unfinished.toFile().list();
            if (runs != null && runs.length > 0) {
                return !driver.waitFor(millis, TimeUnit.MILLISECONDS);
            }
            driver.waitFor(50, TimeUnit.MILLISECONDS);
        }
        return false;
    }

    /** A sweep of long runs. */
    private static String twoRows(int seeds) {
        return Lab.text(UPDATES) + "grid: {model.norm: {noLN: none, LN: layer-norm}}\nseeds: " + seeds + "\n";
    }

    /** Equal bytes, whatever it went through. */
    private static void assertAsStraight(Lab lab, String store, String text) {
        List<String> straight = STRAIGHT.computeIfAbsent(text, sweep -> {
            lab.byProcesses("straight", Sweeps.parse(sweep, "tiny.yaml", Sweeps.Options.NONE));
            return lab.dump("straight");
        });
        assertThat(lab.dump(store).equals(straight)).as("equal bytes").isTrue();
    }

    /** A sweep that came while there was no master is started again; one that was refused for anything else fails the test. */
    private Process again(Path store, String file, int comebacks) throws IOException {
        String said = Files.readString(dir.resolve("said.txt")).strip();
        assertThat(said.substring(said.lastIndexOf('\n') + 1))
                .containsAnyOf("no Spark master answers", "answers, but not as a master", "master on standby");
        assertThat(comebacks).as("a master was killed %s times", KILLS).isLessThan(4 * KILLS);
        return sweep(store, file);
    }

    @Test
    void killedExecutorsWorkersMastersAndDriversLoseNothingAndDoNothingTwice(TestReporter reporter) throws Exception {
        var random = new Random(16);
        var lab = new Lab(dir);
        String text = twoRows(2 * KILLS);
        String file = Files.writeString(dir.resolve("tiny.yaml"), text).toString();
        Path store = lab.store("struck");
        var struck = new TreeMap<String, Integer>();
        int comebacks = 0;
        Cluster cluster = cluster();
        Process driver = sweep(store, file);
        for (int i = 0; i < 4 * KILLS; i++) {
            while (!await(driver, random.nextInt(1500)) && driver.exitValue() == 2) {
                driver = again(store, file, comebacks++);
            }
            if (!driver.isAlive()) {
                break;
            }
            String kind = List.of("executor", "master", "driver", "worker").get(i % 4);
            switch (kind) {
                case "executor" -> {
                    while (cluster.executor("worker-1").isEmpty() && driver.isAlive()) {
                        driver.waitFor(50, TimeUnit.MILLISECONDS); // It is being started.
                    }
                    cluster.executor("worker-1").ifPresent(ProcessHandle::destroyForcibly);
                }
                case "master" -> {
                    ProcessHandle master = cluster.daemon("master");
                    master.destroyForcibly();
                    master.onExit().join();
                    cluster.say("master");
                }
                case "driver" -> {
                    driver.destroyForcibly().waitFor();
                    driver = sweep(store, file);
                }
                default -> cluster.replace("worker-2", Map.of());
            }
            struck.merge(kind, 1, Integer::sum);
        }
        reporter.publishEntry("killed", struck.toString());
        while (driver.waitFor() == 2) {
            driver = again(store, file, comebacks++);
        }
        String said = Files.readString(dir.resolve("said.txt"));
        assertThat(driver.exitValue()).as(said).isZero();
        assertThat(said).doesNotContain("failed").doesNotContain("Exception");
        assertThat(struck).as("kills before all was done").isNotEmpty();
        try (Store open = Store.openReadOnly(store)) {
            assertThat(open.runs()).hasSize(4 * KILLS).allMatch(run -> run.status() == Run.Status.DONE);
        }
        assertAsStraight(lab, "struck", text);
    }

    /** One worker whose executors compute with other instructions, as an older processor would. */
    @Test
    void unlikeMachinesAreLeftIdleWhereTheyAreAskedToBeAlike() throws Exception {
        assumeTrue(System.getProperty("os.arch").equals("amd64"), "OpenBLAS has other names elsewhere");
        String other = Lab.HERE.likeness().contains("OpenBLAS Nehalem") ? "Prescott" : "Nehalem";
        String file = Files.writeString(dir.resolve("tiny.yaml"), Lab.text(60) + "seeds: 6\n")
                .toString();
        Path store = dir.resolve("runs");
        cluster().replace("worker-2", Map.of("OPENBLAS_CORETYPE", other));
        try {
            sweep(store, file, "--like-machines").waitFor();
        } finally {
            cluster().replace("worker-2", Map.of());
        }

        String said = Files.readString(dir.resolve("said.txt"));
        assertThat(said)
                .contains("6 of 6 runs done")
                .containsOnlyOnce("are left idle: the runs of this sweep are computed with ");
        try (Store open = Store.openReadOnly(store)) {
            assertThat(open.runs().stream()
                            .map(run -> open.read(run).provenance().getLast().likeness())
                            .distinct())
                    .as(said)
                    .hasSize(1);
        }
    }

    /** Ctrl-C, and then a drive that is no longer mounted. */
    @Test
    void whatIsInterruptedAndWhoseDriveGoesIsTakenUpAgain() throws Exception {
        var lab = new Lab(dir);
        String text = twoRows(2);
        String file = Files.writeString(dir.resolve("tiny.yaml"), text).toString();
        Path store = lab.store("struck");
        Process driver = sweep(store, file);
        assertThat(await(driver, 0)).isTrue();

        boolean heedsInt =
                VerifyResume.Signal.heeded().contains(VerifyResume.Signal.INT); // not in the background of a script
        new ProcessBuilder("kill", heedsInt ? "-INT" : "-TERM", Long.toString(driver.pid()))
                .start()
                .waitFor();

        assertThat(end(driver, heedsInt ? 130 : 143))
                .contains("what was under way is saved; the same command continues it");
        try (Store open = Store.openReadOnly(store)) {
            assertThat(open.runs()).anyMatch(run -> run.status() == Run.Status.STOPPED && run.step() >= 50);
        }

        Path place = dir.resolve("place");
        Path gone = dir.resolve("unmounted");
        FileTime before = lastSent();
        driver = sweep(store, file);
        while (driver.isAlive() && lastSent().equals(before)) {
            driver.waitFor(50, TimeUnit.MILLISECONDS);
        }
        Files.move(place, gone);
        assertThat(end(driver, 2))
                .containsPattern(("hooke: on \\S+, (the shared place %s cannot be used: it has gone"
                                + "|%s is not a shared place of runs, or no longer: ).*\n$") // by a run that began then
                        .formatted(place, place));
        assertThat(place).doesNotExist();

        Files.move(gone, place);
        end(whileThereIsNoMaster(store, file), 0);
        assertAsStraight(lab, "struck", text);
    }

    /** A sweep that begins while the master is being started again. */
    private Process whileThereIsNoMaster(Path store, String file) throws Exception {
        ProcessHandle master = cluster().daemon("master");
        master.destroyForcibly();
        master.onExit().join();
        Process driver = sweep(store, file);
        while (driver.isAlive()
                && !Files.readString(dir.resolve("said.txt")).contains("has no master that answers yet")) {
            driver.waitFor(50, TimeUnit.MILLISECONDS);
        }
        assertThat(driver.isAlive()).isTrue();
        cluster().say("master");
        return driver.waitFor() == 2
                ? again(store, file, 0)
                : driver; // where the master takes longer than one waits for it
    }

    private FileTime lastSent() throws IOException {
        try (Stream<Path> all = Files.list(dir.resolve("place/references/unfinished"))) {
            return all.map(path -> {
                        try {
                            return Files.getLastModifiedTime(path);
                        } catch (IOException e) {
                            return FileTime.fromMillis(0); // It was done meanwhile.
                        }
                    })
                    .max(Comparator.naturalOrder())
                    .orElse(FileTime.fromMillis(0));
        }
    }

    /** A real server; the executors' credentials are wrong at first. */
    @Test
    void aBucketIsAPlace() throws Exception {
        String file = Files.writeString(dir.resolve("tiny.yaml"), Lab.text(60) + "seeds: 3\n")
                .toString();
        Path store = dir.resolve("runs");
        Process server = new ProcessBuilder(Lab.java(
                        "src/test/java/hooke/place/S3Server.java",
                        dir.resolve("bucket").toString()))
                .directory(Path.of("..").toFile())
                .redirectError(dir.resolve("server-said.txt").toFile())
                .start();
        try {
            String uri = server.inputReader().readLine();
            assertThat(uri).as(Files.readString(dir.resolve("server-said.txt"))).startsWith("http://");

            String said = end(inBucket("lab", "wrong", uri, store, file), 2);
            assertThat(said)
                    .containsPattern("hooke: on \\S+, the shared place s3://lab/tiny cannot be used: the store at "
                            + uri + " refuses the credentials");
            assertThat(end(inBucket("none", "test-secret", uri, store, file), 2))
                    .contains(
                            "hooke: the shared place s3://none/tiny cannot be used: there is no bucket none at " + uri);
            assertThat(end(inBucket("lab", "test-secret", uri, store, file), 0)).contains("tiny: 3 of 3 runs done");
        } finally {
            server.outputWriter().close();
            server.waitFor();
        }
    }

    private Process inBucket(String bucket, String secret, String uri, Path store, String file) throws IOException {
        List<String> command = new ArrayList<>(
                Lab.java("hooke.cli.Main", "sweep", file, "--on", cluster().master()));
        command.addAll(List.of("--place", "s3://" + bucket + "/tiny", "--store", store.toString()));
        command.addAll(List.of("--conf", "spark.cores.max=1")); // One executor is enough.
        for (String setting : List.of("ENDPOINT_URL=" + uri, "ACCESS_KEY_ID=test-key", "SECRET_ACCESS_KEY=" + secret)) {
            command.addAll(List.of("--conf", "spark.executorEnv.AWS_" + setting));
        }
        return start(
                command,
                Map.of(
                        "AWS_ENDPOINT_URL", uri,
                        "AWS_ACCESS_KEY_ID", "test-key",
                        "AWS_SECRET_ACCESS_KEY", "test-secret"));
    }

    /** Where this machine has one. */
    @Test
    void executorsOfAnOlderJavaAreOneSentence() throws Exception {
        Optional<Path> older = older();
        assumeTrue(older.isPresent(), "there is no older JDK beside this one");
        String file = Files.writeString(dir.resolve("tiny.yaml"), Lab.text(60) + "seeds: 2\n")
                .toString();
        String setting = "spark.executorEnv.JAVA_HOME=" + older.orElseThrow();

        Process driver = sweep(dir.resolve("runs"), file, "--conf", setting, "--conf", "spark.cores.max=1");

        assertThat(end(driver, 2))
                .contains("hooke: the executors of " + cluster().master() + " run an older Java");
    }

    private static Optional<Path> older() throws IOException {
        Path beside = Path.of(System.getProperty("java.home")).toRealPath().getParent();
        try (Stream<Path> all = Files.list(beside)) {
            return all.filter(home -> Files.isExecutable(home.resolve("bin/java")))
                    .filter(home -> {
                        try {
                            return Files.readString(home.resolve("release"))
                                    .matches("(?s).*JAVA_VERSION=\"(17|21)\\..*");
                        } catch (IOException e) {
                            return false;
                        }
                    })
                    .findFirst();
        }
    }

    /** With shorter trainings; the page's script has started this cluster, and will stop it. */
    @Test
    void theCommandsOfThePageRun() throws Exception {
        String page = Files.readString(Path.of("..", "docs", "spark.md"));
        String hooke = "HOOKE_PROFILE=spark ./hooke ";
        String home = "-Dhooke.home=" + Path.of("..").toRealPath();
        List<String> lines = Pattern.compile("(?ms)^```shell\n(.*?)^```$")
                .matcher(page)
                .results()
                .flatMap(block -> block.group(1).lines())
                .filter(line -> !line.matches("hooke-spark/cluster (start|stop)"))
                .toList();
        assertThat(lines).isNotEmpty().allMatch(line -> line.startsWith(hooke));
        for (String line : lines) {
            List<String> command = new ArrayList<>(Lab.java(home, "hooke.cli.Main"));
            Stream.of(line.substring(hooke.length()).split(" "))
                    .map(word ->
                            word.replace("spark://127.0.0.1:7077", cluster().master()))
                    .map(word -> word.replace("/tmp", dir.toString()))
                    .forEach(command::add);
            command.addAll(List.of("--set", "train.steps=20", "--seeds", "1"));
            command.addAll(List.of(
                    "--store", dir.resolve("runs-" + lines.indexOf(line)).toString()));

            end(start(command, Map.of()), 0);
        }
    }

    @Test
    void aProgramSubmitsASweep() throws Exception {
        Path page = Path.of("..", "docs", "spark", "Submit.java");
        String file = Files.writeString(dir.resolve("tiny.yaml"), Lab.text(60) + "seeds: 3\n")
                .toString();
        List<String> program = Lab.java(
                page.toString(),
                file,
                cluster().master(),
                dir.resolve("place").toString(),
                dir.resolve("runs").toString());

        Process submitted = start(program, Map.of());
        submitted.waitFor();

        assertThat(Files.readString(dir.resolve("said.txt"))).contains("tiny is trained: 3 runs");
        assertThat(new Lab(dir).dump("runs")).hasSize(3).allMatch(line -> line.contains("=DONE "));
        try (Stream<String> lines = Files.lines(page)) {
            assertThat(lines.filter(line -> !line.isBlank())).hasSizeLessThan(20);
        }
    }
}
