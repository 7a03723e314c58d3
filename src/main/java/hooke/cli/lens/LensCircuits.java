package hooke.cli.lens;

import hooke.Amounts;
import hooke.Decimals;
import hooke.cli.terminal.Exit;
import hooke.cli.terminal.Json;
import hooke.cli.terminal.Terminal;
import hooke.cli.terminal.TextTable;
import hooke.config.ModelConfig;
import hooke.lens.weights.Circuits;
import hooke.lens.weights.FactoredMatrix;
import hooke.lens.weights.ProcessedWeights;
import hooke.lens.weights.ProcessedWeights.Step;
import hooke.model.Transformer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code hooke lens RUN circuits}: what the heads' weights say, without any example. */
@Command(
        name = "circuits",
        description = {
            "Show each head's QK and OV circuit, from the weights alone.",
            "Prints the largest singular values over the residual stream, the eigenvalues over the vocabulary "
                    + "(copying score: their sum divided by the sum of their absolute values; 1 means that the head "
                    + "copies), and the composition between heads. The norms of a pre-LN model are first folded into its "
                    + "weights."
        },
        footer = {"", "Example:", "  ./hooke lens list-copy/0 circuits"})
final class LensCircuits implements Callable<Exit> {
    private static final int SHOWN = 5;

    private final Terminal terminal;
    private final LensCommand lens;

    @Option(names = "--json", description = "Print JSON: all singular values and eigenvalues.")
    private boolean json;

    LensCircuits(Terminal terminal, LensCommand lens) {
        this.terminal = terminal;
        this.lens = lens;
    }

    /** One head's numbers. */
    private record Head(
            int layer,
            int head,
            double[] qkSingular,
            double[] ovSingular,
            FactoredMatrix.Eigenvalue[] ovEigen,
            double copying) {}

    /** How much one head reads of what another wrote. */
    private record Composition(String from, String to, double q, double k, double v) {}

    @Override
    public Exit call() {
        return lens.look(looked -> {
            Transformer model = looked.opened().model();
            if (model.config().norm().isPre()) {
                model = ProcessedWeights.of(model, EnumSet.of(Step.FOLD_NORM, Step.CENTRE_WRITING));
            }
            var circuits = new Circuits(model);
            List<Head> heads = heads(circuits);
            List<Composition> compositions = compositions(circuits);
            if (json) {
                Map<String, Object> map = new LinkedHashMap<>();
                map.put("run", looked.address());
                map.put("heads", heads);
                map.put("composition", compositions);
                terminal.out().print(Json.text(map));
            } else {
                print(looked.address(), heads, compositions);
            }
        });
    }

    private static List<Head> heads(Circuits circuits) {
        ModelConfig config = circuits.model().config();
        List<Head> heads = new ArrayList<>();
        for (int layer = 0; layer < config.nLayers(); layer++) {
            for (int head = 0; head < config.nHeads(); head++) {
                // Only classes that are tokens, too, can be copied.
                boolean square = config.dVocab() == config.dVocabOut();
                FactoredMatrix full = circuits.fullOv(layer, head);
                heads.add(new Head(
                        layer,
                        head,
                        circuits.qk(layer, head).singularValues(),
                        circuits.ov(layer, head).singularValues(),
                        square ? full.eigenvalues() : new FactoredMatrix.Eigenvalue[0],
                        square ? full.copying() : Double.NaN));
            }
        }
        return heads;
    }

    private static List<Composition> compositions(Circuits circuits) {
        ModelConfig config = circuits.model().config();
        List<Composition> all = new ArrayList<>();
        for (int from = 0; from < config.nLayers(); from++) {
            for (int to = from + 1; to < config.nLayers(); to++) {
                for (int a = 0; a < config.nHeads(); a++) {
                    for (int b = 0; b < config.nHeads(); b++) {
                        all.add(new Composition(
                                from + "." + a,
                                to + "." + b,
                                circuits.composition(from, a, to, b, Circuits.Input.Q),
                                circuits.composition(from, a, to, b, Circuits.Input.K),
                                circuits.composition(from, a, to, b, Circuits.Input.V)));
                    }
                }
            }
        }
        return all;
    }

    private void print(String address, List<Head> heads, List<Composition> compositions) {
        terminal.out().println(address + ": circuits from the weights alone");
        TextTable table = TextTable.of("head", "QK singular values", "OV singular values", "copying");
        for (Head head : heads) {
            table.row(
                    head.layer() + "." + head.head(),
                    first(head.qkSingular()),
                    first(head.ovSingular()),
                    Double.isNaN(head.copying()) ? "" : Decimals.format("%.3f", head.copying()));
        }
        terminal.out().print(table.text("  "));
        if (!compositions.isEmpty()) {
            TextTable reads = TextTable.of("wrote", "reads", "Q", "K", "V");
            for (Composition c : compositions) {
                reads.row(c.from(), c.to(), score(c.q()), score(c.k()), score(c.v()));
            }
            terminal.out().print("\n" + terminal.bold("composition") + "\n" + reads.text("  "));
        }
    }

    private static String score(double value) {
        return Decimals.format("%.3f", value);
    }

    private static String first(double[] values) {
        return Arrays.stream(values).limit(SHOWN).mapToObj(Amounts::figure).collect(Collectors.joining("  "))
                + (values.length > SHOWN ? "  .." : "");
    }
}
