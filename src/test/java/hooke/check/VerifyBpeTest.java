package hooke.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

final class VerifyBpeTest {
    @Test
    void merges_ids_tokens_offsets_and_texts_are_those_of_hugging_face() {
        Verify.Report report = Verify.folder(Path.of("golden/headlines/bpe"));

        assertThat(report.findings()).hasSize(4);
        assertThat(report.findings())
                .allSatisfy(f -> assertThat(f.agrees()).as(f.toString()).isTrue());
    }
}
