package hooke.cli.runs;

import hooke.Amounts;
import hooke.Check;
import hooke.InputException;
import hooke.cli.arguments.RunArgument;
import hooke.cli.terminal.Exit;
import hooke.cli.terminal.Json;
import hooke.cli.terminal.Terminal;
import hooke.config.Experiment;
import hooke.fused.decode.Decoder;
import hooke.fused.decode.Generation;
import hooke.fused.decode.Sampling;
import hooke.fused.decode.Scoring;
import hooke.fused.decode.Storage;
import hooke.fused.kernels.Kernel;
import hooke.store.Address;
import hooke.store.RunReader;
import hooke.store.Store;
import hooke.store.files.Checkpoint;
import hooke.task.Batch;
import hooke.task.Data;
import hooke.task.EvaluationSet;
import hooke.task.SequenceTask;
import hooke.task.Split;
import hooke.task.Streams;
import hooke.task.Task;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code hooke generate}: lets a trained model go on from a beginning, token by token. */
@Command(
        name = "generate",
        description = {
            "Let a trained model continue texts, token by token.",
            "With one prompt, each token is printed as it is written; with several, all texts are printed at the end."
        },
        footer = {
            "",
            "Examples:",
            "  ./hooke generate life-small --prompt 0110011000000000",
            "  ./hooke generate life-small --prompt 0110011000000000 --temperature 0.8 --top-k 26 --seed 3",
            "  ./hooke generate life-small --prompts boards.txt --json",
            "  ./hooke generate headlines-small --prompt 'Show HN:' --temperature 0.8 --top-p 0.95"
        })
public final class Generate implements Callable<Exit> {
    private final Terminal terminal;
    private final Supplier<Path> folder;

    @Mixin
    private RunArgument named = new RunArgument();

    @Option(
            names = "--prompt",
            paramLabel = "TEXT",
            description = "The text to continue, as the task writes it; may be repeated.")
    private List<String> prompts = List.of();

    @Option(names = "--prompts", paramLabel = "FILE", description = "A file with a prompt a line.")
    private @Nullable Path file;

    @Option(
            names = "--tokens",
            paramLabel = "N",
            description = "Tokens to add at most (default: to the end of the model's context).")
    private @Nullable Integer tokens;

    @Option(
            names = "--temperature",
            paramLabel = "T",
            description = "0 for the most probable token each time (default); 1 for the model's own probabilities.")
    private double temperature;

    @Option(
            names = "--top-k",
            paramLabel = "K",
            description = "Only the K most probable tokens are drawn from (default: all).")
    private int topK;

    @Option(
            names = "--top-p",
            paramLabel = "P",
            description = "Draw from the most probable tokens, whose probabilities add up to P (default: 1, all).")
    private double topP = 1;

    @Option(
            names = "--min-p",
            paramLabel = "P",
            description = "Draw from tokens at least P times as probable as the most probable one (default: 0, all).")
    private double minP;

    @Option(names = "--seed", paramLabel = "N", description = "What random draws are derived from (default: 0).")
    private long seed;

    @Option(
            names = "--endless",
            description = "Go on after the token that ends a text, until the context is full or --tokens is reached.")
    private boolean endless;

    @Option(
            names = "--weights",
            paramLabel = "TYPE",
            description =
                    "How weights are held in memory: float32 (default), bf16 or int8, with what it costs in loss and accuracy printed.")
    private String weights = "float32";

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "Compute threads (default: those that it was trained with).")
    private @Nullable Integer threads;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    public Generate(Terminal terminal, Supplier<Path> folder) {
        this.terminal = terminal;
        this.folder = folder;
    }

    @Override
    public Exit call() {
        var sampling = new Sampling(temperature, topK, topP, minP);
        Storage storage = storage();
        Integer asked = threads;
        if (asked != null) {
            Check.that(asked >= 1 && asked <= 1024, "--threads (%s) must be from 1 to 1024", asked);
        }
        List<String> texts = texts();
        try (Store store = Store.openReadOnly(folder.get())) {
            Address found = named.find(store);
            RunReader reader = store.read(found.run());
            String run = found.run().address();
            Experiment experiment = reader.experiment();
            if (!(Task.of(experiment.task(), reader.tokenizer()) instanceof SequenceTask task)) {
                throw new InputException(
                        "run %s answers at fixed positions and does not continue texts: put a question to it with ./hooke ask"
                                .formatted(run));
            }
            List<Checkpoint> all = reader.checkpoints();
            Check.that(!all.isEmpty(), "run %s has no checkpoint to generate with yet", run);
            Checkpoint checkpoint =
                    found.step().isPresent() ? reader.checkpoint(found.step().getAsLong()) : all.getLast();
            List<int[]> beginnings = texts.stream().map(task::tokens).toList();
            int unknown = beginnings.stream().mapToInt(task::unknown).sum();
            if (unknown > 0) {
                terminal.err()
                        .println("run %s does not know %s of what to go on from, and reads <unk> instead"
                                .formatted(run, Amounts.of(unknown, "token", "tokens")));
            }
            try (Arena arena = Arena.ofConfined()) {
                var recorded = checkpoint.weights().open(arena).tensors();
                int crew = threads == null ? Math.max(1, experiment.train().threads()) : threads;
                try (var decoder = new Decoder(experiment.model(), recorded, storage, crew, Kernel.best())) {
                    generate(task, decoder, sampling, texts, beginnings, run + "@" + checkpoint.step());
                    if (storage != Storage.FLOAT32) {
                        try (var exact =
                                new Decoder(experiment.model(), recorded, Storage.FLOAT32, crew, Kernel.best())) {
                            sayCost(reader, task, exact, decoder);
                        }
                    }
                }
            }
        }
        return Exit.DONE;
    }

    private Storage storage() {
        List<String> words = new ArrayList<>();
        for (Storage storage : Storage.values()) {
            String word = storage.name().toLowerCase(Locale.ROOT);
            if (word.equals(weights)) {
                return storage;
            }
            words.add(word);
        }
        throw new InputException("--weights (%s) must be one of %s%s"
                .formatted(weights, String.join(", ", words), Check.didYouMean(weights, words)));
    }

    private List<String> texts() {
        List<String> texts = new ArrayList<>(prompts);
        Path from = file;
        if (from != null) {
            Check.that(
                    !Files.isDirectory(from),
                    "--prompts (%s) is a folder: a text file with a prompt a line is meant",
                    from);
            try {
                Files.readAllLines(from, StandardCharsets.UTF_8).stream()
                        .filter(line -> !line.isBlank())
                        .forEach(texts::add);
            } catch (NoSuchFileException e) {
                throw new InputException("--prompts (%s) is no file".formatted(from), e);
            } catch (CharacterCodingException e) {
                throw new InputException("--prompts (%s) is no text in UTF-8".formatted(from), e);
            } catch (IOException e) {
                throw new UncheckedIOException(from.toString(), e);
            }
        }
        Check.that(!texts.isEmpty(), "there is nothing to go on from: give --prompt TEXT or --prompts FILE");
        return texts;
    }

    private void generate(
            SequenceTask task,
            Decoder decoder,
            Sampling sampling,
            List<String> texts,
            List<int[]> beginnings,
            String run) {
        int longest = beginnings.stream().mapToInt(b -> b.length).max().orElseThrow();
        int room = decoder.model().nCtx() - longest;
        Check.that(
                room >= 1,
                "a prompt of %s tokens leaves no room in the model's context of %s (model.n_ctx)",
                longest,
                decoder.model().nCtx());
        int most = tokens == null ? room : tokens;
        Check.that(
                most >= 1 && most <= room,
                "--tokens (%s) must be from 1 to %s, for which the model's context of %s (model.n_ctx) has room",
                most,
                room,
                decoder.model().nCtx());
        var generation = new Generation(decoder, sampling, endless ? OptionalInt.empty() : task.end());
        boolean streamed = !json && texts.size() == 1;
        if (streamed) {
            terminal.out().print(shown(task.text(beginnings.getFirst())));
            terminal.out().flush();
        }
        long start = System.nanoTime();
        var stream = new Stream(task, beginnings.getFirst());
        List<Generation.Answer> answers = generation.continued(beginnings, most, seed, (_, token) -> {
            if (streamed) {
                terminal.out().print(shown(stream.add(token)));
                terminal.out().flush();
            }
        });
        double seconds = (System.nanoTime() - start) / 1e9;
        if (streamed) {
            printLine(stream.rest(), stream.isAtLineEnd());
        } else if (json) {
            terminal.out().print(Json.text(json(task, texts, beginnings, answers, run)));
        } else {
            for (int i = 0; i < answers.size(); i++) {
                String text = task.text(beginnings.get(i))
                        + task.continued(beginnings.get(i), answers.get(i).tokens());
                printLine(text, text.endsWith("\n"));
            }
        }
        long ended = answers.stream()
                .filter(answer -> answer.stopped() && answer.tokens().length == 1)
                .count();
        if (ended > 0) {
            terminal.err()
                    .println("%s ends %s at once, with %s: --endless goes on behind it"
                            .formatted(
                                    run,
                                    answers.size() == 1 ? "the text" : ended + " of " + answers.size() + " texts",
                                    task.tokenLabel(task.end().orElseThrow())));
        }
        int written = answers.stream().mapToInt(a -> a.tokens().length).sum();
        terminal.err()
                .printf(
                        Locale.ROOT,
                        "%s: %s in %.1f s, %s a second%n",
                        run,
                        Amounts.of(written, "token", "tokens"),
                        seconds,
                        Amounts.figure(written / seconds));
    }

    /** The token that ends a text may be its newline. */
    private void printLine(String text, boolean isAtLineEnd) {
        terminal.out().print(shown(text) + (isAtLineEnd ? "" : System.lineSeparator()));
    }

    /** A model may write any byte: what would move the cursor of a terminal, or give it a command, is shown as a picture of itself. */
    private static String shown(String text) {
        var shown = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean plain = !Character.isISOControl(c) || c == '\n' || c == '\t' || c == '\r';
            shown.append(plain ? c : c < ' ' ? (char) ('\u2400' + c) : Stream.NO_CHARACTER);
        }
        return shown.toString();
    }

    /** A text as it is written: a token may be a part of a character, which is shown when it is whole. */
    private static final class Stream {
        private static final char NO_CHARACTER = '\uFFFD';

        private final SequenceTask task;
        private final List<Integer> tokens = new ArrayList<>();
        private String shown;

        Stream(SequenceTask task, int[] beginning) {
            this.task = task;
            Arrays.stream(beginning).forEach(tokens::add);
            this.shown = task.text(beginning);
        }

        String add(int token) {
            tokens.add(token);
            String text = text();
            int end = text.length();
            while (end > shown.length() && text.charAt(end - 1) == NO_CHARACTER) {
                end--;
            }
            String more = text.substring(Math.min(shown.length(), end), end);
            shown = text.substring(0, Math.max(shown.length(), end));
            return more;
        }

        /** What never became whole. */
        String rest() {
            return text().substring(shown.length());
        }

        boolean isAtLineEnd() {
            return text().endsWith("\n");
        }

        private String text() {
            return task.text(tokens.stream().mapToInt(t -> t).toArray());
        }
    }

    private static Map<String, Object> json(
            SequenceTask task,
            List<String> texts,
            List<int[]> beginnings,
            List<Generation.Answer> answers,
            String run) {
        List<Map<String, Object>> all = new ArrayList<>();
        for (int i = 0; i < answers.size(); i++) {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("prompt", texts.get(i));
            one.put("text", task.continued(beginnings.get(i), answers.get(i).tokens()));
            one.put("tokens", answers.get(i).tokens());
            one.put("stopped", answers.get(i).stopped());
            all.add(one);
        }
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("run", run);
        map.put("answers", all);
        return map;
    }

    /** How much worse the test set is predicted with smaller weights. */
    private void sayCost(RunReader reader, SequenceTask task, Decoder exact, Decoder smaller) {
        Experiment experiment = reader.experiment();
        Data data;
        try (var streams = new Streams(experiment)) {
            Split drawn = task.split(experiment, streams);
            Split split = reader.kept(Split.KEPT, Split::of).orElse(drawn);
            streams.weights();
            data = task.data(experiment, split, streams.order());
        }
        for (EvaluationSet set : data.sets()) {
            if (set.name().equals(EvaluationSet.TEST) && set.batch() instanceof Batch.Sequences sequences) {
                var before = Scoring.of(exact, sequences, 64);
                var after = Scoring.of(smaller, sequences, 64);
                terminal.err()
                        .printf(
                                Locale.ROOT,
                                "%s weights: loss %.4f %s, accuracy %s on %d test sequences; float32: %.4f, %s%n",
                                weights,
                                after.loss(),
                                experiment.task().lossUnit(),
                                Amounts.percent(after.accuracy()),
                                after.sequences(),
                                before.loss(),
                                Amounts.percent(before.accuracy()));
            }
        }
    }
}
