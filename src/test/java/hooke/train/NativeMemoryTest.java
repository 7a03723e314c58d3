package hooke.train;

import static org.assertj.core.api.Assertions.assertThat;

import hooke.JavaProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NativeMemoryTest {
    private static final String FULL_BATCH = """
            name: tiny
            task: {kind: modular-arithmetic, operation: add, modulus: 11, train_fraction: 0.6}
            model: {n_layers: 1, d_model: 16, n_heads: 2, d_mlp: 32, norm: layer-norm}
            train: {steps: 100000, batch: full, threads: 1, engine: torch, loss_dtype: float64}
            """;
    private static final String MINI_BATCH = """
            name: tiny
            task: {kind: list-copy, list_length: 2, n_digits: 6, train_fraction: 0.7}
            model: {n_layers: 2, d_model: 16, n_heads: 1, attn_only: true, mask: bottleneck}
            train: {steps: 100000, batch: 8, threads: 1, engine: torch}
            """;

    /** In a JVM without JIT compiler, whose buffers the allocator would count, too. */
    @ParameterizedTest
    @ValueSource(strings = {FULL_BATCH, MINI_BATCH})
    void stays_flat_over_thousands_of_steps(String experiment) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        JavaProcess.command(List.of("-Xint"), FlatMemory.class.getName(), experiment))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isZero();
        long[] bytes = output.lines().mapToLong(Long::parseLong).toArray();
        // The JVM's own tables grow by leaps of some ten kilobytes; what is lost at each step is lost in every
        // thousand.
        long least = IntStream.range(1, bytes.length)
                .mapToLong(i -> bytes[i] - bytes[i - 1])
                .min()
                .orElseThrow();
        assertThat(least).as("least growth in 1,000 steps of %s", output).isLessThan(1000 * 8);
    }
}
