package hooke.interop.names;

import hooke.Check;
import hooke.InputException;
import hooke.config.Mask;
import hooke.config.ModelConfig;
import hooke.config.ModelConfig.BiasGroup;
import hooke.config.Norm;
import hooke.config.Parameter;
import hooke.config.Positions;
import hooke.interop.pickle.Value;
import hooke.tensor.RawTensor;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.Set;

/**
 * The state dict of x-transformers' {@code AutoregressiveWrapper(TransformerWrapper(Decoder(rotary_pos_emb=True)))}, of the versions from
 * 1.36 to 1.44: every matrix transposed [out, in], attention and feed-forward as layers of their own, and of each norm's gain what it is
 * more than 1, since those versions add that ({@code norm_add_unit_offset}). Without the wrapper for training the names lack {@code net.}.
 */
public record XTransformersNames() implements Names {
    private static final String NET = "net.";
    private static final double EPS = 1e-5; // torch.nn.LayerNorm's, which x-transformers leaves as it is.
    private static final String FREQUENCIES = "attn_layers.rotary_pos_emb.inv_freq";

    /**
     * Where a weight is kept.
     *
     * @param name of x-transformers
     * @param kind how it is kept there
     */
    private record Place(String name, Kind kind) {}

    private enum Kind {
        /** As in Hooke. */
        SAME,
        /** [columns, rows]. */
        TRANSPOSED,
        /** [head, d_model, d_head] as [head d_head, d_model]. */
        BY_HEAD,
        /** Less 1. */
        GAIN
    }

    @Override
    public SequencedMap<String, RawTensor> weights(ModelConfig model, Located stateDict) {
        check(model);
        String net = stateDict.tensors().keySet().stream().anyMatch(name -> name.startsWith(NET)) ? NET : "";
        SequencedMap<String, List<Long>> wanted = new LinkedHashMap<>();
        for (Parameter parameter : Parameter.of(model)) {
            Place place = place(parameter);
            wanted.put(net + place.name(), shape(place.kind(), parameter.shape(), model));
        }
        int half = rotary(model).dims() / 2;
        wanted.put(net + FREQUENCIES, List.of((long) half));
        var tensors = Names.fit(stateDict, wanted, Set.of(net + FREQUENCIES), List.of());
        Value.Tensor frequencies = tensors.remove(net + FREQUENCIES);
        if (frequencies != null) {
            checkFrequencies(stateDict.where() + ", " + net + FREQUENCIES, Names.floats(frequencies), model);
        }
        SequencedMap<String, RawTensor> weights = new LinkedHashMap<>();
        for (Parameter parameter : Parameter.of(model)) {
            Place place = place(parameter);
            float[] values = Names.floats(Objects.requireNonNull(tensors.get(net + place.name())));
            weights.put(
                    parameter.name(),
                    Names.raw(read(place.kind(), values, parameter.shape()), longs(parameter.shape())));
        }
        return weights;
    }

    @Override
    public Value.Dict stateDict(ModelConfig model, Map<String, RawTensor> weights) {
        check(model);
        Value.Dict dict = Value.Dict.empty(true);
        for (Parameter parameter : Parameter.of(model)) {
            RawTensor raw = Objects.requireNonNull(weights.get(parameter.name()), parameter.name());
            float[] values = raw.data().toArray(ValueLayout.JAVA_FLOAT_UNALIGNED);
            Place place = place(parameter);
            List<Long> shape = shape(place.kind(), parameter.shape(), model);
            dict.put(
                    NET + place.name(),
                    Value.Tensor.of(
                            Names.raw(written(place.kind(), values, parameter.shape()), shape.toArray(Long[]::new))));
        }
        float[] frequencies = frequencies(model);
        dict.put(NET + FREQUENCIES, Value.Tensor.of(Names.raw(frequencies, (long) frequencies.length)));
        return dict;
    }

    private static Place place(Parameter parameter) {
        String[] parts = parameter.name().split("\\.");
        if (!parts[0].equals("blocks")) {
            return switch (parameter.name()) {
                case "embed.W_E" -> new Place("token_emb.emb.weight", Kind.SAME);
                case "ln_final.w" -> new Place("attn_layers.final_norm.gamma", Kind.GAIN);
                case "unembed.W_U" -> new Place("to_logits.weight", Kind.TRANSPOSED);
                default -> throw new IllegalStateException(parameter.name());
            };
        }
        int layer = 2 * Integer.parseInt(parts[1]);
        String attn = "attn_layers.layers." + layer + ".";
        String mlp = "attn_layers.layers." + (layer + 1) + ".";
        return switch (parts[2] + "." + parts[3]) {
            case "ln1.w" -> new Place(attn + "0.0.gamma", Kind.GAIN);
            case "attn.W_Q" -> new Place(attn + "1.to_q.weight", Kind.BY_HEAD);
            case "attn.W_K" -> new Place(attn + "1.to_k.weight", Kind.BY_HEAD);
            case "attn.W_V" -> new Place(attn + "1.to_v.weight", Kind.BY_HEAD);
            case "attn.W_O" -> new Place(attn + "1.to_out.weight", Kind.TRANSPOSED);
            case "ln2.w" -> new Place(mlp + "0.0.gamma", Kind.GAIN);
            case "mlp.W_in" -> new Place(mlp + "1.ff.0.0.weight", Kind.TRANSPOSED);
            case "mlp.b_in" -> new Place(mlp + "1.ff.0.0.bias", Kind.SAME);
            case "mlp.W_out" -> new Place(mlp + "1.ff.2.weight", Kind.TRANSPOSED);
            case "mlp.b_out" -> new Place(mlp + "1.ff.2.bias", Kind.SAME);
            default -> throw new IllegalStateException(parameter.name());
        };
    }

    /** Of x-transformers, for a weight of this shape. */
    private static List<Long> shape(Kind kind, List<Integer> ours, ModelConfig model) {
        return switch (kind) {
            case SAME, GAIN -> ours.stream().map(Integer::longValue).toList();
            case TRANSPOSED -> List.of((long) ours.getLast(), rows(ours));
            case BY_HEAD -> List.of((long) model.nHeads() * model.dHead(), (long) model.dModel());
        };
    }

    /** The heads of W_O lie below each other. */
    private static long rows(List<Integer> shape) {
        return shape.subList(0, shape.size() - 1).stream().mapToLong(n -> n).reduce(1, (a, b) -> a * b);
    }

    private static float[] read(Kind kind, float[] values, List<Integer> shape) {
        return switch (kind) {
            case SAME -> values;
            case TRANSPOSED -> Names.transposed(values, shape.getLast());
            case BY_HEAD -> eachHead(values, shape, shape.get(2));
            case GAIN -> plus(values, 1);
        };
    }

    private static float[] written(Kind kind, float[] values, List<Integer> shape) {
        return switch (kind) {
            case SAME -> values;
            case TRANSPOSED -> Names.transposed(values, (int) rows(shape));
            case BY_HEAD -> eachHead(values, shape, shape.get(1));
            case GAIN -> plus(values, -1);
        };
    }

    /** Every head's matrix of so many rows transposed. */
    private static float[] eachHead(float[] values, List<Integer> shape, int rows) {
        int size = shape.get(1) * shape.get(2);
        float[] turned = new float[values.length];
        for (int at = 0; at < values.length; at += size) {
            float[] one = Arrays.copyOfRange(values, at, at + size);
            System.arraycopy(Names.transposed(one, rows), 0, turned, at, size);
        }
        return turned;
    }

    private static float[] plus(float[] values, float more) {
        float[] sums = values.clone();
        for (int i = 0; i < sums.length; i++) {
            sums[i] += more;
        }
        return sums;
    }

    private static Long[] longs(List<Integer> shape) {
        return shape.stream().map(Integer::longValue).toArray(Long[]::new);
    }

    private static float[] frequencies(ModelConfig model) {
        Positions.Rotary rotary = rotary(model);
        float[] frequencies = new float[rotary.dims() / 2];
        for (int i = 0; i < frequencies.length; i++) {
            frequencies[i] = (float) Math.pow(rotary.base(), -2.0 * i / rotary.dims());
        }
        return frequencies;
    }

    private static void checkFrequencies(String where, float[] theirs, ModelConfig model) {
        float[] ours = frequencies(model);
        for (int i = 0; i < ours.length; i++) {
            Check.that(
                    Math.abs(theirs[i] - ours[i]) <= 1e-5 * ours[i],
                    "%s[%s] is %s, which model.positions.base %s does not give: it gives %s",
                    where,
                    i,
                    theirs[i],
                    rotary(model).base(),
                    ours[i]);
        }
    }

    private static Positions.Rotary rotary(ModelConfig model) {
        return switch (model.positions()) {
            case Positions.Rotary rotary -> rotary;
            case Positions.Learned() ->
                throw new InputException(
                        "x-transformers' names are known for rotary positions: model.positions must be rotary");
        };
    }

    private static void check(ModelConfig model) {
        Check.that(
                rotary(model).pairs() == Positions.Pairs.INTERLEAVED,
                "x-transformers turns neighbours: model.positions.pairs must be interleaved");
        Check.that(
                model.norm().equals(new Norm.LayerNorm(EPS, Norm.Placement.PRE, false)),
                "x-transformers has LayerNorm with eps %s, placement pre and no bias: model.norm must be that",
                EPS);
        Check.that(
                model.withoutBiases().equals(Set.of(BiasGroup.ATTENTION, BiasGroup.UNEMBED)),
                "x-transformers has biases in its MLPs alone: model.without_biases must be [attention, unembed]");
        Check.that(
                !model.attnOnly(), "x-transformers' Decoder has an MLP in every block: model.attn_only must be false");
        Check.that(!model.gatedMlp(), "these names are of an MLP without a gate: model.gated_mlp must be false");
        Check.that(
                model.actFn() == ModelConfig.Activation.GELU,
                "x-transformers has the exact GELU: model.act_fn must be gelu");
        Check.that(
                !model.tiedEmbeddings(),
                "x-transformers' to_logits is a matrix of its own: model.tied_embeddings must be false");
        Names.checkForm("x-transformers' Decoder", model);
        Check.that(
                model.mask().equals(new Mask.Causal()),
                "x-transformers' Decoder has the causal mask: model.mask must be causal");
    }
}
