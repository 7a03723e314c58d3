package hooke.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hooke.InputException;
import hooke.Shared;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VerifyTest {
    @ParameterizedTest
    @ValueSource(
            strings = {"golden/modmul113", "golden/groktemplate", "golden/listcopy", "golden/pth", "golden/survival"})
    void computes_the_recorded_numbers(String folder) {
        Verify.Report report = Verify.folder(Shared.path(folder));
        assertThat(report.findings())
                .isNotEmpty()
                .allSatisfy(f -> assertThat(f.agrees()).as(f.toString()).isTrue());
        assertThat(report.unknown()).isEmpty();
    }

    @Test
    void fails_when_one_weight_is_one_percent_off(@TempDir Path folder) throws IOException {
        copy(Shared.path("golden/listcopy/d8_3L_noLN_noBias_fWV_fWO"), folder);
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
                .hasMessageContaining("fourier, groktemplate, listcopy, modmul, pth, survival");
        assertThatThrownBy(() -> Verify.folder(folder.resolve("nowhere"))).isInstanceOf(InputException.class);
        Files.writeString(folder.resolve("set/golden.json"), "{\"format\": 2}");
        assertThatThrownBy(() -> Verify.folder(folder)).hasMessageContaining("format 2");
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(file.getFileName()));
            }
        }
    }
}
