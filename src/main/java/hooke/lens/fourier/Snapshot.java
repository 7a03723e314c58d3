package hooke.lens.fourier;

import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * One model measured: what its weights and activations are made of.
 *
 * @param step updates done
 * @param embedding spectrum of W_E over the elements
 * @param neuronLogit spectrum of W_L = W_out W_U over the classes; empty for a model without MLP
 * @param clusters frequencies of the neurons; for cyclic groups with MLP
 * @param shares where the neurons' energy lies; for models with MLP
 * @param fit logits as a sum of kernels; class-centred for permutations
 * @param full the model's own losses over the group's pairs
 * @param keys numbers of the key parts that the progress losses speak of, ascending
 * @param losses restricted and excluded, by each definition that makes sense for the model; none without keys
 * @param squares sum of squared weights by name, as {@code blocks.0.mlp.W_in}
 */
public record Snapshot(
        long step,
        Spectrum embedding,
        Optional<Spectrum> neuronLogit,
        Optional<NeuronClusters> clusters,
        Optional<GroupShares> shares,
        LogitFit fit,
        ProgressLosses.Full full,
        List<Integer> keys,
        List<ProgressLosses> losses,
        SequencedMap<String, Double> squares) {
    public Snapshot {
        keys = List.copyOf(keys);
        losses = List.copyOf(losses);
    }

    /** The losses by a definition, where they could be measured. */
    public Optional<ProgressLosses> losses(ProgressLosses.Definition definition) {
        return losses.stream().filter(l -> l.definition() == definition).findFirst();
    }

    /** Sum of all squared weights. */
    public double sumOfSquares() {
        return squares.values().stream().mapToDouble(Double::doubleValue).sum();
    }
}
