package hooke.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hooke.InputException;
import hooke.config.TrainConfig.Engine;
import hooke.tensor.DType;
import hooke.tensor.RawTensor;
import hooke.tensor.Scope;
import hooke.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class VerifyTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "golden/modmul113",
                "golden/groktemplate",
                "golden/headlines/gpt",
                "golden/headlines/gpt_full_width",
                "golden/headlines/layouts",
                "golden/headlines/sparsek",
                "golden/lifegpt",
                "golden/listcopy",
                "golden/pth",
                "golden/survival"
            })
    void computes_the_recorded_numbers(String folder) {
        Verify.Report report = Verify.folder(Path.of(folder));
        assertThat(report.findings())
                .isNotEmpty()
                .allSatisfy(f -> assertThat(f.agrees()).as(f.toString()).isTrue());
        assertThat(report.unknown()).isEmpty();
    }

    @Test
    void fails_when_one_weight_is_one_percent_off(@TempDir Path folder) throws IOException {
        copy(Path.of("golden/listcopy/d8_3L_noLN_noBias_fWV_fWO"), folder);
        Path file = folder.resolve("final.safetensors");
        byte[] bytes = Files.readAllBytes(file);
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int last = bytes.length - 4;
        while (Math.abs(buffer.getFloat(last)) < 0.1) {
            last -= 4;
        }
        buffer.putFloat(last, buffer.getFloat(last) * 1.01f);
        Files.write(file, bytes);
        Verify.Report report = Verify.folder(folder);
        assertThat(report.agrees()).isFalse();
        assertThat(report.findings()).filteredOn(f -> !f.agrees()).hasSizeGreaterThan(0);
    }

    @Test
    void names_families_that_it_does_not_know(@TempDir Path folder) throws IOException {
        Files.writeString(
                Files.createDirectories(folder.resolve("set")).resolve("golden.json"),
                "{\"format\": 1, \"family\": \"perceptron\", \"tolerance\": {}}");
        assertThatThrownBy(() -> Verify.folder(folder))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("set (perceptron)")
                .hasMessageContaining(
                        "fourier, groktemplate, headlines/bpe, headlines/gpt, headlines/layouts, headlines/sparsek, lifegpt,"
                                + " listcopy, modmul, pth, survival");
        assertThatThrownBy(() -> Verify.folder(folder.resolve("nowhere"))).isInstanceOf(InputException.class);
        Files.writeString(folder.resolve("set/golden.json"), "{\"format\": 2}");
        assertThatThrownBy(() -> Verify.folder(folder)).hasMessageContaining("format 2");
    }

    @Test
    void says_what_lacks_data_beside_it(@TempDir Path folder) throws IOException {
        Path fourier = Files.createDirectories(folder.resolve("fourier"));
        copy(Path.of("golden/fourier"), fourier);
        Verify.Report report = Verify.folder(folder, List.of(Engine.FUSED));
        assertThat(report.agrees()).isTrue();
        assertThat(report.findings()).hasSize(4);
        assertThat(report.skipped()).singleElement().satisfies(s -> {
            assertThat(s.quantity()).isEqualTo("measures of modmul113");
            assertThat(s.why()).contains("modmul113", "final.safetensors", "split.safetensors");
        });
    }

    @ParameterizedTest
    @EnumSource
    void finds_the_set_beside_it_whichever_engine_trains(Engine engine) {
        assertThat(Verify.folder(Path.of("golden/fourier"), List.of(engine)).skipped())
                .isEmpty();
    }

    @Test
    void bounds_means_over_tensors_beside_single_errors() {
        var tolerance = new GoldenSet.Tolerance("params", 0.01, false, false, 1e-4, -1, -1);
        var comparison = new Deviation("set", tolerance);
        try (var _ = new Scope()) {
            comparison.tensor("even", Tensor.of(new float[] {9e-5f, 9e-5f}, 2), floats(0, 0));
            assertThat(comparison.findings()).hasSize(2).allMatch(Finding::agrees);
            comparison.tensor("uneven", Tensor.of(new float[] {3e-4f, 0}, 2), floats(0, 0));
        }
        assertThat(comparison.findings()).element(0).matches(Finding::agrees);
        assertThat(comparison.findings())
                .element(1)
                .satisfies(f -> assertThat(f.agrees()).isFalse())
                .satisfies(f -> assertThat(f.where()).isEqualTo("uneven"))
                .satisfies(f -> assertThat(f.compared()).isEqualTo(2));
    }

    private static RawTensor floats(float... values) {
        return new RawTensor(DType.F32, List.of((long) values.length), MemorySegment.ofArray(values));
    }

    @Test
    void refuses_tolerances_that_it_does_not_understand(@TempDir Path folder) throws IOException {
        copy(Path.of("golden/listcopy/d8_3L_noLN_noBias_fWV_fWO"), folder);
        Path file = folder.resolve("golden.json");
        String text = Files.readString(file);
        for (String tolerance : List.of("{\"abs\": 1, \"median\": 1}", "{\"mean_abs\": 1}", "{\"abs\": \"1\"}")) {
            Files.writeString(file, text.replaceFirst("(\"losses_1_300\": )\\{[^}]*}", "$1" + tolerance));
            assertThatThrownBy(() -> Verify.folder(folder))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("the tolerance of 'losses_1_300'");
        }
    }

    @Test
    void a_set_of_which_nothing_can_be_compared_does_not_agree(@TempDir Path folder) throws IOException {
        for (String file : List.of("run.json", "golden.json")) {
            Files.copy(Path.of("golden/groktemplate/x_div_y_2L_d128_h4", file), folder.resolve(file));
        }
        Verify.Report alone = Verify.folder(folder, List.of(Engine.FUSED));
        assertThat(alone.agrees()).isTrue();
        assertThat(alone.skipped()).hasSize(2);
        assertThat(new Verify.Report(List.of(), List.of(), List.of()).agrees()).isFalse();
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(file.getFileName()));
            }
        }
    }
}
