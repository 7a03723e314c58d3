package hooke.text;

import hooke.Check;
import hooke.InputException;
import hooke.Printable;
import hooke.Reason;
import hooke.text.Bpe.Merge;
import hooke.text.Bpe.Settings;
import hooke.text.Bpe.Trim;
import hooke.text.Specials.Special;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads a {@code tokenizer.json}: byte-level BPE as Hugging Face's tokenizers write it, in the older form and the newer one. Whatever else
 * such a file can ask for would make other tokens, so it is refused by its name.
 */
final class TokenizerReader {
    private static final JsonMapper JSON = new JsonMapper();

    private final String where;

    TokenizerReader(String where) {
        this.where = where;
    }

    Tokenizer read(byte[] json) {
        try {
            return read(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(json))
                    .toString());
        } catch (CharacterCodingException e) {
            throw new InputException(where + " is not UTF-8, as a tokenizer.json is", e);
        }
    }

    Tokenizer read(String json) {
        check(!json.isBlank(), "is empty: it must be a tokenizer.json");
        JsonNode all;
        try {
            all = JSON.readTree(json.startsWith("\uFEFF") ? json.substring(1) : json);
        } catch (JacksonException e) {
            throw new InputException(where + " is not JSON: " + Reason.of(e), e);
        }
        JsonNode model = all.path("model");
        check(model.isObject(), "is no tokenizer.json: it has no model");
        refuse("model", model.path("type").asString("BPE"), "BPE");
        check(
                !model.path("vocab").isEmpty() && model.path("vocab").isObject(),
                "is no tokenizer.json: its model has no vocab");
        check(model.path("merges").isArray(), "is no tokenizer.json: its model has no list of merges");
        refuse("normalizer", type(all.path("normalizer")), "none");
        refuse("truncation", type(all.path("truncation")), "none");
        refuse("padding", type(all.path("padding")), "none");
        refuse("post_processor", type(all.path("post_processor")), "none", "ByteLevel");
        for (String affix : List.of("continuing_subword_prefix", "end_of_word_suffix")) {
            refuse(affix, text(model.path(affix)), "");
        }
        refuse("dropout", model.path("dropout").asDouble(0) == 0 ? "none" : text(model.path("dropout")), "none");
        refuse("byte_fallback", String.valueOf(model.path("byte_fallback").asBoolean(false)), "false");
        Vocabulary vocabulary = vocabulary(model.path("vocab"), added(all.path("added_tokens")));
        JsonNode before = all.path("pre_tokenizer");
        if (type(before).equals("none") && model.path("merges").isEmpty()) {
            return characters(vocabulary);
        }
        refuse("pre_tokenizer", type(before), "ByteLevel");
        refuse("decoder", type(all.path("decoder")), "none", "ByteLevel");
        Settings settings = settings(before, all.path("post_processor"), model, vocabulary);
        var bpe = new Bpe(vocabulary, merges(model.path("merges"), vocabulary), settings);
        var bytes = new Bytes();
        return bpe.json().equals(bytes.json()) ? bytes : bpe;
    }

    private void check(boolean condition, String what) {
        Check.that(condition, "%s %s", where, Printable.line(what));
    }

    private void refuse(String part, String found, String... known) {
        check(
                Arrays.asList(known).contains(found),
                "asks for the %s %s, with which texts would be cut otherwise than this build cuts them; it reads %s"
                        .formatted(
                                part, Printable.beginning(found), "byte-level BPE with " + part + " " + shown(known)));
    }

    private static String shown(JsonNode value) {
        return Printable.beginning(value.toString());
    }

    private static String same(@Nullable String one, String other, int id) {
        return "gives '%s' and '%s' the same number, %s"
                .formatted(Printable.beginning(String.valueOf(one)), Printable.beginning(other), id);
    }

    private static String shown(String... known) {
        return String.join(" or ", known).isEmpty() ? "empty" : String.join(" or ", known);
    }

    private static String type(JsonNode part) {
        return part.isMissingNode() || part.isNull()
                ? "none"
                : part.path("type").asString(part.toString());
    }

    private static String text(JsonNode value) {
        return value.isMissingNode() || value.isNull() ? "" : value.asString(value.toString());
    }

    private List<Special> added(JsonNode tokens) {
        List<Special> added = new ArrayList<>();
        for (JsonNode token : tokens) {
            String content = token.path("content").asString("");
            check(
                    !content.isEmpty()
                            && token.path("id").isInt()
                            && token.path("id").asInt() >= 0,
                    "has an added token without content or id, which is a whole number from 0: " + shown(token));
            for (String rule : List.of("single_word", "lstrip", "rstrip")) {
                check(
                        !token.path(rule).asBoolean(false),
                        "has the added token '%s' with %s, by which it takes in what stands beside it; this build finds added tokens as they are written"
                                .formatted(Printable.beginning(content), rule));
            }
            added.add(new Special(
                    token.path("id").asInt(), content, !token.path("special").asBoolean(false)));
        }
        return added;
    }

    private Vocabulary vocabulary(JsonNode vocab, List<Special> added) {
        Map<Integer, String> names = new HashMap<>();
        vocab.properties().forEach(entry -> {
            JsonNode id = entry.getValue();
            check(
                    id.isInt() && id.asInt() >= 0,
                    "gives '%s' the number %s".formatted(Printable.beginning(entry.getKey()), shown(id)));
            String other = names.put(id.asInt(), entry.getKey());
            check(other == null, same(other, entry.getKey(), id.asInt()));
        });
        int inModel = names.size();
        for (Special one : added) {
            String other = names.putIfAbsent(one.id(), one.content());
            check(other == null || other.equals(one.content()), same(other, one.content(), one.id()));
        }
        List<String> inTurn = new ArrayList<>();
        for (int id = 0; id < names.size(); id++) {
            check(names.containsKey(id), "has %s entries, but none has the number %s".formatted(names.size(), id));
            inTurn.add(names.get(id));
        }
        return new Vocabulary(inTurn, new Specials(added), inModel);
    }

    private Settings settings(JsonNode before, JsonNode after, JsonNode model, Vocabulary vocabulary) {
        JsonNode unknown = model.path("unk_token");
        int token = unknown.isString() ? vocabulary.token(unknown.asString()) : -1;
        check(
                token >= 0 || !unknown.isString(),
                "has the unk_token %s, which is not in its vocab".formatted(shown(unknown)));
        Trim trim = !after.path("trim_offsets").asBoolean(false)
                ? Trim.NOTHING
                : after.path("add_prefix_space").asBoolean(true) ? Trim.BLANKS_NOT_ADDED : Trim.BLANKS;
        return new Settings(
                before.path("add_prefix_space").asBoolean(true),
                before.path("use_regex").asBoolean(true),
                token,
                model.path("fuse_unk").asBoolean(false),
                model.path("ignore_merges").asBoolean(false),
                trim);
    }

    private List<Merge> merges(JsonNode merges, Vocabulary vocabulary) {
        Map<Long, Merge> all = new LinkedHashMap<>();
        int number = 0;
        for (JsonNode merge : merges) {
            number++;
            List<String> pair = merge.isString()
                    ? Arrays.asList(merge.asString().split(" ", -1))
                    : merge.valueStream().map(JsonNode::asString).toList();
            check(pair.size() == 2, "has the merge %s, number %s, which is no pair".formatted(shown(merge), number));
            int left = entry(pair.get(0), merge, number, vocabulary);
            int right = entry(pair.get(1), merge, number, vocabulary);
            int result = entry(pair.get(0) + pair.get(1), merge, number, vocabulary);
            all.remove(Bpe.pair(left, right)); // the last of equal merges counts
            all.put(Bpe.pair(left, right), new Merge(left, right, result));
        }
        return List.copyOf(all.values());
    }

    private int entry(String name, JsonNode merge, int number, Vocabulary vocabulary) {
        int token = vocabulary.token(name);
        check(
                token >= 0,
                "has the merge %s, number %s, but no '%s' in its vocab"
                        .formatted(shown(merge), number, Printable.beginning(name)));
        return token;
    }

    /** Vocabularies that merge nothing, neither bytes nor characters. */
    private Characters characters(Vocabulary vocabulary) {
        List<Special> standard = Specials.STANDARD.all();
        check(
                vocabulary.specials().all().equals(standard),
                "is no vocabulary of characters as this build has it: its added tokens are not <pad>, <eos> and <unk>");
        List<Integer> points = new ArrayList<>();
        for (int token = standard.size(); token < vocabulary.size(); token++) {
            String name = vocabulary.name(token);
            check(
                    name.codePointCount(0, name.length()) == 1,
                    "has no merges, but the entry '%s' of several characters".formatted(Printable.beginning(name)));
            points.add(name.codePointAt(0));
        }
        return new Characters(points);
    }
}
