package hooke.lens.intervene;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hooke.InputException;
import hooke.hook.Point;
import hooke.lens.OpenedModel;
import hooke.lens.TinyLens;
import hooke.lens.intervene.Intervention.Part;
import hooke.lens.intervene.Intervention.Through;
import hooke.tensor.Scope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InterventionFileTest {
    private static final List<Intervention> EVERY_KIND = List.of(
            new Intervention.Zero(Point.POS_EMBED.at(), Part.ALL),
            new Intervention.Zero(Point.Z.at(1), new Part(List.of(0, 1), List.of(2, 4))),
            new Intervention.Mean(Point.ATTN_OUT.at(0), Part.position(2)),
            new Intervention.Resample(Point.RESID_POST.at(0), Part.ALL, 7),
            new Intervention.Patch(Point.V.at(0), Part.head(1), List.of("3", "4")),
            new Intervention.Edge(1, 0, 4, 3, true),
            new Intervention.MeanPattern(List.of(0), Through.SCORES),
            new Intervention.MeanPattern(List.of(), Through.PATTERN));

    @Test
    void every_kind_reads_back_as_it_was_written(@TempDir Path folder) throws IOException {
        try (var _ = new Scope()) {
            OpenedModel opened = TinyLens.open(TinyLens.TWO_HEADS);
            String yaml = InterventionFile.yaml(EVERY_KIND, opened.task().positionLabels());
            assertThat(yaml).contains("query: \"o2\", key: \"o1\"");
            Path file = Files.writeString(folder.resolve("some.yaml"), "note: all of them\n" + yaml);
            assertThat(InterventionFile.read(file, opened)).isEqualTo(EVERY_KIND);
        }
    }

    @Test
    void several_mistakes_are_told_together() {
        try (var _ = new Scope()) {
            OpenedModel opened = TinyLens.open(TinyLens.TWO_HEADS);
            assertThatThrownBy(() -> InterventionFile.parse("""
                            interventions:
                              - {kind: zero, at: blocks.7.attn.hook_z, heads: [2], sead: 3}
                              - {kind: edge, layer: 2, query: o2, key: o1}
                              - {kind: zer, at: hook_embed}
                            """, "x.yaml", opened))
                    .isInstanceOf(InputException.class)
                    .satisfies(e -> assertThat(e.getMessage().lines().map(line -> line.substring(0, 30)))
                            .containsExactly(
                                    "x.yaml:2: interventions.0.sead",
                                    "x.yaml:2: hook point 'blocks.7",
                                    "x.yaml:2: interventions.0.head",
                                    "x.yaml:3: interventions.1.laye",
                                    "x.yaml:4: interventions.2.kind"));
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {kind: zero, at: blocks.0.attn.hook_zz}|hook point 'blocks.0.attn.hook_zz' does not exist in a model of 2 layers (did you mean 'blocks.0.attn.hook_z'?)
            {kind: zero, at: blocks.7.attn.hook_z}|hook point 'blocks.7.attn.hook_z' does not exist
            {kind: zero, at: hook_embed, positions: [SEPP]}|positions (SEPP) is not a position of this task (did you mean 'SEP'?): the positions are d1, d2, SEP, o1, o2
            {kind: zero, at: hook_embed, positions: [5]}|positions (5) is not a position
            {kind: zero, at: hook_embed, positions: SEP}|must be a list
            {kind: zero, at: blocks.0.attn.hook_z, heads: [2]}|heads (2) does not exist: they go from 0 to 1
            {kind: edge, layer: 2, query: o2, key: o1}|layer (2) does not exist: they go from 0 to 1
            {kind: mean-pattern, layers: [7]}|layers (7) does not exist
            {kind: zero, at: hook_embed, heads: [0]}|heads cannot be chosen at hook_embed, whose axes are batch, pos, d_model
            {kind: zero}|at is missing
            {kind: zer, at: hook_embed}|did you mean 'zero'?
            {at: hook_embed}|kind is missing: what the change is, one of zero, mean
            {kind: zero, at: hook_embed, seed: 3}|seed is a key of kind resample, but interventions.0.kind is zero
            {kind: edge, layer: 1, query: o2, key: o1, renormalize: true}|did you mean 'interventions.0.renormalise'?
            {kind: edge, layer: 1.5, query: o2, key: o1}|layer (1.5) must be a whole number
            {kind: edge, query: o2, key: o1}|layer is missing
            {kind: edge, layer: 99999999999, query: o2, key: o1}|layer (99999999999) is out of range
            {kind: patch, at: hook_embed}|question is missing
            {kind: mean-pattern, through: score}|did you mean 'scores'?
            [1, 2]|interventions.0 (a list) must have keys below it
            zero|interventions.0.at is missing: a hook point
            """)
    void what_is_wrong_is_one_sentence_with_its_place(String item, String sentence) {
        try (var _ = new Scope()) {
            OpenedModel opened = TinyLens.open(TinyLens.TWO_HEADS);
            assertThatThrownBy(() -> InterventionFile.parse("interventions:\n  - " + item + "\n", "my.yaml", opened))
                    .isInstanceOf(InputException.class)
                    .hasMessageStartingWith("my.yaml:2: ")
                    .hasMessageContaining(sentence)
                    .message()
                    .doesNotContain("\n");
        }
    }

    @Test
    void a_hostile_file_is_refused_soon_and_in_a_sentence(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("bad.yaml");
        String bomb = "a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\n"
                + "c: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\ninterventions: [*c,*c,*c,*c,*c,*c,*c,*c,*c]\n";
        String many = "interventions:\n" + "  - {kind: zero, at: hook_embed}\n".repeat(1001);
        for (String text : List.of(
                "",
                "interventions: []",
                "interventions: {}",
                "- kind: zero",
                "interventions: !!java.net.URL [x]",
                "interventions: " + "[".repeat(5000),
                bomb,
                many,
                "interventions: [{kind: zero, at: \"\u001b[2J\"}]",
                "interventions:\n  - kind: zero\n    kind: mean\n",
                "intervention: []")) {
            Files.writeString(file, text);
            try (var _ = new Scope()) {
                OpenedModel opened = TinyLens.open(TinyLens.TWO_HEADS);
                assertThatThrownBy(() -> InterventionFile.read(file, opened))
                        .as(text.substring(0, Math.min(40, text.length())))
                        .isInstanceOf(InputException.class)
                        .hasMessageContaining("bad.yaml")
                        .message()
                        .doesNotContain("\u001b")
                        .hasSizeLessThan(20 * 200);
            }
        }
    }
}
