package hooke.check;

import hooke.config.ModelConfig;
import hooke.fused.decode.Decoder;
import hooke.fused.decode.Generation;
import hooke.fused.decode.Sampling;
import hooke.fused.decode.Storage;
import hooke.fused.kernels.Kernel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Writing at the size of the Life study: prompts of 275 bytes, each continued by the 260 most likely bytes, in float32. */
final class BenchLifeGeneration implements AutoCloseable {
    private static final int PROMPT = 275;
    private static final int ADDED = 260;
    /** Bytes behind which the numbers that all programs must agree on are taken. */
    private static final int CHECKED = 16;

    private final Decoder decoder;
    private final List<int[]> prompts;

    BenchLifeGeneration(ModelConfig model, int prompts, int threads) {
        this.decoder = new Decoder(model, BenchLife.weights(model), Storage.FLOAT32, threads, Kernel.best());
        this.prompts = IntStream.range(0, prompts)
                .mapToObj(row -> Arrays.copyOf(BenchLife.text(row), PROMPT))
                .toList();
    }

    /** Bytes that a repetition writes. */
    int tokens() {
        return prompts.size() * ADDED;
    }

    /** Of the first prompt: the first bytes written, then the largest logit and the sum of squares behind the prompt, and behind those bytes. */
    List<Double> check() {
        int[] prompt = prompts.getFirst();
        int[] written = continued(CHECKED).getFirst().tokens();
        int[] text =
                IntStream.concat(Arrays.stream(prompt), Arrays.stream(written)).toArray();
        List<Double> numbers = new ArrayList<>();
        Arrays.stream(written).forEach(token -> numbers.add((double) token));
        Stream.of(prompt, text).map(decoder::logits).forEach(logits -> {
            double[] exact = IntStream.range(0, logits.length)
                    .mapToDouble(i -> logits[i])
                    .toArray();
            numbers.add(Arrays.stream(exact).max().orElseThrow());
            numbers.add(Arrays.stream(exact).map(l -> l * l).sum());
        });
        return numbers;
    }

    void repetition() {
        continued(ADDED);
    }

    private List<Generation.Answer> continued(int bytes) {
        return new Generation(decoder, Sampling.GREEDY, OptionalInt.empty()).continued(prompts, bytes, 0, (_, _) -> {});
    }

    @Override
    public void close() {
        decoder.close();
    }
}
