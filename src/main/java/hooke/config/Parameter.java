package hooke.config;

import hooke.config.ModelConfig.BiasGroup;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * One named tensor of a model: TransformerLens' name, its shape, and whether training changes it.
 *
 * @param name as in a state dict, {@code blocks.0.attn.W_Q}
 * @param shape as TransformerLens stores it, {@code W_Q [head, d_model, d_head]}
 * @param group for counts: embed, positions, attention, mlp, norm, unembed
 */
public record Parameter(String name, List<Integer> shape, String group, boolean trainable) {
    public Parameter {
        shape = List.copyOf(shape);
    }

    /** Number of values. */
    public long size() {
        return shape.stream().mapToLong(Integer::longValue).reduce(1, Math::multiplyExact);
    }

    /** The last part of the name, {@code W_Q}. */
    public String shortName() {
        return shortName(name);
    }

    /** The block that it belongs to; empty outside the blocks. */
    public OptionalInt layer() {
        return name.startsWith("blocks.")
                ? OptionalInt.of(Integer.parseInt(name.split("\\.", 3)[1]))
                : OptionalInt.empty();
    }

    /** Whether it is a matrix, or one for each head, or an embedding, and no bias or gain. */
    public boolean isMatrix() {
        return shortName().startsWith("W_");
    }

    /** Whether it is a matrix inside the model, and none that reads tokens or positions or writes classes. */
    public boolean isHiddenMatrix() {
        return isMatrix() && !List.of("embed", "positions", "unembed").contains(group);
    }

    /** Of a hidden matrix what it reads; heads together. */
    public int inputs() {
        return Math.toIntExact(size() / outputs());
    }

    /** Of a hidden matrix what it writes; heads together. */
    public int outputs() {
        return headsWrite() ? shape.getFirst() * shape.getLast() : shape.getLast();
    }

    /** The place of a number in [inputs, outputs], row by row. */
    public int inMatrix(int number) {
        if (!headsWrite()) {
            return number;
        }
        int width = shape.getLast();
        int row = number / width;
        int head = row / shape.get(1);
        return row % shape.get(1) * outputs() + head * width + number % width;
    }

    /** Whether it is [head, inputs, outputs of a head], as W_Q is. */
    public boolean headsWrite() {
        return shape.size() == 3 && !shortName().equals("W_O");
    }

    static String shortName(String name) {
        return name.substring(name.lastIndexOf('.') + 1);
    }

    /** Whether weights of this short name train unless {@code model.frozen} names them. */
    static boolean trains(ModelConfig model, String shortName) {
        if (shortName.startsWith("W_")) {
            return model.identity().stream().noneMatch(i -> i.name().equals(shortName));
        }
        return !shortName.startsWith("b_") || model.biases() == ModelConfig.Biases.TRAINED;
    }

    /** All parameters of a model, in the order of TransformerLens' state dict (which is also the order in which gpt2 draws them). */
    public static List<Parameter> of(ModelConfig m) {
        var all = new Listing(m);
        all.add("embed.W_E", "embed", m.dVocab(), m.dModel());
        switch (m.positions()) {
            case Positions.Learned() -> all.add("pos_embed.W_pos", "positions", m.nCtx(), m.dModel());
            case Positions.Rotary _ -> {}
        }
        for (int layer = 0; layer < m.nLayers(); layer++) {
            String block = "blocks." + layer + ".";
            if (m.levels().changeBefore(layer)) {
                all.add(
                        block + "W_resize",
                        "resize",
                        m.levels().of(layer - 1),
                        m.levels().of(layer));
            }
            all.addBlock(block, m.block(layer));
        }
        all.addNorm("ln_final", m.dModel());
        if (!m.tiedEmbeddings()) {
            all.add("unembed.W_U", "unembed", m.dModel(), m.dVocabOut());
        }
        if (m.hasBiases(BiasGroup.UNEMBED)) {
            all.add("unembed.b_U", "unembed", m.dVocabOut());
        }
        return List.copyOf(all.list);
    }

    /** Number of values in all parameters, or in those that train. */
    public static long count(List<Parameter> parameters, boolean onlyTrainable) {
        return parameters.stream()
                .filter(p -> p.trainable() || !onlyTrainable)
                .mapToLong(Parameter::size)
                .sum();
    }

    private record Listing(ModelConfig model, List<Parameter> list) {
        Listing(ModelConfig model) {
            this(model, new ArrayList<>());
        }

        void add(String name, String group, Integer... shape) {
            boolean trains = trains(model, shortName(name)) && !isFrozen(name);
            list.add(new Parameter(name, List.of(shape), group, trains));
        }

        /** @param m of this block */
        private void addBlock(String block, ModelConfig m) {
            addNorm(block + "ln1", m.dModel());
            if (!m.attnOnly()) {
                addNorm(block + "ln2", m.dModel());
            }
            String attn = block + "attn.";
            add(attn + "W_Q", "attention", m.nHeads(), m.dModel(), m.dHead());
            add(attn + "W_O", "attention", m.nHeads(), m.dHead(), m.dModel());
            if (m.hasBiases(BiasGroup.ATTENTION)) {
                add(attn + "b_Q", "attention", m.nHeads(), m.dHead());
                add(attn + "b_O", "attention", m.dModel());
            }
            add(attn + "W_K", "attention", m.nHeads(), m.dModel(), m.dHead());
            add(attn + "W_V", "attention", m.nHeads(), m.dModel(), m.dHead());
            if (m.hasBiases(BiasGroup.ATTENTION)) {
                add(attn + "b_K", "attention", m.nHeads(), m.dHead());
                add(attn + "b_V", "attention", m.nHeads(), m.dHead());
            }
            if (m.attention().scoresKeys()) {
                add(attn + "W_score", "attention", m.nHeads(), m.dModel());
            }
            if (!m.attnOnly()) {
                String mlp = block + "mlp.";
                add(mlp + "W_in", "mlp", m.dModel(), m.dMlp());
                if (m.gatedMlp()) {
                    add(mlp + "W_gate", "mlp", m.dModel(), m.dMlp());
                }
                if (m.hasBiases(BiasGroup.MLP)) {
                    add(mlp + "b_in", "mlp", m.dMlp());
                }
                add(mlp + "W_out", "mlp", m.dMlp(), m.dModel());
                if (m.hasBiases(BiasGroup.MLP)) {
                    add(mlp + "b_out", "mlp", m.dModel());
                }
            }
        }

        private boolean isFrozen(String name) {
            return model.frozen().contains(name) || model.frozen().contains(shortName(name));
        }

        void addNorm(String name, int width) {
            if (model.norm().hasGain()) {
                addVector(name + ".w", width);
            }
            if (model.norm().hasBias()) {
                addVector(name + ".b", width);
            }
        }

        private void addVector(String name, int width) {
            list.add(new Parameter(name, List.of(width), "norm", !isFrozen(name)));
        }
    }
}
