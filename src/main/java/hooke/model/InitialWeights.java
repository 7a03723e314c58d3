package hooke.model;

import hooke.config.Init;
import hooke.config.Init.AttentionOrder;
import hooke.config.ModelConfig;
import hooke.config.Parameter;
import hooke.config.Positions;
import hooke.config.Widths;
import hooke.tensor.DType;
import hooke.tensor.Rng;
import hooke.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Draws the initial weights of one model, in the order and with the calls of the original, so that a seed gives its bits. Identities and
 * single frozen biases are drawn, too, before they are overwritten, so that later draws stay.
 */
record InitialWeights(Weights weights, Rng rng) {
    void draw(Init init) {
        for (Parameter parameter : weights.parameters()) {
            if (parameter.name().endsWith(".w")) {
                Tensor gain = weights.get(parameter.name());
                gain.copyInPlace(Tensor.ones(gain.dtype(), Weights.shape(parameter)));
            }
        }
        switch (init) {
            case Init.Gpt2(AttentionOrder order) -> gpt2(order);
            case Init.Pytorch() -> pytorch();
            case Init.XTransformers() -> xTransformers();
            case Init.Normal(double std) -> anew((drawn, _, _) -> rng.normal(drawn, 0, std));
            case Init.Xavier() -> anew((drawn, in, out) -> rng.normal(drawn, 0, Math.sqrt(2.0 / (in + out))));
            case Init.Kaiming() -> anew((drawn, in, _) -> rng.normal(drawn, 0, Math.sqrt(2.0) / Math.sqrt(in)));
            case Init.Uniform() -> {
                double bound = 1 / Math.sqrt(config().dModel());
                anew((drawn, _, _) -> rng.uniform(drawn, -bound, bound));
            }
        }
        weights.parameters().forEach(this::makeIdentity);
        weights.parameters().forEach(this::zeroFrozenBias);
    }

    private void zeroFrozenBias(Parameter parameter) {
        if (!parameter.trainable() && parameter.shortName().startsWith("b_")) {
            Tensor leaf = weights.get(parameter.name());
            leaf.copyInPlace(Tensor.zeros(leaf.dtype(), leaf.shape()));
        }
    }

    private void makeIdentity(Parameter parameter) {
        if (config().identity().stream().anyMatch(i -> i.name().equals(parameter.shortName()))) {
            Tensor leaf = weights.get(parameter.name()); // [head, d_model, d_head] or [head, d_head, d_model]
            leaf.copyInPlace(Tensor.eye(leaf.dtype(), leaf.size(1), leaf.size(2))
                    .unsqueeze(0)
                    .expand(leaf.shape()));
        }
    }

    /** Of the residual stream where a weight stands. */
    private int width(Parameter parameter) {
        return parameter.layer().isPresent()
                ? config().levels().of(parameter.layer().getAsInt())
                : config().dModel();
    }

    private ModelConfig config() {
        return weights.config();
    }

    /** TransformerLens' {@code init_mode: gpt2}. */
    private void gpt2(AttentionOrder order) {
        for (Parameter parameter : inDrawingOrder(order)) {
            if (parameter.shortName().startsWith("W_")) {
                Tensor drawn = Tensor.zeros(DType.F32, Weights.shape(parameter));
                rng.normal(drawn, 0, 0.8 / Math.sqrt(width(parameter)));
                weights.get(parameter.name()).copyInPlace(drawn);
            }
        }
    }

    private List<Parameter> inDrawingOrder(AttentionOrder order) {
        return switch (order) {
            case Q_O_K_V -> weights.parameters();
            case Q_K_V_O -> {
                // W_O moves behind its layer's W_V; everything else stays.
                List<Parameter> sorted = new ArrayList<>(weights.parameters());
                for (Parameter output : weights.parameters().stream()
                        .filter(p -> p.shortName().equals("W_O"))
                        .toList()) {
                    sorted.remove(output);
                    String values = output.name().replace("W_O", "W_V");
                    int place = 0;
                    while (!sorted.get(place).name().equals(values)) {
                        place++;
                    }
                    sorted.add(place + 1, output);
                }
                yield sorted;
            }
        };
    }

    /** The constructors of nn.Embedding, nn.MultiheadAttention and nn.Linear, one after another. */
    private void pytorch() {
        ModelConfig m = config();
        embedding("embed.W_E");
        switch (m.positions()) {
            case Positions.Learned() -> embedding("pos_embed.W_pos");
            case Positions.Rotary _ -> {}
        }
        for (int layer = 0; layer < m.nLayers(); layer++) {
            resize(layer);
            attention("blocks." + layer + ".attn.", m.block(layer));
            score("blocks." + layer + ".attn.", m.block(layer));
            mlp("blocks." + layer + ".mlp.", m.block(layer));
        }
        if (!m.tiedEmbeddings()) {
            linear("unembed.", "U", m.dModel(), m.dVocabOut());
        }
    }

    /**
     * The constructors of x-transformers' Decoder, then of its wrapper. It draws the embedding twice: as {@code nn.Embedding} does, and then
     * as its own {@code init_} does.
     */
    private void xTransformers() {
        for (int layer = 0; layer < config().nLayers(); layer++) {
            ModelConfig m = config().block(layer);
            int width = m.nHeads() * m.dHead();
            String attn = "blocks." + layer + ".attn.";
            resize(layer);
            for (String name : List.of("Q", "K", "V")) {
                Tensor drawn =
                        uniform(kaiming(m.dModel()), width, m.dModel()).reshape(m.nHeads(), m.dHead(), m.dModel());
                weights.get(attn + "W_" + name).copyInPlace(drawn.transpose(1, 2));
                biasOf(attn + "b_" + name, m.dModel());
            }
            output(attn, uniform(kaiming(width), m.dModel(), width), m);
            biasOf(attn + "b_O", width);
            score(attn, m);
            mlp("blocks." + layer + ".mlp.", m);
        }
        ModelConfig m = config();
        switch (m.positions()) {
            case Positions.Learned() -> embedding("pos_embed.W_pos");
            case Positions.Rotary _ -> {}
        }
        Tensor embedding = weights.get("embed.W_E");
        Tensor drawn = Tensor.zeros(DType.F32, embedding.shape());
        rng.normal(drawn, 0, 1);
        rng.normal(drawn, 0, Math.sqrt(2.0) / Math.sqrt(m.dModel()));
        embedding.copyInPlace(drawn);
        if (!m.tiedEmbeddings()) {
            linear("unembed.", "U", m.dModel(), m.dVocabOut());
        }
    }

    /** How a rule of {@code torch.nn.init} fills the weight of a map from so many inputs to so many outputs. */
    private interface Rule {
        void fill(Tensor drawn, int in, int out);
    }

    /** Draws [out, in] and puts it where it belongs. */
    private record Map(int in, int out, boolean bias, Consumer<Tensor> place) {}

    /** All modules are made, which draws their weights and biases; then every weight is drawn again by the rule. */
    private void anew(Rule rule) {
        Tensor embedding = weights.get("embed.W_E");
        Tensor table = Tensor.zeros(DType.F32, embedding.shape());
        rng.normal(table, 0, 1);
        List<Map> maps = maps();
        for (Map map : maps) {
            uniform(kaiming(map.in()), map.out(), map.in());
            if (map.bias()) {
                uniform(1 / Math.sqrt(map.in()), map.out());
            }
        }
        rule.fill(table, Math.toIntExact(table.size(1)), Math.toIntExact(table.size(0)));
        embedding.copyInPlace(table);
        for (Map map : maps) {
            Tensor drawn = Tensor.zeros(DType.F32, map.out(), map.in());
            rule.fill(drawn, map.in(), map.out());
            map.place().accept(drawn);
        }
    }

    /** Every linear map of the model but the embedding, in the order in which a program makes them. */
    private List<Map> maps() {
        List<Map> maps = new ArrayList<>();
        boolean attentionBias = hasBiases() && config().hasBiases(ModelConfig.BiasGroup.ATTENTION);
        boolean mlpBias = hasBiases() && config().hasBiases(ModelConfig.BiasGroup.MLP);
        for (int layer = 0; layer < config().nLayers(); layer++) {
            ModelConfig m = config().block(layer);
            int width = m.nHeads() * m.dHead();
            String block = "blocks." + layer + ".";
            if (config().levels().changeBefore(layer)) {
                int before = config().levels().of(layer - 1);
                maps.add(new Map(before, m.dModel(), false, drawn -> turned(block + "W_resize", drawn)));
            }
            String attn = "blocks." + layer + ".attn.";
            String mlp = "blocks." + layer + ".mlp.";
            maps.add(new Map(m.dModel(), 3 * width, attentionBias, drawn -> packed(attn, drawn, m)));
            maps.add(new Map(width, m.dModel(), attentionBias, drawn -> output(attn, drawn, m)));
            if (m.attention().scoresKeys()) {
                maps.add(new Map(
                        m.dModel(),
                        m.nHeads(),
                        false,
                        drawn -> weights.get(attn + "W_score").copyInPlace(drawn)));
            }
            if (!m.attnOnly()) {
                maps.add(new Map(m.dModel(), m.dMlp(), mlpBias, drawn -> turned(mlp + "W_in", drawn)));
                if (m.gatedMlp()) {
                    maps.add(new Map(m.dModel(), m.dMlp(), false, drawn -> turned(mlp + "W_gate", drawn)));
                }
                maps.add(new Map(m.dMlp(), m.dModel(), mlpBias, drawn -> turned(mlp + "W_out", drawn)));
            }
        }
        ModelConfig m = config();
        if (!m.tiedEmbeddings()) {
            boolean bias = hasBiases() && m.hasBiases(ModelConfig.BiasGroup.UNEMBED);
            maps.add(new Map(m.dModel(), m.dVocabOut(), bias, drawn -> turned("unembed.W_U", drawn)));
        }
        return maps;
    }

    private void turned(String name, Tensor drawn) {
        weights.get(name).copyInPlace(drawn.transpose(0, 1));
    }

    /** The bias of an {@code nn.Linear}, where the model has it. */
    private void biasOf(String name, int in) {
        @Nullable Tensor bias = weights.bias(name);
        if (bias != null && hasBiases()) {
            bias.copyInPlace(uniform(1 / Math.sqrt(in), bias.shape()));
        }
    }

    private void mlp(String mlp, ModelConfig m) {
        if (m.attnOnly()) {
            return;
        }
        linear(mlp, "in", m.dModel(), m.dMlp());
        if (m.gatedMlp()) {
            linear(mlp, "gate", m.dModel(), m.dMlp());
        }
        linear(mlp, "out", m.dMlp(), m.dModel());
    }

    /** SparseK's, as an {@code nn.Linear} without bias. */
    private void score(String attn, ModelConfig m) {
        if (m.attention().scoresKeys()) {
            weights.get(attn + "W_score").copyInPlace(uniform(kaiming(m.dModel()), m.nHeads(), m.dModel()));
        }
    }

    private void embedding(String name) {
        Tensor leaf = weights.get(name);
        Tensor drawn = Tensor.zeros(DType.F32, leaf.shape());
        rng.normal(drawn, 0, 1);
        leaf.copyInPlace(drawn);
    }

    /** The output projection and its bias, which is then zeroed, before the packed projection of queries, keys and values. */
    private void attention(String attn, ModelConfig m) {
        int width = m.nHeads() * m.dHead();
        output(attn, uniform(kaiming(width), m.dModel(), width), m);
        if (hasBiases() && m.hasBiases(ModelConfig.BiasGroup.ATTENTION)) {
            uniform(1 / Math.sqrt(width), m.dModel());
        }
        packed(attn, uniform(Math.sqrt(6.0 / (m.dModel() + 3.0 * width)), 3L * width, m.dModel()), m);
    }

    /** W_O of [d_model, head * d_head]. */
    private void output(String attn, Tensor drawn, ModelConfig m) {
        weights.get(attn + "W_O").copyInPlace(drawn.transpose(0, 1).reshape(m.nHeads(), m.dHead(), m.dModel()));
    }

    /** W_Q, W_K and W_V of one [3 * head * d_head, d_model]. */
    private void packed(String attn, Tensor packed, ModelConfig m) {
        int width = m.nHeads() * m.dHead();
        String[] names = {"W_Q", "W_K", "W_V"};
        for (int i = 0; i < names.length; i++) {
            Tensor part = packed.narrow(0, (long) i * width, width).reshape(m.nHeads(), m.dHead(), m.dModel());
            weights.get(attn + names[i]).copyInPlace(part.transpose(1, 2));
        }
    }

    private void linear(String module, String suffix, int in, int out) {
        Tensor drawn = uniform(kaiming(in), out, in);
        weights.get(module + "W_" + suffix).copyInPlace(drawn.transpose(0, 1));
        biasOf(module + "b_" + suffix, in);
    }

    /** The linear map before a layer, as an {@code nn.Linear} without bias. */
    private void resize(int layer) {
        Widths levels = config().levels();
        if (levels.changeBefore(layer)) {
            linear("blocks." + layer + ".", "resize", levels.of(layer - 1), levels.of(layer));
        }
    }

    private boolean hasBiases() {
        return config().biases() == ModelConfig.Biases.TRAINED;
    }

    /** {@code kaiming_uniform_(a=sqrt(5))}, in its order of operations: 1 / sqrt(in) but for the last bit. */
    private static double kaiming(int in) {
        return Math.sqrt(3.0) * (Math.sqrt(2.0 / (1 + 5)) / Math.sqrt(in));
    }

    private Tensor uniform(double bound, long... shape) {
        Tensor drawn = Tensor.zeros(DType.F32, shape);
        rng.uniform(drawn, -bound, bound);
        return drawn;
    }
}
