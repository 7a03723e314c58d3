package hooke.config;

import hooke.Sha256;
import hooke.config.form.Canonical;
import hooke.config.form.Components;
import hooke.config.form.Descriptive;
import hooke.config.form.Keys;
import hooke.config.form.Since;
import hooke.config.form.Words;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * What makes two runs the same run: every key that a number can depend on. It is the canonical JSON of the experiment without its {@link
 * Descriptive} keys and without those that came {@link Since} the first release and still have the value that every run had before, so
 * that runs keep their names when Hooke learns new keys.
 */
final class Identity {
    private Identity() {}

    /**
     * SHA-256, in hex.
     *
     * @param without further keys of the experiment to leave out
     */
    static String hash(Experiment experiment, List<String> without) {
        return Sha256.of(text(experiment, without).getBytes(StandardCharsets.UTF_8));
    }

    private static String text(Experiment experiment, List<String> without) {
        var map = Canonical.map(experiment, Identity::isLeftOut);
        map.keySet().removeAll(without);
        return Canonical.json(map);
    }

    /** The keys that came after the first release, by path as in {@link Experiment#settings}, with the value of all runs before. */
    static Map<String, String> before() {
        Map<String, String> before = new TreeMap<>();
        before(Experiment.class, "", before);
        return before;
    }

    private static void before(Class<?> record, String path, Map<String, String> before) {
        Components components = Components.of(record);
        for (int i = 0; i < components.all().size(); i++) {
            RecordComponent component = components.all().get(i);
            Class<?> type = component.getType();
            String key = path + components.keys().get(i);
            Since since = component.getAnnotation(Since.class);
            if (since != null) {
                before.put(type.isSealed() && !Canonical.hasBare(type) ? Keys.kind(key) : key, since.before());
            }
            List<Class<?>> below = type.isInterface() && type.isSealed()
                    ? Words.variants(type)
                    : type.isRecord() ? List.of(type) : List.of();
            below.forEach(variant -> before(variant, key + ".", before));
        }
    }

    private static boolean isLeftOut(RecordComponent component, Supplier<String> written) {
        Since since = component.getAnnotation(Since.class);
        return component.isAnnotationPresent(Descriptive.class)
                || since != null && since.before().equals(written.get());
    }
}
