package hooke.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hooke.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class MaskTest {
    private static List<String> table(Mask.Plain mask, int nCtx) {
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

    /** Every layout of the recorded set, head by head; its word for the causal one is all. */
    @Test
    void everyHeadSeesWhatTheRecordedLayoutShows() throws IOException {
        for (JsonNode layout : layouts().path("layouts")) {
            int n = layout.path("n").asInt();
            Mask mask = model(layout).mask();
            int head = 0;
            for (JsonNode rows : layout.path("per_head")) {
                List<String> expected = new ArrayList<>();
                rows.forEach(
                        row -> expected.add(row.asString().replace('1', 'x').replace('0', '.')));
                assertThat(table(mask.of(0, head, layout.path("heads").asInt()), n))
                        .as("%s, head %s", layout, head)
                        .isEqualTo(expected);
                head++;
            }
        }
    }

    @Test
    void impossibleLayoutsAreRefusedWithTheRule() throws IOException {
        for (JsonNode layout : layouts().path("invalid")) {
            assertThatThrownBy(() -> model(layout))
                    .as(layout.toString())
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("model.mask.")
                    .hasMessageContaining("must");
        }
    }

    private static JsonNode layouts() throws IOException {
        return JsonMapper.shared().readTree(Files.readString(Path.of("golden/headlines/layouts/layouts.json")));
    }

    private static ModelConfig model(JsonNode layout) {
        int c = layout.path("c").asInt();
        String kind = layout.path("kind").asString();
        String mask = switch (kind) {
            case "all" -> "causal";
            case "local" -> "{kind: local, window: %s}".formatted(c);
            case "strided" -> "{kind: strided, stride: %s}".formatted(c);
            case "strided_half" -> "{kind: strided-half, stride: %s}".formatted(c);
            case "fixed" ->
                "{kind: fixed, block: %s, local_context: %s, verts: %s, num_verts: %s}"
                        .formatted(
                                layout.path("b").asInt(),
                                c,
                                layout.path("v").asInt(),
                                layout.path("num_verts").asInt());
            default -> throw new IllegalArgumentException(kind);
        };
        return model(mask, layout.path("heads").asInt(), layout.path("n").asInt());
    }

    private static ModelConfig model(String mask, int heads, int n) {
        return Experiments.parse("""
                        task: {kind: own, name: any, d_vocab: 9, d_vocab_out: 9, n_ctx: %s}
                        model: {n_layers: 3, d_model: 64, d_head: 4, n_heads: %s, mask: %s}
                        train: {steps: 1}
                        """.formatted(n, heads, mask), "m.yaml", List.of())
                .model();
    }

    @Test
    void headsAndLayersTakeMasksInTurn() {
        ModelConfig heads = model("{kind: heads, masks: [causal, {kind: local, window: 2}]}", 3, 8);
        assertThat(List.of(heads.mask(1, 0), heads.mask(1, 1), heads.mask(1, 2)))
                .containsExactly(new Mask.Causal(), new Mask.Local(2), new Mask.Causal());
        ModelConfig layers = model(
                "{kind: layers, masks: [{kind: strided-half, stride: 3}, {kind: heads, masks: [full, causal]}]}", 2, 8);
        assertThat(List.of(layers.mask(0, 0), layers.mask(0, 1), layers.mask(1, 0), layers.mask(2, 1)))
                .containsExactly(new Mask.Local(3), new Mask.Strided(3), new Mask.Full(), new Mask.Strided(3));
        assertThat(layers.masks(1)).containsExactly(new Mask.Full(), new Mask.Causal());
        assertThat(heads.looksBack()).isTrue();
        assertThat(layers.looksBack()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{kind: heads, masks: []} | model.mask.masks must name at least one mask",
                "{kind: heads, masks: causal} | model.mask.masks (causal) must be a list",
                "{kind: heads, masks: [causal, full, causal]} | model.mask.masks has 3 masks for model.n_heads 2",
                "{kind: heads, masks: [{kind: strided-half, stride: 2}]} | must be masks of one head: not strided-half",
                "{kind: layers, masks: [{kind: layers, masks: [causal]}]} | must be masks of one layer",
                "{kind: layers, masks: [causal, {kind: local, window: 0}]} | m.yaml:2: model.mask.masks.1.window (0) must be at least 1",
                "{kind: layers, masks: [causal, {kind: local, windw: 3}]} | model.mask.masks.1.windw is not a key (did you mean",
                "{kind: layers, masks: [causl]} | model.mask.masks.0 (causl) must be one of causal, full,",
                "{kind: heads, masks: [causal, {kind: heads, masks: [{kind: local, window: -1}]}]} | model.mask.masks.1.masks.0.window (-1)",
                "{kind: heads, masks: [{kind: table, rows: [x]}]} | rows must be 8 strings",
            })
    void listsOfMasksAreCheckedLikeMasks(String mask, String sentence) {
        assertThatThrownBy(() -> model(mask, 2, 8))
                .isInstanceOf(InputException.class)
                .hasMessageContaining(sentence);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "mask={kind: local, window: 8} | model.mask.window",
                "mask={kind: strided, stride: 1} | model.mask.stride",
                "mask={kind: fixed, local_context: 8} | model.mask.local_context",
                "mask={kind: fixed, block: 4, local_context: 4} | model.mask.local_context",
                "mask={kind: heads, masks: [causal, {kind: local, window: 9}]} | model.mask.masks",
                "attention={kind: top-k, k: 8} | model.attention.k",
                "attention={kind: sparsek, k: 9} | model.attention.k",
                "attention={kind: top-k, k: 7} | none",
                "mask={kind: layers, masks: [causal, {kind: local, window: 7}]} | none",
                "mask={kind: strided, stride: 2} | none",
            })
    void settingsThatLeaveNothingOutAreRemarkedOn(String setting, String key) {
        var experiment = Experiments.parse("""
                task: {kind: own, name: any, d_vocab: 9, d_vocab_out: 9, n_ctx: 8}
                model: {n_layers: 3, d_model: 64, n_heads: 2}
                train: {steps: 1000}
                """, "m.yaml", List.of("model." + setting));
        assertThat(experiment.vain().keySet()).isEqualTo(key.equals("none") ? Set.of() : Set.of(key));
    }
}
