package hooke.check;

import hooke.Check;
import hooke.InputException;
import hooke.NotAFile;
import hooke.Reason;
import hooke.config.TrainConfig.Engine;
import hooke.tensor.RawTensor;
import hooke.tensor.Safetensors;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** A folder of recorded numbers: its family, its tolerances, its JSON and safetensors files. Open while its files are read. */
final class GoldenSet implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path folder;
    private final JsonNode golden;
    private final Arena arena;
    private final Engine engine;
    private final List<Verify.Skipped> skipped = new ArrayList<>();

    /** @param engine that trains in the comparison */
    GoldenSet(Path folder, Engine engine) {
        this(folder, engine, Arena.ofConfined());
    }

    private GoldenSet(Path folder, Engine engine, Arena arena) {
        this.folder = folder;
        this.engine = engine;
        this.arena = arena;
        this.golden = json("golden.json");
        int format = golden.path("format").asInt(-1);
        Check.that(format == 1, "%s: format %s of golden sets is not known; this build reads format 1", folder, format);
    }

    /** The folder's, and the engine where it is not the reference. */
    String name() {
        return engine == Engine.TORCH ? folderName() : folderName() + ", " + engine();
    }

    /** Without the folders that lead there. */
    String folderName() {
        return String.valueOf(folder.toAbsolutePath().normalize().getFileName());
    }

    /** Notes that a quantity cannot be compared, for lack of data. */
    void skip(String quantity, String why) {
        skipped.add(new Verify.Skipped(name(), quantity, why));
    }

    /** What was noted. */
    List<Verify.Skipped> skipped() {
        return skipped;
    }

    /** The engine that trains, as an experiment writes it. */
    String engine() {
        return engine.name().toLowerCase(Locale.ROOT);
    }

    String family() {
        return golden.path("family").asString("");
    }

    Path path(String file) {
        return folder.resolve(file);
    }

    boolean has(String file) {
        return Files.exists(folder.resolve(file));
    }

    JsonNode json(String file) {
        Path path = folder.resolve(file);
        checkFile(path);
        try {
            return JSON.readTree(Files.readAllBytes(path));
        } catch (IOException e) {
            throw new UncheckedIOException(path.toString(), e);
        } catch (JacksonException e) {
            throw new InputException(path + " is not JSON: " + Reason.of(e), e);
        }
    }

    private static void checkFile(Path path) {
        NotAFile.why(path).ifPresent(why -> {
            throw new InputException(path + " " + why + ", and this golden set needs it");
        });
    }

    SequencedMap<String, RawTensor> tensors(String file) {
        Path path = folder.resolve(file);
        checkFile(path);
        Safetensors tensors = Safetensors.open(path, arena);
        SequencedMap<String, RawTensor> all = new LinkedHashMap<>();
        for (String name : tensors.names()) {
            all.put(name, tensors.get(name));
        }
        return all;
    }

    /** The tensors of a file of this set, or of the first set beside it that has the file and is fit. */
    Optional<SequencedMap<String, RawTensor>> holding(String file, Predicate<GoldenSet> isFit) {
        if (has(file)) {
            return Optional.of(tensors(file));
        }
        try (Stream<Path> beside =
                Files.list(folder.toAbsolutePath().normalize().resolveSibling("."))) {
            return beside.filter(path -> Files.exists(path.resolve(file)) && Files.exists(path.resolve("golden.json")))
                    .sorted()
                    .map(path -> new GoldenSet(path, engine, arena))
                    .filter(isFit)
                    .findFirst()
                    .map(set -> set.tensors(file));
        } catch (IOException e) {
            throw new UncheckedIOException(folder.toString(), e);
        }
    }

    /**
     * A quantity with its tolerance and the numbers in its name: of {@code losses_0_10} these are 0 and 10.
     *
     * @param allowed the largest error of one number; 0 demands equal bits
     * @param relative whether errors are shares of what is recorded
     * @param ofLargest whether errors are shares of the largest number of the tensor
     * @param mean the largest mean error over one tensor, which stands beside {@code allowed}; infinite where none is given
     */
    record Tolerance(String key, double allowed, boolean relative, boolean ofLargest, double mean, int from, int to) {
        private static final String OF_LARGEST = "relative to the largest of the tensor";
        private static final Set<String> KINDS = Set.of("abs", "rel", "mean_abs", OF_LARGEST);

        /** A bound on the absolute error of each number. */
        static Tolerance absolute(String key, double allowed) {
            return new Tolerance(key, allowed, false, false, Double.POSITIVE_INFINITY, -1, -1);
        }

        /** This tolerance for a quantity of another name. */
        Tolerance named(String name) {
            return new Tolerance(name, allowed, relative, ofLargest, mean, from, to);
        }

        /** As {@code golden.json} writes it: an object of bounds, or words such as {@code bits}, which allow no error. */
        private static Tolerance of(String key, JsonNode value, int from, int to) {
            boolean relative = value.has("rel");
            boolean ofLargest = value.has(OF_LARGEST);
            Check.that(
                    !value.isObject()
                            || KINDS.containsAll(value.propertyNames())
                                    && value.valueStream().allMatch(JsonNode::isNumber)
                                    && value.size() == (value.has("abs") && value.has("mean_abs") ? 2 : 1)
                                    && (value.has("abs") || !value.has("mean_abs")),
                    "golden.json: the tolerance of '%s' is %s; this build knows abs, abs with mean_abs, rel, and relative"
                            + " to the largest of the tensor",
                    key,
                    value);
            double allowed = value.path(relative ? "rel" : ofLargest ? OF_LARGEST : "abs")
                    .asDouble(0);
            return new Tolerance(
                    key,
                    allowed,
                    relative,
                    ofLargest,
                    value.path("mean_abs").asDouble(Double.POSITIVE_INFINITY),
                    from,
                    to);
        }
    }

    /** The first tolerance whose key matches a pattern; up to two groups are numbers. */
    Optional<Tolerance> tolerance(String pattern) {
        return tolerances(pattern).stream().findFirst();
    }

    /** All tolerances whose keys match a pattern. */
    List<Tolerance> tolerances(String pattern) {
        List<Tolerance> matching = new ArrayList<>();
        for (var entry : golden.path("tolerance").properties()) {
            Matcher matcher = Pattern.compile(pattern).matcher(entry.getKey());
            if (matcher.matches()) {
                matching.add(Tolerance.of(entry.getKey(), entry.getValue(), number(matcher, 1), number(matcher, 2)));
            }
        }
        return matching;
    }

    private int number(Matcher matcher, int group) {
        return matcher.groupCount() >= group ? number(matcher.group(group), matcher.group()) : -1;
    }

    /** The number that is all or part of a key. */
    int number(String digits, String key) {
        Check.that(
                digits.matches("[0-9]{1,9}"), "%s: '%s' is not a value that the key %s can have", folder, digits, key);
        return Integer.parseInt(digits);
    }

    @Override
    public void close() {
        arena.close();
    }
}
