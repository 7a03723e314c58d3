package hooke.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hooke.InputException;
import hooke.config.OptimizerConfig.AdamW;
import hooke.config.task.TaskConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file may say only what differs from another one that it extends. */
class ExtendsTest {
    @Test
    void fileExtendsAnotherBesideIt(@TempDir Path folder) throws IOException {
        write(
                folder,
                "base.yaml",
                ExperimentsTest.LEAST + "  optimizer: {lr: 0.5}\ntags: [a, b]\nname: base-name\nnote: kept\n");
        write(folder, "middle.yaml", "extends: base.yaml\ntags: [c]\ntrain: {optimizer: {weight_decay: 0.5}}\n");
        Files.createDirectory(folder.resolve("below"));
        write(
                folder,
                "below/top.yaml",
                "extends: ../middle.yaml\ntask: {kind: list-copy, list_length: 2, n_digits: 5}\n");
        Experiment top = Experiments.read(folder.resolve("below/top.yaml"), List.of());
        assertThat(top.name()).isEqualTo("top");
        assertThat(top.note()).isEqualTo("kept");
        assertThat(top.tags()).containsExactly("c");
        assertThat(top.task()).isEqualTo(new TaskConfig.ListCopy(2, 5, 0.8));
        assertThat(top.train().optimizer()).isEqualTo(new AdamW(0.5, 0.5, List.of(0.9, 0.999), 1e-8));
    }

    @Test
    void circleOfFilesIsRefusedWithTheChain(@TempDir Path folder) throws IOException {
        write(folder, "a.yaml", "extends: b.yaml\n");
        write(folder, "b.yaml", "# first a comment\nextends: ./a.yaml\n");
        assertThatThrownBy(() -> Experiments.read(folder.resolve("a.yaml"), List.of()))
                .isInstanceOf(InputException.class)
                .hasMessage(
                        "%1$s/b.yaml:2: extends goes in a circle: %1$s/a.yaml -> %1$s/b.yaml -> %1$s/a.yaml", folder);
    }

    @Test
    void endlessChainOfFilesIsRefused(@TempDir Path folder) throws IOException {
        for (int i = 0; i < 20; i++) {
            write(folder, i + ".yaml", "extends: " + (i + 1) + ".yaml\n");
        }
        assertThatThrownBy(() -> Experiments.read(folder.resolve("0.yaml"), List.of()))
                .isInstanceOf(InputException.class)
                .hasMessageStartingWith(folder + "/15.yaml:1: extends goes on for too long: " + folder + "/0.yaml -> ");
    }

    @Test
    void fileExtendsAShippedExperimentByItsName(@TempDir Path folder) throws IOException {
        Path mine = Files.writeString(folder.resolve("mine.yaml"), "extends: quick-grok\nmodel: {d_model: 32}\n");
        Path more = Files.writeString(folder.resolve("more.yaml"), "extends: mine\nseed: 3\n");

        Experiment experiment = Experiments.read(more, List.of());

        assertThat(experiment.name()).isEqualTo("more");
        assertThat(experiment.model().dModel()).isEqualTo(32);
        assertThat(experiment.train())
                .isEqualTo(Experiments.named("quick-grok", folder, List.of()).train());
        Path typo = Files.writeString(folder.resolve("typo.yaml"), "extends: quick-gork\n");
        assertThatThrownBy(() -> Experiments.read(typo, List.of()))
                .isInstanceOf(InputException.class)
                .hasMessageEndingWith("ships with Hooke (did you mean 'quick-grok'?)");
        Path ended = Files.writeString(folder.resolve("ended.yaml"), "extends: quick-grok.yaml\n");
        assertThatThrownBy(() -> Experiments.read(ended, List.of()))
                .isInstanceOf(InputException.class)
                .hasMessageEndingWith("; without an ending, quick-grok is the one that ships with Hooke");
        Path dot = Files.writeString(folder.resolve("dot.yaml"), "extends: .\n");
        assertThatThrownBy(() -> Experiments.read(dot, List.of()))
                .isInstanceOf(InputException.class)
                .hasMessageEndingWith("dot.yaml:1: extends (.) is a folder; it must be an experiment file");
        Path circle = Files.writeString(folder.resolve("circle.yaml"), "extends: circle\n");
        assertThatThrownBy(() -> Experiments.read(circle, List.of())).hasMessageContaining("extends goes in a circle");
    }

    @Test
    void whatAFileExtendsMustBeThere(@TempDir Path folder) throws IOException {
        write(folder, "a.yaml", "extends: b.yaml\n");
        assertThatThrownBy(() -> Experiments.read(folder.resolve("a.yaml"), List.of()))
                .hasMessage("%1$s/a.yaml:1: extends (b.yaml) does not exist: there is no file %1$s/b.yaml", folder);
        write(folder, "b.yaml", ExperimentsTest.LEAST.replace("n_heads: 4", "n_heads: 3"));
        assertThatThrownBy(() -> Experiments.read(folder.resolve("a.yaml"), List.of()))
                .hasMessage(
                        "%s/b.yaml:7: model.d_model (128) must be a multiple of model.n_heads (3), or give model.d_head",
                        folder);
        write(folder, "a.yaml", "extends: [b.yaml]\n");
        assertThatThrownBy(() -> Experiments.read(folder.resolve("a.yaml"), List.of()))
                .hasMessageEndingWith(
                        "a.yaml:1: extends (a list or keys) must be the path of a file, or the name of an experiment");
    }

    private static void write(Path folder, String name, String text) throws IOException {
        Files.writeString(folder.resolve(name), text);
    }
}
