package hooke.view;

import hooke.config.Experiment;
import hooke.config.Experiments;
import hooke.config.Mask;
import hooke.view.plot.Curve;
import hooke.view.plot.HeatMap;
import hooke.view.run.RunReport;
import hooke.view.run.RunReport.Checkpoint;
import hooke.view.run.RunReport.Event;
import hooke.view.run.RunReport.Fact;
import hooke.view.run.RunReport.Kind;
import hooke.view.run.RunReport.State;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;

/** Reports shaped like real runs: multiplication mod 113 with its slingshots, and list copy with attention patterns. */
public final class SampleReports {
    public static final String HOSTILE =
            "<img src=x onerror=alert(1)></script><script>document.title='owned'</script> & \"quoted\" 'too'";

    private SampleReports() {}

    /** 40,001 points of four series; memorized at 200, grokked at 4,700, slingshots near 1,500, 3,900 and 9,900. */
    public static RunReport grokking() {
        int n = 40_001;
        double[] steps = new double[n];
        double[] trainLoss = new double[n];
        double[] testLoss = new double[n];
        double[] trainAccuracy = new double[n];
        double[] testAccuracy = new double[n];
        var random = new Random(598);
        double[] slingshots = {1500, 3900, 9900, 17_300, 29_050};
        for (int i = 0; i < n; i++) {
            steps[i] = i;
            double kick = 0;
            for (double at : slingshots) {
                kick += i >= at ? Math.exp(-(i - at) / 60) : Math.exp(-(at - i) / 8);
            }
            double memorized = 1 / (1 + Math.exp(-(i - 130) / 16.0));
            double grokked = 1 / (1 + Math.exp(-(i - 4150) / 130.0)) * 0.75
                    + 0.2 / (1 + Math.exp(-(i - 2600) / 500.0))
                    + 0.05 / (1 + Math.exp(-(i - 900) / 250.0));
            double floor = 1.1e-7 * (1 + 30 * Math.exp(-i / 2500.0));
            double noise = Math.exp(0.12 * random.nextGaussian());
            trainLoss[i] = (4.73 * (1 - memorized) + floor + 2e-2 * kick * kick) * noise;
            testLoss[i] = (4.733 + 16 * (1 - Math.exp(-i / 300.0))) * Math.pow(Math.max(1e-12, 1 - grokked), 1.15)
                    + 2.4e-7 * noise * (1 + 40 * Math.exp(-i / 4000.0)) * (1 + 1e4 * kick * kick);
            trainAccuracy[i] =
                    Math.round(3830 * Math.min(1, Math.max(0.009, memorized * (1 - 0.04 * kick * kick)))) / 3830.0;
            testAccuracy[i] = Math.round(8939
                            * Math.min(
                                    1,
                                    Math.max(
                                            0.009,
                                            grokked * (1 - 0.02 * kick * kick)
                                                    + 0.002 * random.nextGaussian() * (1 - grokked))))
                    / 8939.0;
        }
        var checkpoints = new ArrayList<Checkpoint>();
        for (int step = 0; step < 40_000; step += 100) {
            checkpoints.add(new Checkpoint(
                    step,
                    step + ".safetensors",
                    909_252L,
                    "%064x".formatted(step * 0x9E3779B97F4A7C15L >>> 1),
                    step >= 39_800));
        }
        return new RunReport(
                "modmul-113/0",
                experiment("modmul-113"),
                State.FINISHED,
                "",
                40_000,
                Optional.of(Duration.ofMillis(1_872_345)),
                List.of(
                        new Curve("train_loss", steps, trainLoss),
                        new Curve("test_loss", steps, testLoss),
                        new Curve("train_accuracy", steps, trainAccuracy),
                        new Curve("test_accuracy", steps, testAccuracy)),
                List.of(
                        new Event(Kind.MEMORIZED, 200, OptionalLong.of(199), ""),
                        new Event(Kind.RESUMED, 3100, OptionalLong.empty(), "from the checkpoint of step 3,100"),
                        new Event(Kind.GROKKED, 4700, OptionalLong.of(4699), ""),
                        new Event(Kind.RESUMED, 21_200, OptionalLong.empty(), "from the checkpoint of step 21,200"),
                        new Event(Kind.RESUMED, 21_900, OptionalLong.empty(), "from the checkpoint of step 21,900")),
                provenance(),
                checkpoints,
                List.of());
    }

    /** 34 evaluations, three layers of attention patterns, the closed entries without a value. */
    public static RunReport listCopy() {
        double[] steps = new double[34];
        double[][] y = new double[4][34];
        for (int i = 0; i < 34; i++) {
            steps[i] = i * 100;
            double learned = 1 / (1 + Math.exp(-(i - 12) / 2.5));
            y[0][i] = 4.6 * (1 - learned) + 0.004;
            y[1][i] = 4.62 * (1 - 0.985 * learned) + 0.006;
            y[2][i] = Math.min(1, 0.01 + learned);
            y[3][i] = Math.min(0.9995, 0.01 + 0.995 * learned);
        }
        List<String> positions = List.of("d1 = 37", "d2 = 4", "SEP", "o1", "o2");
        double[][][] patterns = {
            {
                {1, 0, 0, 0, 0},
                {1, 0, 0, 0, 0},
                {0.482, 0.518, 0, 0, 0},
                {0, 0, 1, 0, 0},
                {0, 0, 0.9831, 0.0169, 0}
            },
            {
                {1, 0, 0, 0, 0},
                {1, 0, 0, 0, 0},
                {0.067, 0.933, 0, 0, 0},
                {0, 0, 1, 0, 0},
                {0, 0, 0.314, 0.686, 0}
            },
            {
                {1, 0, 0, 0, 0},
                {1, 0, 0, 0, 0},
                {0.75, 0.25, 0, 0, 0},
                {0, 0, 1, 0, 0},
                {0, 0, 0.5, 0.5, 0}
            }
        };
        var maps = new ArrayList<HeatMap>();
        for (int layer = 0; layer < 3; layer++) {
            maps.add(HeatMap.attention(
                    "Layer " + layer + ", head 0", positions, new Mask.Bottleneck(2), patterns[layer]));
        }
        return new RunReport(
                "list-copy/0",
                experiment("list-copy", "note=" + HOSTILE),
                State.STOPPED,
                "",
                3300,
                Optional.of(Duration.ofMillis(14_300)),
                List.of(
                        new Curve("train_loss", steps, y[0]),
                        new Curve("test_loss", steps, y[1]),
                        new Curve("train_accuracy", steps, y[2]),
                        new Curve("test_accuracy", steps, y[3])),
                List.of(
                        new Event(Kind.REACHED, 2400, OptionalLong.of(2300), ""),
                        new Event(Kind.STOPPED, 3300, OptionalLong.empty(), HOSTILE)),
                provenance(),
                List.of(),
                maps);
    }

    private static Experiment experiment(String name, String... sets) {
        return Experiments.read(Path.of("experiments", name + ".yaml"), List.of(sets));
    }

    private static List<Fact> provenance() {
        return List.of(
                new Fact("Run", "modmul-113/0"),
                new Fact("Experiment hash", "9c1f6e07b2aa41d35e6bd1ad"),
                new Fact("Hooke", "0.1.0, commit 3f2a91c"),
                new Fact("Engine", "torch 2.10.0, 1 thread, cpu"),
                new Fact("Machine", "Linux x86_64, 2 cores, 23 GiB"),
                new Fact("JVM", "25.0.1"),
                new Fact("Command", "hooke run experiments/modmul-113.yaml --set note=\"<b>bold</b>\""));
    }
}
