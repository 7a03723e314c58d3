package hooke.config.form;

import hooke.InputException;
import hooke.NotAFile;
import hooke.NotText;
import hooke.Reason;
import hooke.config.form.Tree.Where;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceStartEvent;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * Reads YAML 1.2 into a {@link Tree}, within limits: whatever the text is, the answer is a tree or one sentence, soon and in little
 * memory. It works on the parser's events, because a parser that builds nodes recurses as deep as the text says.
 */
public final class TreeReader {
    static final int MAX_BYTES = 256 * 1024;
    public static final int MAX_DEPTH = 32;
    static final int MAX_ALIASES = 100;
    /** Values of one document, aliases written out; an experiment has some fifty, its mask's table perhaps a thousand. */
    static final int MAX_VALUES = 10_000;

    /** The types of YAML itself, as in {@code !!float}. */
    private static final String TAG = "tag:yaml.org,2002:";

    private static final Set<String> NOT_TEXT = Set.of("int", "float", "bool", "null");

    private record Anchored(Tree tree, int size) {}

    private final String source;
    private final boolean lines;
    private final Iterator<Event> events;
    private final Map<Anchor, Anchored> anchors = new HashMap<>();
    private int values;
    private int aliases;

    private TreeReader(String yaml, String source, boolean lines) {
        this.source = source;
        this.lines = lines;
        this.events = new Parse(LoadSettings.builder().setLabel(source).build())
                .parseString(yaml)
                .iterator();
    }

    /**
     * The text of a file that should hold YAML; the source names it in sentences.
     *
     * @param what it should be: {@code an experiment file}
     */
    public static String text(Path file, String source, String what) {
        NotAFile.why(file).ifPresent(why -> {
            throw new InputException(start(source) + why + "; name " + what + ", which ends with .yaml");
        });
        byte[] bytes;
        try {
            try (InputStream in = Files.newInputStream(file)) {
                bytes = in.readNBytes(MAX_BYTES + 1);
            }
        } catch (IOException e) {
            throw new InputException(start(source) + "cannot be read: " + Reason.of(e), e);
        }
        NotText.why(bytes).ifPresent(why -> {
            throw new InputException(start(source) + why);
        });
        if (bytes.length > MAX_BYTES) {
            throw new InputException(start(source) + "is larger than 256 KiB, too large for " + what);
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new InputException(start(source) + "is not text (UTF-8)", e);
        }
    }

    /** The one document of a text. */
    public static Tree read(String yaml, String source) {
        return read(yaml, source, true);
    }

    /** The one document of a text that has no lines to speak of. */
    public static Tree readLine(String yaml, String source) {
        return read(yaml, source, false);
    }

    private static Tree read(String yaml, String source, boolean lines) {
        if (yaml.length() > MAX_BYTES) {
            throw new InputException(start(source) + "is larger than 256 KiB, which no experiment is");
        }
        try {
            return new TreeReader(yaml, source, lines).document();
        } catch (MarkedYamlEngineException e) {
            int line = e.getProblemMark().map(m -> m.getLine() + 1).orElse(0);
            Where where = new Where(source, lines ? line : 0);
            String problem = Words.shown(e.getProblem(), 200) + spaced(yaml, line);
            throw new InputException(where.prefix() + "is not YAML: " + problem, e);
        } catch (YamlEngineException e) {
            String reason = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
            throw new InputException(start(source) + "is not YAML: " + Words.shown(reason, 200), e);
        }
    }

    /** The parser goes on from {@code steps:10}, a text to it, and stumbles over what comes next. */
    private static String spaced(String yaml, int line) {
        return yaml.lines()
                .limit(line)
                .flatMap(written -> Keys.spaced(written.strip()).stream())
                .map(": "::concat)
                .reduce((_, last) -> last)
                .orElse("");
    }

    private static String start(String source) {
        return new Where(source, 0).prefix();
    }

    private Tree document() {
        Tree tree = new Tree.Scalar(new Where(source, 0), "", true);
        boolean seen = false;
        while (events.hasNext()) {
            Event event = events.next();
            switch (event.getEventId()) {
                case DocumentStart -> {
                    refuseIf(seen, event, "has more than one document: keep the first, from its start to '---'");
                    seen = true;
                }
                case Scalar, Alias, SequenceStart, MappingStart -> tree = value(event, 0);
                default -> {}
            }
        }
        return tree;
    }

    private Tree value(Event event, int depth) {
        refuseIf(depth > MAX_DEPTH, event, "is nested more than " + MAX_DEPTH + " deep");
        int before = values;
        count(1, event);
        Tree tree = switch (event) {
            case AliasEvent alias -> aliased(alias);
            case ScalarEvent scalar ->
                new Tree.Scalar(where(event), scalar.getValue(), isPlain(scalar.getTag(), scalar.isPlain(), event));
            case SequenceStartEvent sequence -> {
                refuseTag(sequence.getTag(), "seq", event);
                yield sequence(event, depth);
            }
            case MappingStartEvent mapping -> {
                refuseTag(mapping.getTag(), "map", event);
                yield mapping(event, depth);
            }
            default -> throw new IllegalStateException("no value begins with " + event);
        };
        if (!(event instanceof AliasEvent) && event instanceof NodeEvent node) {
            node.getAnchor().ifPresent(anchor -> anchors.put(anchor, new Anchored(tree, values - before)));
        }
        return tree;
    }

    private Tree aliased(AliasEvent event) {
        @Nullable Anchored anchored = anchors.get(event.getAlias());
        String name = Words.shown(event.getAlias().getValue(), 60);
        if (anchored == null) {
            throw refusal(event, "*" + name + " names nothing before it: an anchor &" + name + " must come first");
        }
        aliases++;
        refuseIf(aliases > MAX_ALIASES, event, "has more than " + MAX_ALIASES + " aliases");
        count(anchored.size(), event);
        return anchored.tree();
    }

    private Tree sequence(Event start, int depth) {
        List<Tree> items = new ArrayList<>();
        for (Event event = events.next(); event.getEventId() != Event.ID.SequenceEnd; event = events.next()) {
            items.add(value(event, depth + 1));
        }
        return new Tree.Sequence(where(start), items);
    }

    private Tree mapping(Event start, int depth) {
        Map<String, Tree> entries = new LinkedHashMap<>();
        for (Event event = events.next(); event.getEventId() != Event.ID.MappingEnd; event = events.next()) {
            if (!(event instanceof ScalarEvent key)) {
                throw refusal(event, "a key must be a word");
            }
            refuseTag(key.getTag(), "str", event);
            Tree value = value(events.next(), depth + 1).at(where(event));
            @Nullable Tree first = entries.putIfAbsent(key.getValue(), value);
            if (first != null) {
                String before = first.where().line() > 0
                        ? " (first in line " + first.where().line() + ")"
                        : "";
                throw refusal(event, Words.shown(key.getValue(), 60) + " is given twice" + before);
            }
        }
        return new Tree.Mapping(where(start), entries);
    }

    private void count(int more, Event event) {
        values += more;
        refuseIf(values > MAX_VALUES, event, "holds more than " + MAX_VALUES + " values, aliases written out");
    }

    /** A tag says of what type a value is, whatever its quotes say. */
    private boolean isPlain(Optional<String> tag, boolean written, Event event) {
        String type =
                tag.map(t -> t.startsWith(TAG) ? t.substring(TAG.length()) : t).orElse("");
        if (type.equals("str") || NOT_TEXT.contains(type)) {
            return NOT_TEXT.contains(type);
        }
        refuseTag(tag, "str", event);
        return written;
    }

    private void refuseTag(Optional<String> tag, String allowed, Event event) {
        if (tag.isPresent() && !tag.get().equals(TAG + allowed)) {
            throw refusal(event, "the tag " + Words.shown(tag.get(), 60) + " is not read: leave it out");
        }
    }

    private void refuseIf(boolean condition, Event event, String sentence) {
        if (condition) {
            throw refusal(event, sentence);
        }
    }

    private InputException refusal(Event event, String sentence) {
        return new InputException(where(event).prefix() + sentence);
    }

    private Where where(Event event) {
        return new Where(
                source, lines ? event.getStartMark().map(m -> m.getLine() + 1).orElse(0) : 0);
    }
}
