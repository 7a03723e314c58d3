package hooke.check;

import hooke.InputException;
import hooke.text.Bpe;
import hooke.text.BpeTrainer;
import hooke.text.Tokenizer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Byte-level BPE of 8,000 entries on the 20,000 titles that come with Hooke: learned, and cut with no word remembered. One thread. */
final class BenchTokenizers {
    static final String TRAIN = "bpe-train";
    static final String ENCODE = "bpe-encode";

    private static final int ENTRIES = 8000;
    private static final String TITLES = "/experiments/data/hn-titles.txt";

    private BenchTokenizers() {}

    /** Of CPU time: milliseconds a training, or tokens a second. The first repetition is left out. */
    static Measured of(String workload, double seconds) {
        List<byte[]> titles = titles();
        Bpe bpe = BpeTrainer.train(ENTRIES, titles);
        String json = bpe.json();
        long tokens =
                titles.stream().mapToLong(title -> bpe.encode(title).length).sum();
        boolean trains = workload.equals(TRAIN);
        List<Double> figures = new ArrayList<>();
        long end = System.nanoTime() + (long) (seconds * 1e9);
        while (figures.size() < 4 || System.nanoTime() < end) {
            Tokenizer fresh = Tokenizer.parse(json, workload); // It remembers words.
            long start = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
            if (trains) {
                BpeTrainer.train(ENTRIES, titles);
            } else {
                titles.forEach(fresh::encode);
            }
            double took = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - start;
            figures.add(trains ? took / 1e6 : tokens / took * 1e9);
        }
        double[] timed =
                figures.stream().skip(1).mapToDouble(Double::doubleValue).toArray();
        return new Measured(
                workload,
                "java",
                1,
                trains ? "ms_per_run" : "tokens_per_s",
                timed,
                Double.NaN,
                0,
                List.of((double) bpe.size(), (double) tokens),
                Map.of(),
                "Java");
    }

    private static List<byte[]> titles() {
        try (InputStream in = BenchTokenizers.class.getResourceAsStream(TITLES)) {
            if (in == null) {
                throw new InputException("this build of Hooke comes without the titles that the workload reads");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .map(line -> line.getBytes(StandardCharsets.UTF_8))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
