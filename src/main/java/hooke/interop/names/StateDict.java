package hooke.interop.names;

import hooke.Check;
import hooke.InputException;
import hooke.config.ModelConfig;
import hooke.interop.pickle.Value;
import hooke.tensor.DType;
import hooke.tensor.RawTensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SequencedMap;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The weights of one model in a file, wherever programs put them: on their own, below {@code model_state_dict}, {@code net} and the
 * like, with words of wrappers before every name, and among settings and numbers of their training.
 *
 * @param key that leads to them, as {@code --key} takes it: empty at the top, {@code a/b} below two
 * @param found the dict that holds them
 * @param around the dicts on the way to it, itself the last
 * @param beside a configuration that lies beside the file
 */
public record StateDict(String key, Located found, List<Located> around, Optional<Located> beside) {
    /** What wrappers put before names: DataParallel, Lightning and others; torch.compile's may stand within, too. */
    private static final Pattern WRAPPERS = Pattern.compile("^((module|model|net|network|_orig_mod)\\.)+");

    /** A weight that every layout which is known has. */
    private static final Pattern KNOWN = Pattern.compile(
            "embed\\.W_E|(transformer\\.)?(wte\\.weight|h\\.0\\.attn\\.c_attn\\.weight)|attn_layers\\.layers\\.0\\.1\\.to_q\\.weight");

    private static final Set<DType> WEIGHTS = Set.of(DType.F64, DType.F32, DType.F16, DType.BF16);
    private static final List<String> UPDATES =
            List.of("step", "global_step", "iter_num", "iteration", "iter", "num_updates");

    /**
     * The one dict of tensors in a file. Throws {@link InputException} where there is none, or more than one and no key says which.
     *
     * @param key that leads to it, or null to look for it
     */
    public static StateDict find(Located file, @Nullable String key) {
        if (file.value() instanceof Value.Obj(String type, Value.Dict _)) {
            throw new InputException("%s is a pickled %s: %s".formatted(file.where(), Value.shown(type), Value.WHOLE));
        }
        if (key != null) {
            return at(file, key);
        }
        List<StateDict> all = new ArrayList<>();
        collect(
                new StateDict("", file, List.of(file), Optional.empty()),
                all,
                Collections.newSetFromMap(new IdentityHashMap<>()));
        List<StateDict> known = all.stream().filter(StateDict::isKnown).toList();
        List<StateDict> candidates = known.isEmpty() ? all : known;
        Check.that(!candidates.isEmpty(), "%s holds no dict of weights", file.where());
        Check.that(
                candidates.size() == 1,
                "%s holds weights in more than one place: say with --key which are meant, %s",
                file.where(),
                candidates.stream()
                        .limit(20)
                        .map(c -> c.key.isEmpty() ? "'' (the whole file)" : "'" + Value.shown(c.key) + "'")
                        .collect(Collectors.joining(" or ")));
        return candidates.getFirst();
    }

    /** With the configuration that lies beside a file of weights, as of Hugging Face and W&amp;B, where there is one. */
    public StateDict beside(Path weights) {
        return new StateDict(key, found, around, ConfigBeside.of(weights));
    }

    /** What may say of which model the weights are: the dicts around them, and the configuration beside the file. */
    List<Located> tellers() {
        return Stream.concat(around.stream(), beside.stream()).toList();
    }

    private static StateDict at(Located file, String key) {
        List<Located> around = new ArrayList<>(List.of(file));
        List<String> words = key.isEmpty() ? List.of() : file.has(key) ? List.of(key) : List.of(key.split("/"));
        for (String word : words) {
            around.add(around.getLast().get(word));
        }
        around.getLast().dict(); // Anything else is no place for weights.
        return new StateDict(key, around.getLast(), around, Optional.empty());
    }

    private static void collect(StateDict from, List<StateDict> all, Set<Value> seen) {
        if (!(from.found.value() instanceof Value.Dict dict) || !seen.add(dict)) {
            return;
        }
        if (holdsMatrix(dict)) {
            all.add(from);
        }
        dict.entries().forEach((name, value) -> {
            // Numbers lead to an optimizer's moments.
            if (name instanceof Value.Text(String word) && value instanceof Value.Dict) {
                Located below = new Located(from.found.where() + ", " + Value.shown(word), value);
                List<Located> around = new ArrayList<>(from.around);
                around.add(below);
                String key = from.key.isEmpty() ? word : from.key + "/" + word;
                collect(new StateDict(key, below, around, Optional.empty()), all, seen);
            }
        });
    }

    private static boolean holdsMatrix(Value.Dict dict) {
        return dict.entries().entrySet().stream()
                .anyMatch(e -> e.getKey() instanceof Value.Text
                        && e.getValue() instanceof Value.Tensor tensor
                        && tensor.shape().size() >= 2
                        && WEIGHTS.contains(tensor.dtype()));
    }

    private boolean isKnown() {
        return plain(found).dict().entries().keySet().stream()
                .anyMatch(name -> name instanceof Value.Text(String text)
                        && KNOWN.matcher(text).matches());
    }

    /** The tensors alone, less the words of wrappers before their names. */
    public static Located plain(Located stateDict) {
        Value.Dict plain = Value.Dict.empty(true);
        stateDict.dict().entries().forEach((key, value) -> {
            if (key instanceof Value.Text(String name) && value instanceof Value.Tensor) {
                String own = WRAPPERS.matcher(name).replaceFirst("").replace("_orig_mod.", "");
                Check.that(
                        plain.get(own) == null,
                        "%s holds %s twice, once as %s",
                        stateDict.where(),
                        Value.shown(own),
                        Value.shown(name));
                plain.put(own, value);
            }
        });
        return new Located(stateDict.where(), plain);
    }

    /**
     * How many updates the weights have had, where something beside them says so.
     *
     * @param updatesAnEpoch by which an epoch is counted where no number of updates is recorded
     */
    public OptionalLong step(long updatesAnEpoch) {
        OptionalLong updates = number(UPDATES);
        OptionalLong epochs = number(List.of("epoch"));
        return updates.isPresent() || epochs.isEmpty()
                ? updates
                : OptionalLong.of(Math.multiplyExact(epochs.getAsLong(), updatesAnEpoch));
    }

    /** The nearest first. */
    private OptionalLong number(List<String> names) {
        for (Located dict : around.reversed()) {
            for (String name : names) {
                OptionalLong number = dict.has(name) ? dict.get(name).wholeNumber() : OptionalLong.empty();
                if (number.isPresent()) {
                    Check.that(
                            number.getAsLong() >= 0 && number.getAsLong() <= Integer.MAX_VALUE,
                            "%s, %s (%s) is not a number of updates or epochs",
                            dict.where(),
                            name,
                            number.getAsLong());
                    return number;
                }
            }
        }
        return OptionalLong.empty();
    }

    /**
     * The weights under Hooke's names, in float32. Throws {@link InputException} naming every tensor that does not fit the model, and
     * whatever else in the file says that they are of another one.
     */
    public SequencedMap<String, RawTensor> weights(ModelConfig model) {
        FileConfig.check(this, model);
        if (!FileConfig.isOwn(found)) {
            return weights(model, found);
        }
        SequencedMap<String, RawTensor> weights = TransformerLensNames.own(model, plain(found));
        FixedWeights.check(found.where(), model, weights);
        return weights;
    }

    /** The weights of a dict that stands alone, under Hooke's names, in float32; what does not fit the model is refused. */
    public static SequencedMap<String, RawTensor> weights(ModelConfig model, Located found) {
        Located plain = Dialects.translated(model, plain(found));
        SequencedMap<String, RawTensor> weights = Names.of(plain).weights(model, plain);
        FixedWeights.check(found.where(), model, weights);
        return weights;
    }
}
