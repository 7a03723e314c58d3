package hooke.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class MaskTest {
    private static List<String> table(Mask mask, int nCtx) {
        List<String> rows = new ArrayList<>();
        for (int query = 0; query < nCtx; query++) {
            var row = new StringBuilder();
            for (int key = 0; key < nCtx; key++) {
                row.append(mask.open(query, key, nCtx) ? 'x' : '.');
            }
            rows.add(row.toString());
        }
        return rows;
    }

    @Test
    void truthTables() {
        assertThat(table(new Mask.Causal(), 4)).containsExactly("x...", "xx..", "xxx.", "xxxx");
        assertThat(table(new Mask.Full(), 3)).containsExactly("xxx", "xxx", "xxx");
        assertThat(table(new Mask.Local(1), 3)).containsExactly("x..", ".x.", "..x");
        assertThat(table(new Mask.Local(2), 4)).containsExactly("x...", "xx..", ".xx.", "..xx");
        assertThat(table(new Mask.Local(9), 3)).isEqualTo(table(new Mask.Causal(), 3));
        assertThat(table(new Mask.Bottleneck(2), 5)).containsExactly("x....", "x....", "xx...", "..x..", "..xx.");
        assertThat(table(new Mask.Bottleneck(3), 7))
                .containsExactly("x......", "x......", "xx.....", "xxx....", "...x...", "...xx..", "...xxx.");
        assertThat(table(new Mask.Table(List.of("x.", "xx")), 2)).containsExactly("x.", "xx");
    }

    @Test
    void bottleneckIsTheOriginals() throws IOException {
        JsonNode mask = JsonMapper.shared()
                .readTree(Files.readString(Path.of("golden/listcopy/d8_3L_noLN_noBias_fWV_fWO/run.json")))
                .path("mask");
        List<String> rows = new ArrayList<>();
        for (JsonNode row : mask) {
            var text = new StringBuilder();
            row.forEach(entry -> text.append(entry.isNumber() ? 'x' : '.'));
            rows.add(text.toString());
        }
        assertThat(table(new Mask.Bottleneck(2), 5)).isEqualTo(rows);
    }
}
