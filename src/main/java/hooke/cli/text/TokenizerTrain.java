package hooke.cli.text;

import hooke.Amounts;
import hooke.Check;
import hooke.WholeFile;
import hooke.cli.terminal.Exit;
import hooke.cli.terminal.Terminal;
import hooke.config.task.TextFile;
import hooke.text.Bpe;
import hooke.text.BpeTrainer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code hooke tokenizer train}: byte-level BPE of a text, as a file that Hugging Face's tokenizers read, too. */
@Command(
        name = "train",
        description = {
            "Train byte-level BPE on a text: the lines of a .txt file, or a column of CSV, TSV or JSON lines.",
            "Writes a tokenizer.json, which Hugging Face's tokenizers read, too."
        },
        footer = {
            "",
            "Examples:",
            "  ./hooke tokenizer train titles.txt --vocab-size 16000",
            "  ./hooke tokenizer train titles.csv --column title --out titles.json"
        })
final class TokenizerTrain implements Callable<Exit> {
    private final Terminal terminal;

    @Parameters(index = "0", paramLabel = "FILE", description = "The text; all of it is learned from.")
    private String file = "";

    @Option(
            names = "--vocab-size",
            paramLabel = "N",
            description = "Entries, special tokens and bytes included (default: ${DEFAULT-VALUE}).")
    private int vocabSize = 16_000;

    @Option(names = "--column", paramLabel = "NAME", description = "The column of a table (default: ${DEFAULT-VALUE}).")
    private String column = "text";

    @Option(names = "--out", paramLabel = "FILE", description = "Where to write it (default: ${DEFAULT-VALUE}).")
    private Path out = Path.of("tokenizer.json");

    TokenizerTrain(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Exit call() {
        Check.that(
                vocabSize >= BpeTrainer.LEAST,
                "--vocab-size (%s) must be at least %s, the 256 bytes and three special tokens",
                vocabSize,
                BpeTrainer.LEAST);
        TextFile text = TextFile.read(file, column, "--column");
        Bpe bpe = BpeTrainer.train(vocabSize, text.documents());
        WholeFile.write(out, to -> Files.writeString(to, bpe.json()));
        terminal.out()
                .println("%s: %s entries from %s"
                        .formatted(
                                out,
                                Amounts.count(bpe.size()),
                                Amounts.of(text.documents().size(), "text", "texts")));
        if (bpe.size() < vocabSize) {
            terminal.out()
                    .println("(fewer than --vocab-size %s: nothing is left to merge)"
                            .formatted(Amounts.count(vocabSize)));
        }
        if (text.malformed() > 0) {
            terminal.out()
                    .println("(bytes of the text that are no UTF-8, kept as they are: %s)"
                            .formatted(Amounts.count(text.malformed())));
        }
        return Exit.DONE;
    }
}
