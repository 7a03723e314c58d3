package hooke.view.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hooke.InputException;
import hooke.view.SampleReports;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunPageTest {
    @Test
    void thePageShowsEverything() {
        String html = RunPage.of(SampleReports.grokking()).html();

        assertThat(html)
                .contains("<h1>Memorized at step 200, grokked at step 4,700</h1>")
                .contains(
                        "Learns a x b mod 113 from 3,830 of 12,769 examples. One layer, 4 heads, d_model 128, d_mlp 512.")
                .contains("<dd>227,313</dd><dd class=\"of\">226,048 train</dd>")
                .contains("<td>test accuracy above 99%</td>")
                .contains("400 from step 0 to 39,900, 364 MB")
                .contains("<td>torch 2.10.0, 1 thread, cpu</td>");
    }

    @Test
    void settingsThatDifferFromTheDefaultsAreMarked() {
        String html = RunPage.of(SampleReports.grokking()).html().replace("<wbr>", "");

        assertThat(html)
                .contains("<tr class=\"differs\"><th scope=\"row\"><code>seeds.split</code></th><td>598")
                .containsPattern(
                        "<tr class=\"differs\"><th scope=\"row\"><code>train.optimizer.weight_decay</code></th>"
                                + "<td>1.0<span>default [0-9.]+</span></td>")
                .contains("<tr class=\"same\"><th scope=\"row\"><code>model.act_fn</code></th><td>relu</td>");
    }

    @Test
    void whatAUserWroteStaysText() {
        String html = RunPage.of(SampleReports.listCopy()).html();

        assertThat(html)
                .contains("&lt;img src=x onerror=alert(1)&gt;")
                .doesNotContain("<img")
                .doesNotContain("<script>document");
        assertThat(html.split("<script", -1)).as("one block a plot, and ours").hasSize(1 + 2 + 3 + 1);
    }

    @Test
    void nothingOfItLiesElsewhere() {
        String html = RunPage.of(SampleReports.listCopy()).html();

        assertThat(html.replace("http://www.w3.org/2000/svg", ""))
                .doesNotContain("http:")
                .doesNotContain("https:");
        assertThat(html).doesNotContain("src=\"").doesNotContain("@import").contains("default-src 'none'");
    }

    @Test
    void theSameRunGivesTheSamePage() {
        assertThat(RunPage.of(SampleReports.listCopy()).html())
                .isEqualTo(RunPage.of(SampleReports.listCopy()).html());
    }

    @Test
    void fortyThousandPointsOfFourSeriesFitIntoAMegabyte() {
        assertThat(RunPage.of(SampleReports.grokking()).html()).hasSizeLessThan(1_100_000);
    }

    @Test
    void aFolderThatIsNotThereIsOneSentence(@TempDir Path folder) {
        Path file = folder.resolve("none").resolve("report.html");

        assertThatThrownBy(() -> RunPage.of(SampleReports.listCopy()).write(file))
                .isInstanceOf(InputException.class)
                .hasMessageStartingWith(file + " cannot be written: ");
        assertThat(Files.exists(file)).isFalse();
    }
}
