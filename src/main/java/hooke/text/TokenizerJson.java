package hooke.text;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.util.DefaultIndenter;
import tools.jackson.core.util.DefaultPrettyPrinter;
import tools.jackson.core.util.Separators;
import tools.jackson.core.util.Separators.Spacing;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The file format of Hugging Face's tokenizers, written as they write it, byte by byte. */
final class TokenizerJson {
    private static final JsonMapper JSON = new JsonMapper();

    private TokenizerJson() {}

    /** Of a vocabulary of bytes, which nothing merges. */
    static String ofBytes(List<String> vocabulary) {
        return write(byteLevel(false, false), byteLevel(false, false), vocabulary, List.of());
    }

    /** Of a vocabulary of characters, which nothing merges. */
    static String ofCharacters(List<String> vocabulary) {
        return write(null, JSON.createObjectNode().put("type", "Fuse"), vocabulary, List.of());
    }

    private static ObjectNode byteLevel(boolean prefixSpace, boolean splits) {
        return JSON.createObjectNode()
                .put("type", "ByteLevel")
                .put("add_prefix_space", prefixSpace)
                .put("trim_offsets", true)
                .put("use_regex", splits);
    }

    private static String write(
            @Nullable ObjectNode preTokenizer, ObjectNode decoder, List<String> vocabulary, List<List<String>> merges) {
        ObjectNode all = JSON.createObjectNode().put("version", "1.0");
        all.putNull("truncation").putNull("padding");
        var added = all.putArray("added_tokens");
        Specials.STANDARD
                .all()
                .forEach(special -> added.addObject()
                        .put("id", special.id())
                        .put("content", special.content())
                        .put("single_word", false)
                        .put("lstrip", false)
                        .put("rstrip", false)
                        .put("normalized", false)
                        .put("special", true));
        all.putNull("normalizer").set("pre_tokenizer", preTokenizer);
        all.putNull("post_processor").set("decoder", decoder);
        ObjectNode model = all.putObject("model").put("type", "BPE").putNull("dropout");
        model.put("unk_token", "<unk>").putNull("continuing_subword_prefix").putNull("end_of_word_suffix");
        model.put("fuse_unk", false).put("byte_fallback", false).put("ignore_merges", false);
        ObjectNode vocab = model.putObject("vocab");
        for (String name : vocabulary) {
            vocab.put(name, vocab.size());
        }
        var pairs = model.putArray("merges");
        merges.forEach(pair -> pair.forEach(pairs.addArray()::add));
        return JSON.writer().with(printer()).writeValueAsString(all);
    }

    private static DefaultPrettyPrinter printer() {
        var indented = new DefaultIndenter("  ", "\n");
        return new DefaultPrettyPrinter(Separators.createDefaultInstance()
                        .withObjectNameValueSpacing(Spacing.AFTER)
                        .withArrayEmptySeparator("")
                        .withObjectEmptySeparator(""))
                .withObjectIndenter(indented)
                .withArrayIndenter(indented);
    }
}
