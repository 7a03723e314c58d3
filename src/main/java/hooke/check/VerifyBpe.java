package hooke.check;

import hooke.Sha256;
import hooke.check.GoldenSet.Tolerance;
import hooke.text.BpeTrainer;
import hooke.text.Tokenizer;
import hooke.text.Tokenizer.Span;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;

/** The family {@code headlines/bpe}: byte-level BPE as Hugging Face's tokenizers train and apply it. */
final class VerifyBpe {
    private final GoldenSet set;
    private final Tolerance tolerance;
    private final JsonNode recorded;
    private final List<String> titles;
    private final List<Finding> findings = new ArrayList<>();

    private VerifyBpe(GoldenSet set, Tolerance tolerance) {
        this.set = set;
        this.tolerance = tolerance;
        this.recorded = set.json("encodings.json");
        this.titles = text("titles.txt").lines().toList();
    }

    static List<Finding> of(GoldenSet set) {
        return set.tolerance(".*\\bids\\b.*")
                .map(tolerance -> {
                    var verify = new VerifyBpe(set, tolerance);
                    verify.training("tokenizer.json");
                    verify.training("tokenizer_small.json");
                    Path file = set.path("tokenizer.json");
                    Tokenizer tokenizer = Tokenizer.parse(verify.text("tokenizer.json"), file.toString());
                    verify.encodings(tokenizer);
                    verify.corpus(tokenizer);
                    return verify.findings;
                })
                .orElse(List.of());
    }

    private String text(String file) {
        try {
            return Files.readString(set.path(file));
        } catch (IOException e) {
            throw new UncheckedIOException(set.path(file).toString(), e);
        }
    }

    private Deviation comparison(String quantity) {
        return new Deviation(set.name(), tolerance.named(quantity));
    }

    /** The whole file, byte by byte: what the titles teach, and what reading and writing leaves. */
    private void training(String file) {
        var comparison = comparison(file);
        String theirs = text(file);
        int size = set.json(file).path("model").path("vocab").size();
        List<byte[]> texts =
                titles.stream().map(t -> t.getBytes(StandardCharsets.UTF_8)).toList();
        comparison.sameText("trained", BpeTrainer.train(size, texts).json(), theirs);
        comparison.sameText("read and written", Tokenizer.parse(theirs, file).json(), theirs);
        findings.addAll(comparison.findings());
    }

    private void encodings(Tokenizer tokenizer) {
        var comparison = comparison("encodings");
        for (JsonNode one : recorded.path("encodings")) {
            String text = one.path("text").asString("");
            List<Span> spans = tokenizer.spans(text.getBytes(StandardCharsets.UTF_8));
            int[] ids = tokenizer.encode(text);
            comparison.sameText("ids of '" + text + "'", joined(ids), numbers(one.path("ids")));
            comparison.sameText(
                    "tokens of '" + text + "'",
                    Arrays.stream(ids).mapToObj(tokenizer::name).toList().toString(),
                    one.path("tokens")
                            .valueStream()
                            .map(JsonNode::asString)
                            .toList()
                            .toString());
            comparison.sameText(
                    "offsets of '" + text + "'",
                    joined(spans.stream()
                            .flatMapToInt(s -> IntStream.of(s.from(), s.to()))
                            .toArray()),
                    joined(one.path("offsets")
                            .valueStream()
                            .flatMapToInt(pair -> pair.valueStream().mapToInt(JsonNode::asInt))
                            .toArray()));
            comparison.sameText(
                    "text of '" + text + "'",
                    tokenizer.text(ids),
                    one.path("decoded").asString(""));
            comparison.sameText(
                    "all of '" + text + "'",
                    tokenizer.decode(ids),
                    one.path("decoded_keep_special").asString(""));
        }
        findings.addAll(comparison.findings());
    }

    private void corpus(Tokenizer tokenizer) {
        var comparison = comparison("corpus");
        JsonNode corpus = recorded.path("corpus");
        List<int[]> all = titles.stream().map(tokenizer::encode).toList();
        int[] ids = all.stream().flatMapToInt(Arrays::stream).toArray();
        comparison.number("tokens", ids.length, corpus.path("tokens").asInt(-1));
        JsonNode first = corpus.path("tokens_first_50_lines");
        for (int line = 0; line < first.size(); line++) {
            comparison.number(
                    "line " + (line + 1), all.get(line).length, first.path(line).asInt());
        }
        comparison.sameText(
                "digest", digest(ids), corpus.path("ids_sha256_int64").asString(""));
        JsonNode joined = recorded.path("joined_200");
        int[] together = tokenizer.encode(String.join("<eos>", titles.subList(0, 200)) + "<eos>");
        comparison.sameText(
                "joined titles",
                digest(together),
                joined.path("ids_sha256_int64").asString(""));
        findings.addAll(comparison.findings());
    }

    private static String joined(int[] numbers) {
        return Arrays.toString(numbers);
    }

    private static String numbers(JsonNode list) {
        return joined(list.valueStream().mapToInt(JsonNode::asInt).toArray());
    }

    /** SHA-256 of the numbers as 64-bit integers. */
    private static String digest(int[] ids) {
        var bytes = ByteBuffer.allocate(ids.length * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        Arrays.stream(ids).forEach(id -> bytes.putLong(id));
        return Sha256.of(bytes.array());
    }
}
