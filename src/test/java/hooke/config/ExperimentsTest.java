package hooke.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExperimentsTest {
    @Test
    void shippedOnesRead() {
        for (String name : Experiments.names(Path.of("experiments"))) {
            Experiment e = Experiments.named(name, Path.of("experiments"), List.of());
            assertThat(Experiments.named(name, Path.of("nowhere"), List.of())).isEqualTo(e);
        }
    }
}
