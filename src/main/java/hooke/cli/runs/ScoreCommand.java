package hooke.cli.runs;

import hooke.Amounts;
import hooke.Check;
import hooke.InputException;
import hooke.cli.arguments.RunArgument;
import hooke.cli.terminal.Exit;
import hooke.cli.terminal.Json;
import hooke.cli.terminal.Terminal;
import hooke.cli.terminal.TextTable;
import hooke.config.TrainConfig;
import hooke.config.task.TextConfig;
import hooke.config.task.TextScore;
import hooke.lens.OpenedModel;
import hooke.lens.text.TextStudy;
import hooke.lens.text.TokenLosses;
import hooke.store.Address;
import hooke.store.RunReader;
import hooke.store.Store;
import hooke.store.files.Checkpoint;
import hooke.task.Batch;
import hooke.task.Text;
import hooke.tensor.Scope;
import hooke.view.run.RunReport.Fact;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code hooke score}: how well a model predicts the text that it was kept from. */
@Command(
        name = "score",
        description = {
            "Score a model on the test set of its text, every token once, beside a bigram model.",
            "The loss is told in nats/token, nats/character and bits/byte."
        },
        footer = {"", "Examples:", "  ./hooke score headlines-small", "  ./hooke score headlines-small --as-original"})
public final class ScoreCommand implements Callable<Exit> {
    private final Terminal terminal;
    private final Supplier<Path> folder;

    @Mixin
    private RunArgument named = new RunArgument();

    @Option(
            names = "--as-original",
            description = "Score as the original program did, without the tail and by all characters, to compare with "
                    + "what it published.")
    private boolean asOriginal;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    public ScoreCommand(Terminal terminal, Supplier<Path> folder) {
        this.terminal = terminal;
        this.folder = folder;
    }

    @Override
    public Exit call() {
        try (Store store = Store.openReadOnly(folder.get())) {
            Address found = named.find(store);
            RunReader reader = store.read(found.run());
            if (!(reader.experiment().task() instanceof TextConfig config)) {
                throw new InputException("run %s learned no text: ./hooke show tells its loss"
                        .formatted(found.run().address()));
            }
            List<Checkpoint> all = reader.checkpoints();
            Check.that(
                    !all.isEmpty(),
                    "run %s has no checkpoint to score yet",
                    found.run().address());
            Checkpoint checkpoint =
                    found.step().isPresent() ? reader.checkpoint(found.step().getAsLong()) : all.getLast();
            String run = found.run().address() + "@" + checkpoint.step();
            if (asOriginal) {
                original(run, reader, config, checkpoint);
            } else {
                honest(run, config, TextFigures.study(reader, config, checkpoint));
            }
        }
        return Exit.DONE;
    }

    private void honest(String run, TextConfig config, TextStudy study) {
        double bigram = study.bigram().natsPerToken().value();
        List<Fact> facts = new ArrayList<>(TextFigures.units(config, study.score()));
        facts.add(new Fact("bigram model", Amounts.figure(bigram) + " nats/token"));
        facts.add(new Fact("model minus bigram model", study.verdict()));
        Map<String, Object> map = map(run, config, study.score());
        map.put("nats_per_token", study.score().natsPerToken().value());
        map.put("bits_per_byte", study.score().bitsPerByte().value());
        map.put("bigram_nats_per_token", bigram);
        map.put("difference", study.difference().value());
        if (study.difference().hasInterval()) {
            map.put("low", study.difference().low());
            map.put("high", study.difference().high());
        }
        map.put("documents", study.difference().n());
        print(run, facts, map);
    }

    private static Map<String, Object> map(String run, TextConfig config, TextScore score) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("run", run);
        map.put("tokens", score.tokens());
        map.put("scored", score.scored());
        map.put("unknown", config.facts().unknown());
        map.put("nats_per_character", score.natsPerCharacter().value());
        return map;
    }

    /** With a separator as the characters that it is written in. */
    private void original(String run, RunReader reader, TextConfig config, Checkpoint checkpoint) {
        int blocks = switch (reader.experiment().train().batch()) {
            case TrainConfig.Batch.Full() -> config.trainSize();
            case TrainConfig.Batch.Mini(int size) -> size;
        };
        var text = new Text(config, reader.tokenizer());
        Batch.Sequences scored = text.scoredAsOriginal(blocks);
        double[] losses = new double[0];
        if (scored.size() > 0) {
            try (var _ = new Scope()) {
                losses = TokenLosses.of(OpenedModel.model(reader, checkpoint), scored);
            }
        }
        TextConfig.Facts facts = config.facts();
        int longer = facts.testDocuments() * (config.separator().length() - 1);
        var score = new TextScore(
                Arrays.stream(losses).sum(),
                losses.length,
                facts.testTokens(),
                facts.testCharacters() + longer,
                facts.testBytes() + longer,
                facts.tokenizerSha256());
        terminal.err()
                .println(
                        "warning: this is the original's number. It scores %.1f%% of the tokens (whole windows of %s x %s), divides their loss by all characters, and counts %s as %s: the larger the batch, the better it looks. Compare it with nothing but the original's."
                                .formatted(
                                        100 * score.coverage(),
                                        blocks,
                                        config.context(),
                                        config.separator(),
                                        config.separator().length()));
        List<Fact> units = TextFigures.units(config, score);
        List<Fact> told = new ArrayList<>(units.subList(3, units.size()));
        told.addFirst(new Fact("original's nats/character", units.get(1).value()));
        print(run, told, map(run, config, score));
    }

    private void print(String run, List<Fact> facts, Map<String, Object> map) {
        if (json) {
            terminal.out().print(Json.text(map));
            return;
        }
        var table = TextTable.headless(2);
        facts.forEach(fact -> table.row(fact.name(), fact.value()));
        terminal.out().print(terminal.bold(run) + "\n" + table.text("  "));
    }
}
