package hooke.config;

import hooke.Check;
import hooke.InputException;
import hooke.NotAFile;
import hooke.config.form.Keys;
import hooke.config.form.Tree;
import hooke.config.form.Tree.Mapping;
import hooke.config.form.Tree.Scalar;
import hooke.config.form.Tree.Where;
import hooke.config.form.TreeReader;
import hooke.config.form.Words;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads experiments. What is wrong with a file is an {@link InputException} of one sentence: file, line, key, value, the rule, and the
 * nearest key for a typo.
 *
 * <p>Settings ({@code sets}) are what follows {@code --set}: {@code train.optimizer.lr=3e-4}, its value YAML, laid over the file in
 * turn. {@code null} takes a key back to its default. A setting of a key that nothing reads is refused.
 */
public final class Experiments {
    static final String EXTENDS = "extends";
    private static final int MAX_CHAIN = 16;
    /** Keys that only a file of a sweep has. */
    private static final Pattern SWEEP = Pattern.compile("(base|cells|grid|random|method):");

    private Experiments() {}

    /** An experiment from a file, which may say {@code extends: other.yaml}, a path relative to its own, or name a shipped experiment. */
    public static Experiment read(Path file, List<String> sets) {
        return draft(file).with(sets).asked();
    }

    /** An experiment from a text; the source names it in sentences, and the experiment unless it names itself. */
    public static Experiment parse(String yaml, String source, List<String> sets) {
        Mapping root = root(TreeReader.read(yaml, source), source);
        @Nullable Tree base = root.get(EXTENDS);
        if (base != null) {
            throw new InputException(base.where().prefix() + "extends (" + shown(base)
                    + ") is only possible in a file, whose folder it is relative to");
        }
        return new Draft(new Defaults(), root, source).with(sets).asked();
    }

    /**
     * An experiment by the path of its file or by name: that of a file in the folder, or else one that ships with the program.
     *
     * @param folder of experiments, {@code experiments} beside the project; it may be missing
     */
    public static Experiment named(String nameOrPath, Path folder, List<String> sets) {
        return draft(nameOrPath, folder).with(sets).asked();
    }

    /** An experiment by path or name, not yet checked: other settings can be laid over it first. */
    public static Draft draft(String nameOrPath, Path folder) {
        List<String> names = names(folder);
        Check.that(!nameOrPath.isBlank(), "name an experiment, one of %s, or a file", String.join(", ", names));
        boolean isPath = isPath(nameOrPath);
        Path direct = path(folder.getFileSystem(), nameOrPath);
        NotAFile.why(direct).filter(_ -> isPath && !Files.exists(direct)).ifPresent(why -> {
            throw new InputException(
                    "%s: %s%s".formatted(Words.shown(nameOrPath, 200), why, Check.didYouMean(stem(direct), names)));
        });
        if (isPath || Files.exists(direct) && !names.contains(nameOrPath)) {
            return draft(direct);
        }
        Check.that(
                names.contains(nameOrPath),
                "there is no experiment and no file called %s%s: the experiments are %s",
                Words.shown(nameOrPath, 100),
                Check.didYouMean(nameOrPath, names),
                String.join(", ", names));
        String file = nameOrPath + ".yaml";
        if (Files.exists(folder.resolve(file))) {
            return draft(folder.resolve(file));
        }
        return inShipped(shipped -> {
            Defaults defaults = new Defaults();
            return new Draft(defaults, layered(defaults, shipped.resolve(file), file, List.of()), file);
        });
    }

    private static Draft draft(Path file) {
        Defaults defaults = new Defaults();
        return new Draft(defaults, layered(defaults, file, file.toString(), List.of()), file.toString());
    }

    /** Every key that an experiment of whatever kind may have, by its path, as {@code --set} takes it. */
    public static List<String> paths() {
        return Keys.everyPath(Experiment.class, "");
    }

    /** Those paths that hold other settings and have neither a value nor a kind of their own, like {@code model}. */
    public static List<String> blocks() {
        return Keys.blocks(Experiment.class, "");
    }

    /** The JSON Schema of an experiment file, for editors. */
    public static String schema() {
        return Schema.pretty(Schema.of(new Defaults().entries()), "") + "\n";
    }

    private static String stem(Path file) {
        return String.valueOf(file.getFileName()).replaceAll("\\.ya?ml$", "");
    }

    /** Names of all experiments in the folder and of those that ship with the program, sorted. */
    public static List<String> names(Path folder) {
        List<String> shipped = inShipped(inside -> namesIn(inside, false));
        var names = new TreeSet<>(shipped);
        names.addAll(namesIn(folder, false));
        return List.copyOf(names);
    }

    /** Names of all sweeps in the folder, sorted: files that speak of cells lie beside the experiments that they are made of. */
    public static List<String> sweepNames(Path folder) {
        return namesIn(folder, true).stream().sorted().toList();
    }

    private static boolean isSweep(Path file) {
        try (Stream<String> lines = Files.lines(file, StandardCharsets.ISO_8859_1)) {
            return lines.anyMatch(line -> SWEEP.matcher(line).lookingAt());
        } catch (IOException e) {
            throw new UncheckedIOException(file.toString(), e);
        }
    }

    private static List<String> namesIn(Path folder, boolean sweeps) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(f -> f.toString().endsWith(".yaml") && isSweep(f) == sweeps)
                    .map(Experiments::stem)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(folder.toString(), e);
        }
    }

    /** Lends the folder of shipped experiments, which is inside a jar or a folder of classes. */
    private static <T> T inShipped(Function<Path, T> use) {
        // Found by a file of ours: a jar may have been packed without entries for its folders.
        URL url = Objects.requireNonNull(Experiments.class.getResource(Defaults.RESOURCE));
        try {
            if (!(url.openConnection() instanceof JarURLConnection inJar)) {
                return use.apply(
                        Path.of(url.toURI()).resolveSibling("../../experiments").normalize());
            }
            // A file system of this call's own: one by the jar's URI would be shared with whoever else has it open.
            try (FileSystem jar =
                    FileSystems.newFileSystem(Path.of(inJar.getJarFileURL().toURI()))) {
                return use.apply(jar.getPath("/experiments"));
            }
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        } catch (IOException e) {
            throw new UncheckedIOException(url.toString(), e);
        }
    }

    /** The tree of a file over those it extends. */
    private static Mapping layered(Defaults defaults, Path file, String source, List<Path> before) {
        List<Path> chain = new ArrayList<>(before);
        chain.add(file);
        Mapping own = root(TreeReader.read(TreeReader.text(file, source, "an experiment file"), source), source);
        @Nullable Tree base = own.get(EXTENDS);
        if (base == null) {
            return own;
        }
        if (!(base instanceof Scalar name) || name.isEmpty()) {
            throw new InputException(base.where().prefix() + "extends (" + shown(base)
                    + ") must be the path of a file, or the name of an experiment");
        }
        Path direct =
                file.resolveSibling(path(file.getFileSystem(), name.text())).normalize();
        Path beside = direct.resolveSibling(direct.getFileName() + ".yaml");
        boolean isPath = isPath(name.text());
        Path other = !isPath && !Files.exists(direct) && Files.exists(beside) ? beside : direct;
        Check.that(
                chain.stream().noneMatch(p -> same(p, other)) && chain.size() < MAX_CHAIN,
                "%sextends %s: %s",
                base.where().prefix(),
                chain.size() < MAX_CHAIN ? "goes in a circle" : "goes on for too long",
                String.join(
                        " -> ",
                        Stream.concat(chain.stream(), Stream.of(other))
                                .map(Path::toString)
                                .toList()));
        // A name belongs to one file: what extends it is another experiment.
        Mapping below = (isPath || Files.exists(other)
                        ? existing(defaults, other, base, chain)
                        : shipped(defaults, name, other, chain))
                .without("name");
        return (Mapping)
                Layers.merge(below, own.without(EXTENDS), defaults.entries().root());
    }

    private static Mapping existing(Defaults defaults, Path other, Tree base, List<Path> chain) {
        NotAFile.why(other).ifPresent(why -> {
            String name = stem(other);
            throw new InputException(base.where().prefix() + "extends (" + shown(base) + ") " + why
                    + (Files.exists(other) ? "; it must be an experiment file" : ": there is no file " + other)
                    + (inShipped(inside -> namesIn(inside, false)).contains(name)
                            ? "; without an ending, " + name + " is the one that ships with Hooke"
                            : ""));
        });
        return layered(defaults, other, other.toString(), chain);
    }

    private static Mapping shipped(Defaults defaults, Scalar name, Path other, List<Path> chain) {
        String file = name.text() + ".yaml";
        return inShipped(shipped -> {
            List<String> names = namesIn(shipped, false);
            Check.that(
                    names.contains(name.text()),
                    "%sextends (%s) does not exist: there is no file %s, and no experiment of that name ships with Hooke%s",
                    name.where().prefix(),
                    shown(name),
                    other,
                    Check.didYouMean(name.text(), names));
            return layered(defaults, shipped.resolve(file), file, chain);
        });
    }

    private static boolean isPath(String nameOrPath) {
        return nameOrPath.contains("/") || nameOrPath.matches("(?i).*\\.ya?ml");
    }

    private static boolean same(Path a, Path b) {
        return a.toAbsolutePath().normalize().equals(b.toAbsolutePath().normalize());
    }

    private static Mapping root(Tree tree, String source) {
        String prefix = new Where(source, 0).prefix();
        return switch (tree) {
            case Mapping m -> m;
            case Scalar s
            when s.isEmpty() ->
                throw new InputException(
                        prefix + "is empty: an experiment needs task, model and train (hooke new writes a first one)");
            case Scalar s -> throw new InputException(prefix + "must have keys (task, model, train), but is one value");
            case Tree.Sequence s ->
                throw new InputException(prefix + "must have keys (task, model, train), but is a list");
        };
    }

    private static Path path(FileSystem system, String text) {
        try {
            return system.getPath(text);
        } catch (InvalidPathException e) {
            throw new InputException("'" + Words.shown(text, 100) + "' cannot be the name of a file", e);
        }
    }

    private static String shown(Tree tree) {
        return tree instanceof Scalar s ? Words.shown(s.text(), 100) : "a list or keys";
    }

    /** Keys that stored runs of earlier releases lack, by path as in {@link Experiment#settings}, with the value that they all had. */
    public static Map<String, String> settingsBefore() {
        return Identity.before();
    }
}
