package hooke.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hooke.InputException;
import hooke.config.form.Words;
import hooke.config.task.TaskConfig;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TemplateTest {
    @ParameterizedTest
    @ValueSource(strings = {"modular-arithmetic", "list-copy"})
    void firstExperimentReads(String task) {
        Experiment first = Experiments.parse(Template.first("mine", task), "mine.yaml", List.of());
        assertThat(first.name()).isEqualTo("mine");
        assertThat(first.settings()).containsEntry("task.kind", task);
    }

    @Test
    void everyTaskHasOne() {
        for (String task : Words.kinds(TaskConfig.class)) {
            if (!List.of("none", "own").contains(task)) { // which no command trains
                assertThat(Template.first("x", task)).contains("kind: " + task);
            }
        }
        assertThatThrownBy(() -> Template.first("x", "list_copy"))
                .isInstanceOf(InputException.class)
                .hasMessage(
                        "--task (list_copy) must be one of modular-arithmetic, permutation, list-copy, table, life, text (did you mean 'list-copy'?)");
        assertThatThrownBy(() -> Template.first("a/../b c", "list-copy")).isInstanceOf(InputException.class);
    }

    @Test
    void fileReadsBackAsTheExperimentAndSoDoesTheFileWithAllCommentsTakenAway() {
        var random = new Random(12);
        for (int i = 0; i < 100; i++) {
            Experiment experiment = AnyExperiment.of(random);
            String file = experiment.name() + ".yaml";
            String yaml = Template.of(experiment);
            assertThat(Experiments.parse(yaml, file, List.of())).as(yaml).isEqualTo(experiment);
            String open = yaml.replaceAll("(?m)^( *)# ([a-z_]+:)", "$1$2");
            assertThat(Experiments.parse(open, file, List.of())).as(open).isEqualTo(experiment);
        }
    }

    @Test
    void everyKeyIsThereWithWhatItMeans() {
        String yaml = Template.first("mine", "modular-arithmetic");
        assertThat(yaml.lines().filter(line -> line.matches(" *(# )?[a-z_]+:.*")))
                .allMatch(line -> line.matches(".* # .+"))
                .hasSizeGreaterThan(45);
    }
}
