package hooke.sweep.file;

import hooke.Check;
import hooke.config.form.Keys;
import hooke.config.form.Tree;
import hooke.config.form.Tree.Mapping;
import hooke.config.form.Tree.Scalar;
import hooke.config.form.Tree.Sequence;
import hooke.config.form.Tree.Where;
import hooke.config.form.Values;
import hooke.sweep.axes.Axes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Which of our settings a parameter of another program means, by its name. */
final class WandbNames {
    /** What others call our settings: nanoGPT and its kin, and the headlines study. */
    private static final Map<String, String> ALSO_CALLED = Map.ofEntries(
            Map.entry("learning_rate", "train.optimizer.lr"),
            Map.entry("wd", "train.optimizer.weight_decay"),
            Map.entry("beta1", "train.optimizer.betas.0"),
            Map.entry("beta2", "train.optimizer.betas.1"),
            Map.entry("scheduler", "train.schedule"),
            Map.entry("batch_size", "train.batch"),
            Map.entry("steps", "train.steps"),
            Map.entry("max_iters", "train.steps"),
            Map.entry("max_steps", "train.steps"),
            Map.entry("grad_clip", "train.clip_norm"),
            Map.entry("max_grad_norm", "train.clip_norm"),
            Map.entry("warmup_steps", "train.schedule.warmup"),
            Map.entry("warmup_iters", "train.schedule.warmup"),
            Map.entry("n_layer", "model.n_layers"),
            Map.entry("num_layers", "model.n_layers"),
            Map.entry("n_head", "model.n_heads"),
            Map.entry("num_heads", "model.n_heads"),
            Map.entry("n_embd", "model.d_model"),
            Map.entry("hidden_layer", "model.d_model"),
            Map.entry("activation_function", "model.act_fn"),
            Map.entry("init_method", "model.init"),
            Map.entry("block_size", "task.context"),
            Map.entry("context_length", "task.context"),
            Map.entry("attn_type", "model.mask.kind"),
            Map.entry("local_attn_ctx", "model.mask.local_context"),
            Map.entry("sparseblocksize", "model.mask.block"),
            Map.entry("vertsize", "model.mask.verts"),
            Map.entry("num_verts", "model.mask.num_verts"));

    /** What follows from other settings here, with the reason. */
    private static final Map<String, String> FOLLOW = Map.of(
            "n_bctx", "a context has task.context / model.mask.block blocks",
            "attention_layer", "what a query sees is model.mask, whose kind attn_type gives",
            "model_architecture", "the model is the base's");

    /** How others count how long to train. */
    private static final String EPOCHS = "(n_|num_|max_|n_?b_)?epochs?";

    /** Of queries, keys and values: as wide as all heads together. */
    private static final String BOTTLENECK = "intermediate_dim";

    private WandbNames() {}

    private static String word(String key) {
        return key.substring(key.lastIndexOf('.') + 1).replace('-', '_');
    }

    /** Why a parameter sets nothing here; null for all others. */
    static @Nullable String follows(String key) {
        return FOLLOW.get(word(key));
    }

    /**
     * A path, or the last words of just one path, as lr of train.optimizer.lr; of several paths the one that stands highest. One member of
     * a list by its number. Of a nested name that is no path, such as {@code attn_configs.sparse.num_verts}, the last word counts.
     */
    static String path(String key, Where where, List<String> paths) {
        String word = key.replace('-', '_');
        String list = Axes.withoutIndex(word);
        if (paths.contains(list)) {
            return word;
        }
        if (ALSO_CALLED.containsKey(word)) {
            return ALSO_CALLED.getOrDefault(word, word);
        }
        List<String> ending = ending(list, paths);
        if (ending.isEmpty() && list.contains(".")) {
            String last = word(list);
            ending =
                    ALSO_CALLED.containsKey(last) ? List.of(ALSO_CALLED.getOrDefault(last, last)) : ending(last, paths);
        }
        Check.that(
                ending.size() == 1,
                "%sparameters.%s is %s%s",
                where.prefix(),
                Values.shown(key),
                ending.isEmpty()
                        ? "not the path of a setting"
                        : "ambiguous: it is the end of " + String.join(", ", ending),
                !ending.isEmpty()
                        ? ""
                        : word(key).matches(EPOCHS)
                                ? ": train.steps counts updates, and an epoch has as many as there are batches of train.batch"
                                : Axes.meant(word));
        return ending.getFirst() + word.substring(list.length());
    }

    private static List<String> ending(String end, List<String> paths) {
        List<String> all = paths.stream()
                .filter(p -> p.endsWith("." + end) && !Keys.isKind(p))
                .distinct()
                .toList();
        int highest = all.stream().mapToInt(p -> p.split("\\.").length).min().orElse(0);
        return all.stream().filter(p -> p.split("\\.").length == highest).toList();
    }

    /** With a bottleneck's width as that of one head, {@code model.d_head}: beside it the number of heads must be one. */
    static Mapping withHeadWidths(Mapping parameters, String name) {
        if (!(parameters.get(BOTTLENECK) instanceof Mapping width)) {
            return parameters;
        }
        Where where = width.where();
        Tree heads = parameters.get("n_head") instanceof Mapping given ? given.get("value") : null;
        Check.that(
                heads != null,
                "%s%s.%s is n_heads times model.d_head: give n_head one value beside it, or give d_head",
                where.prefix(),
                name,
                BOTTLENECK);
        long n = Values.whole(Objects.requireNonNull(heads), name + ".n_head", 1, 1_000_000);
        String key = width.get("value") == null ? "values" : "value";
        Tree given = width.get(key);
        Check.that(given != null, "%s%s.%s must have value or values", where.prefix(), name, BOTTLENECK);
        List<Tree> all = given instanceof Sequence list ? list.items() : List.of(Objects.requireNonNull(given));
        List<Tree> widths = new ArrayList<>();
        for (Tree one : all) {
            long value = Values.whole(one, name + "." + BOTTLENECK, 1, 1_000_000);
            Check.that(
                    value % n == 0,
                    "%s%s.%s (%s) must be a multiple of n_head (%s)",
                    one.where().prefix(),
                    name,
                    BOTTLENECK,
                    value,
                    n);
            widths.add(new Scalar(one.where(), String.valueOf(value / n), true));
        }
        Tree ours = given instanceof Sequence ? new Sequence(where, widths) : widths.getFirst();
        return parameters.without(BOTTLENECK).with("model.d_head", width.with(key, ours));
    }
}
