package hooke.check;

import hooke.Check;
import hooke.config.TrainConfig.Engine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;

/** Compares this build with the golden sets of a folder: numbers that PyTorch and its friends computed, each with its tolerance. */
public final class Verify {
    private static final Map<String, Function<GoldenSet, List<Finding>>> FAMILIES = new TreeMap<>(Map.ofEntries(
            Map.entry("fourier", VerifyFourier::of),
            Map.entry("groktemplate", VerifyGrokTemplate::of),
            Map.entry("headlines/bpe", VerifyBpe::of),
            Map.entry("headlines/gpt", VerifyHeadlines::of),
            Map.entry("headlines/layouts", VerifyAttention::layouts),
            Map.entry("headlines/sparsek", VerifyAttention::sparseK),
            Map.entry("lifegpt", VerifyLifeGpt::of),
            Map.entry("listcopy", VerifyListCopy::of),
            Map.entry("modmul", VerifyModmul::of),
            Map.entry("pth", VerifyPth::of),
            Map.entry("survival", VerifySurvival::of)));

    /** Those in which an engine takes part. */
    private static final Set<String> TRAINED = Set.of("groktemplate", "headlines/gpt", "lifegpt", "listcopy", "modmul");

    private Verify() {}

    /**
     * What was compared, and which sets could not be.
     *
     * @param skipped quantities of known sets for which data is lacking
     * @param unknown sets of families that this build does not know, as {@code folder (family)}
     */
    public record Report(List<Finding> findings, List<Skipped> skipped, List<String> unknown) {
        /** Whether everything that was compared agrees, and anything was. */
        public boolean agrees() {
            return !findings.isEmpty() && findings.stream().allMatch(Finding::agrees);
        }
    }

    /** A quantity of a set that was not compared, and what is lacking. */
    public record Skipped(String set, String quantity, String why) {}

    /** Compares the set in this folder, or all sets in folders below it, with every engine. */
    public static Report folder(Path folder) {
        return folder(folder, List.of(Engine.TORCH, Engine.FUSED));
    }

    /**
     * Compares the set in this folder, or all sets in folders below it.
     *
     * @param engines that train where a set asks for training, one after the other
     */
    public static Report folder(Path folder, List<Engine> engines) {
        Check.that(Files.isDirectory(folder), "%s is not a folder with golden sets", folder);
        List<Path> sets = sets(folder);
        Check.that(!sets.isEmpty(), "%s holds no golden set: no folder in it has a golden.json", folder);
        List<Finding> findings = new ArrayList<>();
        List<Skipped> skipped = new ArrayList<>();
        List<String> unknown = new ArrayList<>();
        for (Path path : sets) {
            for (Engine engine : engines) {
                try (var set = new GoldenSet(path, engine)) {
                    var family = FAMILIES.get(set.family());
                    if (family == null) {
                        unknown.add(folder.relativize(path) + " (" + set.family() + ")");
                        break;
                    }
                    List<Finding> compared = family.apply(set);
                    // A set of which nothing could be compared agrees with nothing.
                    findings.addAll(
                            compared.isEmpty()
                                    ? List.of(new Finding(set.name(), "nothing to compare", "", 0, 0, 0))
                                    : compared);
                    skipped.addAll(set.skipped());
                    if (!TRAINED.contains(set.family())) {
                        break;
                    }
                }
            }
        }
        Check.that(
                !findings.isEmpty(),
                "%s: this build does not know the family of any set here: %s; it knows %s",
                folder,
                String.join(", ", unknown),
                String.join(", ", FAMILIES.keySet()));
        return new Report(List.copyOf(findings), List.copyOf(skipped), List.copyOf(unknown));
    }

    private static List<Path> sets(Path folder) {
        try (Stream<Path> all = Files.walk(folder, 4)) {
            return all.filter(p -> p.getFileName().toString().equals("golden.json"))
                    .map(Path::getParent)
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(folder.toString(), e);
        }
    }
}
