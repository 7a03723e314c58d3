package hooke.text;

import java.io.StringWriter;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.PrettyPrinter;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.DefaultIndenter;
import tools.jackson.core.util.DefaultPrettyPrinter;
import tools.jackson.core.util.Separators;
import tools.jackson.core.util.Separators.Spacing;

/**
 * Writes the file format of Hugging Face's tokenizers as they write it, byte by byte. Value after value, not as a tree: the hundreds of
 * classes that build trees take longer to load than a tokenizer takes to learn.
 */
final class TokenizerJson implements AutoCloseable {
    private final StringWriter text = new StringWriter();
    private final JsonGenerator out = new JsonFactory().createGenerator(new Indented(), text);

    private TokenizerJson() {}

    static String of(Vocabulary vocabulary, List<Bpe.Merge> merges, Bpe.Settings settings) {
        try (var json = new TokenizerJson()) {
            json.begin(vocabulary.specials());
            json.byteLevel("pre_tokenizer", settings.prefixSpace(), settings.splits());
            if (settings.trim() == Bpe.Trim.NOTHING) {
                json.out.writeNullProperty("post_processor");
            } else {
                json.byteLevel("post_processor", settings.trim() == Bpe.Trim.BLANKS_NOT_ADDED, true);
            }
            json.byteLevel("decoder", settings.prefixSpace(), settings.splits());
            String unknown = settings.unknown() < 0 ? null : vocabulary.name(settings.unknown());
            json.model(vocabulary.inModel(), unknown, settings.fusesUnknown(), settings.ignoresMerges());
            merges.forEach(merge -> json.out
                    .writeStartArray()
                    .writeString(vocabulary.name(merge.left()))
                    .writeString(vocabulary.name(merge.right()))
                    .writeEndArray());
            return json.end();
        }
    }

    /** One token a character, which nothing merges. */
    static String ofCharacters(List<String> names) {
        try (var json = new TokenizerJson()) {
            json.begin(Specials.STANDARD);
            json.out.writeNullProperty("pre_tokenizer").writeNullProperty("post_processor");
            json.out
                    .writeObjectPropertyStart("decoder")
                    .writeStringProperty("type", "Fuse")
                    .writeEndObject();
            json.model(names, "<unk>", false, false);
            return json.end();
        }
    }

    private void begin(Specials specials) {
        out.writeStartObject().writeStringProperty("version", "1.0");
        out.writeNullProperty("truncation").writeNullProperty("padding");
        out.writeArrayPropertyStart("added_tokens");
        specials.all()
                .forEach(special -> out.writeStartObject()
                        .writeNumberProperty("id", special.id())
                        .writeStringProperty("content", special.content())
                        .writeBooleanProperty("single_word", false)
                        .writeBooleanProperty("lstrip", false)
                        .writeBooleanProperty("rstrip", false)
                        .writeBooleanProperty("normalized", false)
                        .writeBooleanProperty("special", !special.isText())
                        .writeEndObject());
        out.writeEndArray().writeNullProperty("normalizer");
    }

    private void byteLevel(String property, boolean prefixSpace, boolean splits) {
        out.writeObjectPropertyStart(property)
                .writeStringProperty("type", "ByteLevel")
                .writeBooleanProperty("add_prefix_space", prefixSpace)
                .writeBooleanProperty("trim_offsets", true)
                .writeBooleanProperty("use_regex", splits)
                .writeEndObject();
    }

    /** All up to the first merge. */
    private void model(List<String> names, @Nullable String unknown, boolean fuses, boolean ignores) {
        out.writeObjectPropertyStart("model").writeStringProperty("type", "BPE").writeNullProperty("dropout");
        out.writeStringProperty("unk_token", unknown);
        out.writeNullProperty("continuing_subword_prefix").writeNullProperty("end_of_word_suffix");
        out.writeBooleanProperty("fuse_unk", fuses).writeBooleanProperty("byte_fallback", false);
        out.writeBooleanProperty("ignore_merges", ignores).writeObjectPropertyStart("vocab");
        for (int token = 0; token < names.size(); token++) {
            out.writeNumberProperty(names.get(token), token);
        }
        out.writeEndObject().writeArrayPropertyStart("merges");
    }

    private String end() {
        out.writeEndArray().writeEndObject().writeEndObject().flush();
        return text.toString();
    }

    @Override
    public void close() {
        out.close();
    }

    private static final class Indented extends ObjectWriteContext.Base {
        @Override
        public boolean hasPrettyPrinter() {
            return true;
        }

        @Override
        public PrettyPrinter getPrettyPrinter() {
            var indented = new DefaultIndenter("  ", "\n");
            return new DefaultPrettyPrinter(Separators.createDefaultInstance()
                            .withObjectNameValueSpacing(Spacing.AFTER)
                            .withArrayEmptySeparator("")
                            .withObjectEmptySeparator(""))
                    .withObjectIndenter(indented)
                    .withArrayIndenter(indented);
        }
    }
}
