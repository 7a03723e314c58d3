package hooke.view.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

final class GlossaryTest {
    @Test
    void thePageOfTheDocsIsTheOneThatThePagesRead() throws IOException {
        assertThat(Path.of("docs/glossary.md"))
                .hasContent(Files.readString(Path.of("src/main/resources/hooke/view/page", Glossary.RESOURCE)));
    }

    @Test
    void everyEntryIsOneWordWithOneMeaningAndTheyAreInOrder() {
        var words = Page.resource(Glossary.RESOURCE)
                .lines()
                .filter(line -> line.startsWith("- "))
                .map(line -> line.replaceAll("^- \\*\\*(.+?)\\*\\*: [^ ].*\\.$", "$1"))
                .toList();

        assertThat(words)
                .hasSizeGreaterThan(20)
                .allSatisfy(word -> assertThat(word).matches("[A-Za-z -]+"));
        assertThat(words).isSortedAccordingTo(String.CASE_INSENSITIVE_ORDER).doesNotHaveDuplicates();
    }

    @Test
    void aWordOfTheGlossaryIsExplainedWhereItStandsAndAnotherIsText() {
        assertThat(text(Glossary.explained("Restricted loss")))
                .startsWith("<abbr title=\"the loss with the key parts alone")
                .endsWith(">Restricted loss</abbr>");
        assertThat(text(Glossary.explained("key parts")))
                .startsWith("<abbr title=")
                .endsWith(">key parts</abbr>");
        assertThat(text(Glossary.explained("test accuracy"))).isEqualTo("test accuracy");
        assertThat(text(PageParts.tile("Excluded loss", "1", "n"))).contains("<dt><abbr title=");
    }

    private static String text(Html html) {
        var out = new StringBuilder();
        html.write(out);
        return out.toString();
    }
}
