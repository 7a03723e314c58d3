package hooke.config;

import hooke.InputException;
import hooke.config.form.Components;
import hooke.config.form.FilePath;
import hooke.config.form.Tree;
import hooke.config.form.Tree.Mapping;
import hooke.config.form.Tree.Scalar;
import hooke.config.form.Tree.Sequence;
import hooke.config.form.Values;
import hooke.config.form.Words;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** Paths of files in what is written, made absolute: it can then be read from anywhere, and means the same files. */
public final class FilePaths {
    private final Set<String> keys = new HashSet<>();

    private FilePaths() {
        collect(Experiment.class);
    }

    /** Every {@link FilePath} that names a file which is there; keys may be paths, and their values lists or have names. */
    public static Mapping absolute(Mapping written) {
        return (Mapping) new FilePaths().absolute(written, false);
    }

    private void collect(Class<?> type) {
        for (Class<?> record : type.isSealed() ? Words.variants(type) : Set.<Class<?>>of(type)) {
            for (var component : Components.of(record).all()) {
                if (component.isAnnotationPresent(FilePath.class)) {
                    keys.add(Words.key(component.getName()));
                } else if (component.getType().isRecord() || component.getType().isSealed()) {
                    collect(component.getType());
                }
            }
        }
    }

    private Tree absolute(Tree tree, boolean isFile) {
        return switch (tree) {
            case Mapping m -> {
                Map<String, Tree> entries = new LinkedHashMap<>();
                m.entries()
                        .forEach((key, value) -> entries.put(
                                key,
                                absolute(value, isFile || keys.contains(key.substring(key.lastIndexOf('.') + 1)))));
                yield new Mapping(m.where(), entries);
            }
            case Sequence s when isFile && s.items().stream().allMatch(Scalar.class::isInstance) -> named(s);
            case Sequence s ->
                new Sequence(
                        s.where(),
                        s.items().stream().map(item -> absolute(item, isFile)).toList());
            case Scalar s -> isFile ? absolute(s) : s;
        };
    }

    /** Values that keep the names which they had by their own, for labels are made of them. */
    private static Mapping named(Sequence files) {
        Map<String, Tree> entries = new LinkedHashMap<>();
        files.items().forEach(item -> entries.put(((Scalar) item).text(), absolute((Scalar) item)));
        return new Mapping(files.where(), entries);
    }

    private static Scalar absolute(Scalar written) {
        try {
            String file = Values.file(written, "");
            return Files.exists(Path.of(file)) ? new Scalar(written.where(), file, false) : written;
        } catch (InputException e) { // It is told where the key is read.
            return written;
        }
    }
}
