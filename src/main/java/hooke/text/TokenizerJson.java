package hooke.text;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.util.DefaultIndenter;
import tools.jackson.core.util.DefaultPrettyPrinter;
import tools.jackson.core.util.Separators;
import tools.jackson.core.util.Separators.Spacing;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Writes the file format of Hugging Face's tokenizers as they write it, byte by byte. */
final class TokenizerJson {
    private static final JsonMapper JSON = new JsonMapper();

    private TokenizerJson() {}

    static String of(Vocabulary vocabulary, List<Bpe.Merge> merges, Bpe.Settings settings) {
        ObjectNode level = byteLevel(settings.prefixSpace(), true).put("use_regex", settings.splits());
        ObjectNode trim = settings.trim() == Bpe.Trim.NOTHING
                ? null
                : byteLevel(settings.trim() == Bpe.Trim.BLANKS_NOT_ADDED, true).put("use_regex", true);
        ObjectNode all = frame(vocabulary.specials(), level, trim, level.deepCopy());
        String unknown = settings.unknown() < 0 ? null : vocabulary.name(settings.unknown());
        ObjectNode model = model(all, vocabulary.inModel(), unknown, settings.fusesUnknown(), settings.ignoresMerges());
        var pairs = model.putArray("merges");
        merges.forEach(
                merge -> pairs.addArray().add(vocabulary.name(merge.left())).add(vocabulary.name(merge.right())));
        return written(all);
    }

    /** One token a character, which nothing merges. */
    static String ofCharacters(List<String> names) {
        ObjectNode all =
                frame(Specials.STANDARD, null, null, JSON.createObjectNode().put("type", "Fuse"));
        model(all, names, "<unk>", false, false).putArray("merges");
        return written(all);
    }

    private static ObjectNode byteLevel(boolean prefixSpace, boolean trims) {
        return JSON.createObjectNode()
                .put("type", "ByteLevel")
                .put("add_prefix_space", prefixSpace)
                .put("trim_offsets", trims);
    }

    private static ObjectNode frame(
            Specials specials, @Nullable ObjectNode before, @Nullable ObjectNode after, ObjectNode decoder) {
        ObjectNode all = JSON.createObjectNode().put("version", "1.0");
        all.putNull("truncation").putNull("padding");
        var added = all.putArray("added_tokens");
        specials.all()
                .forEach(special -> added.addObject()
                        .put("id", special.id())
                        .put("content", special.content())
                        .put("single_word", false)
                        .put("lstrip", false)
                        .put("rstrip", false)
                        .put("normalized", false)
                        .put("special", !special.isText()));
        all.putNull("normalizer").set("pre_tokenizer", before);
        return all.set("post_processor", after).set("decoder", decoder);
    }

    private static ObjectNode model(
            ObjectNode all, List<String> names, @Nullable String unknown, boolean fuses, boolean ignores) {
        ObjectNode model = all.putObject("model").put("type", "BPE").putNull("dropout");
        model.put("unk_token", unknown).putNull("continuing_subword_prefix").putNull("end_of_word_suffix");
        model.put("fuse_unk", fuses).put("byte_fallback", false).put("ignore_merges", ignores);
        ObjectNode vocab = model.putObject("vocab");
        names.forEach(name -> vocab.put(name, vocab.size()));
        return model;
    }

    private static String written(ObjectNode all) {
        var indented = new DefaultIndenter("  ", "\n");
        var printer = new DefaultPrettyPrinter(Separators.createDefaultInstance()
                        .withObjectNameValueSpacing(Spacing.AFTER)
                        .withArrayEmptySeparator("")
                        .withObjectEmptySeparator(""))
                .withObjectIndenter(indented)
                .withArrayIndenter(indented);
        return JSON.writer().with(printer).writeValueAsString(all);
    }
}
