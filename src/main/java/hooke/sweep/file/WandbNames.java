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
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Which of our settings a parameter of another program means, by its name. */
final class WandbNames {
    /** What others call our settings: nanoGPT and its kin, x-transformers, Transformers, Lightning, and the headlines study. */
    private static final Map<String, String> ALSO_CALLED = byWord("""
            train.optimizer.lr             learning_rate
            train.optimizer.weight_decay   wd
            train.optimizer.betas.0        beta1 beta_1 adam_beta1
            train.optimizer.betas.1        beta2 beta_2 adam_beta2
            train.optimizer.eps            adam_epsilon
            train.schedule                 scheduler lr_scheduler lr_scheduler_type lr_schedule
            train.schedule.warmup          warmup_steps warmup_iters num_warmup_steps lr_warmup_steps
            train.batch                    batch_size train_batch_size per_device_train_batch_size
            train.accumulate               gradient_accumulation_steps grad_accumulation_steps grad_accum_steps grad_accum \
                                           accumulate_grad_batches
            train.steps                    steps max_iters max_steps n_steps num_steps total_steps train_steps \
                                           num_train_steps training_steps num_training_steps num_iterations
            train.clip_norm                grad_clip grad_norm_clip grad_clip_norm gradient_clip gradient_clip_val max_grad_norm
            train.dropout                  dropout_rate dropout_prob dropout_p p_dropout
            train.evaluate_every           eval_interval eval_every eval_steps evaluation_steps
            train.checkpoint_every         checkpoint_interval save_interval save_every save_steps
            model.n_layers                 n_layer num_layers num_hidden_layers n_blocks num_blocks layers depth
            model.n_heads                  n_head nhead nheads num_heads num_attention_heads attention_heads heads
            model.d_head                   head_dim dim_head head_size
            model.d_model                  n_embd embd_dim embed_dim emb_dim embedding_dim hidden_size hidden_layer dim_model dim
            model.d_mlp                    d_ff ff_dim dim_feedforward ffn_dim d_ffn mlp_dim n_inner intermediate_size
            model.act_fn                   activation activation_function hidden_act
            model.init                     init_method
            model.norm.eps                 layer_norm_eps layer_norm_epsilon rms_norm_eps
            model.positions.base           rope_theta rotary_base
            model.tied_embeddings          tie_weights tie_embeddings tie_word_embeddings weight_tying
            model.mask.kind                attn_type
            model.mask.local_context       local_attn_ctx
            model.mask.block               sparseblocksize
            model.mask.verts               vertsize
            model.mask.num_verts           num_verts
            task.context                   block_size context_length context_size seq_len seq_length sequence_length \
                                           max_seq_len max_seq_length max_sequence_length
            """);

    /** What sets nothing here, with the reason: words, or patterns of words. */
    private static final Map<String, String> NOT_USED = Map.of(
            "n_bctx",
            "a context has task.context / model.mask.block blocks",
            "attention_layer",
            "what a query sees is model.mask, whose kind attn_type gives",
            "model_architecture",
            "the model is the base's",
            "((per_device_)?eval|val|test)_batch_size|eval_iters|eval_batches",
            "every example of the test set is scored once, whatever the batch",
            "((use|enable)_)?wandb(_.*)?|report_to|run_name|log(ging)?_(interval|every|steps|freq|strategy|first_step)"
                    + "|(out|output|save|log|logging|checkpoint)_dir|overwrite_output_dir|save_total_limit|do_(train|eval)"
                    + "|(dataloader_)?(num_workers|pin_memory)|(torch_)?compile",
            "no number of a run depends on it");

    /** What is no setting here, but can be said by one. */
    private static final Map<String, String> SAID_BY = Map.of(
            "(n_|num_|max_|n?b_)?(train_|training_)?epochs?",
            "train.steps counts updates, and an epoch has as many as there are batches of train.batch",
            "(lr_)?warmup_(ratio|fraction|frac|percent)|pct_start",
            "train.schedule.warmup counts updates: so many of train.steps",
            "min_lr|lr_min|lr_end|end_lr|eta_min|final_lr",
            "train.schedule.to says as which share of the rate it ends",
            "hidden_dim|hidden_features",
            "the width of the stream is model.d_model, the neurons of a block are model.d_mlp");

    /** Of queries, keys and values: as wide as all heads together. */
    private static final String BOTTLENECK = "intermediate_dim";

    private WandbNames() {}

    private static String word(String key) {
        return key.substring(key.lastIndexOf('.') + 1).replace('-', '_');
    }

    /** Why a parameter sets nothing here; null for all others. */
    static @Nullable String unused(String key) {
        return matching(NOT_USED, key);
    }

    private static @Nullable String matching(Map<String, String> patterns, String key) {
        return patterns.entrySet().stream()
                .filter(entry -> word(key).matches(entry.getKey()))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(null);
    }

    /** Each line has a path and the words for it; a line's end may be escaped. */
    private static Map<String, String> byWord(String lines) {
        return lines.lines()
                .map(line -> line.trim().split(" +"))
                .flatMap(line -> Stream.of(line).skip(1).map(word -> Map.entry(word, line[0])))
                .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));
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
        @Nullable String saidBy = matching(SAID_BY, key);
        Check.that(
                ending.size() == 1,
                "%sparameters.%s is %s%s",
                where.prefix(),
                Values.shown(key),
                ending.isEmpty() ? "not the path of a setting" : "ambiguous: write one of " + String.join(", ", ending),
                !ending.isEmpty() ? "" : saidBy != null ? ": " + saidBy : Axes.meant(word));
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

    /** AdamW and gelu_new as adamw and gelu-new, where the values of a path are words. */
    static Mapping inOurWords(String path, List<String> paths, Mapping parameter) {
        boolean words = Keys.isKind(path) || paths.contains(Keys.kind(path)) || path.equals("model.act_fn");
        Mapping ours = parameter;
        for (String key : words ? List.of("value", "values") : List.<String>of()) {
            @Nullable Tree given = parameter.get(key);
            ours = given == null ? ours : ours.with(key, inOurWords(given));
        }
        return ours;
    }

    private static Tree inOurWords(Tree tree) {
        return switch (tree) {
            case Scalar s ->
                new Scalar(s.where(), s.text().toLowerCase(Locale.ROOT).replace('_', '-'), s.plain());
            case Sequence s ->
                new Sequence(
                        s.where(),
                        s.items().stream().map(WandbNames::inOurWords).toList());
            case Mapping m -> m;
        };
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
