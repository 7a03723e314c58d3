package hooke.cli.lens;

import hooke.Amounts;
import hooke.Decimals;
import hooke.cli.terminal.Exit;
import hooke.cli.terminal.Json;
import hooke.cli.terminal.Terminal;
import hooke.cli.terminal.TextTable;
import hooke.lens.fourier.Dissection;
import hooke.lens.fourier.ProgressLosses;
import hooke.lens.fourier.Snapshot;
import hooke.lens.group.Irrep;
import hooke.train.StoredTraining;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code hooke lens RUN spectrum}: the frequencies or representations that a checkpoint is made of. */
@Command(
        name = "spectrum",
        description = {
            "Show which frequencies or representations a model computes with.",
            "For modular arithmetic (x and / on the axis of discrete logarithms) and permutations: the share of "
                    + "each frequency or representation, the neurons tuned to it, restricted and excluded loss."
        },
        footer = {
            "",
            "Examples:",
            "  ./hooke lens quick-grok spectrum",
            "  ./hooke lens quick-grok@500 spectrum --all",
            "  ./hooke lens modmul-113/0 spectrum --keys 4,11,38 --per-key"
        })
final class LensSpectrum implements Callable<Exit> {
    /** Parts shown unless all are asked for. */
    private static final int SHOWN = 10;

    private final Terminal terminal;
    private final LensCommand lens;

    @Mixin
    private final KeyOptions keys = new KeyOptions();

    @Option(names = "--all", description = "Show every frequency, not just the " + SHOWN + " strongest.")
    private boolean all;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    LensSpectrum(Terminal terminal, LensCommand lens) {
        this.terminal = terminal;
        this.lens = lens;
    }

    @Override
    public Exit call() {
        return lens.look(looked -> {
            Dissection dissection = Dissection.of(looked.reader().experiment(), StoredTraining.split(looked.reader()));
            Snapshot snapshot = dissection.look(looked.checkpoint(), keys.keys(), keys.perKey());
            if (json) {
                terminal.out().print(Json.text(asMap(looked.address(), dissection, snapshot)));
            } else {
                print(looked.address(), dissection, snapshot);
            }
        });
    }

    private void print(String address, Dissection dissection, Snapshot snapshot) {
        var out = terminal.out();
        out.println(terminal.bold("spectrum of %s on %s (%s)"
                .formatted(
                        address,
                        dissection.group().group().name(),
                        dissection.group().axis())));
        if (dissection.group().leftOut() > 0) {
            out.println("left out: %s with a zero, which is no part of the cycle"
                    .formatted(Amounts.of(dissection.group().leftOut(), "pair", "pairs")));
        }
        out.println();
        out.print(parts(dissection, snapshot).text("  "));
        out.println();
        out.println(
                "Gini coefficient: W_E " + Amounts.percent(snapshot.embedding().gini())
                        + snapshot.neuronLogit()
                                .map(w -> ", W_out W_U " + Amounts.percent(w.gini()))
                                .orElse(""));
        snapshot.clusters()
                .ifPresent(c -> out.println("neurons: %s of %s belong to a frequency (share above .85), %s dead"
                        .formatted(
                                IntStream.range(0, c.share().length)
                                        .filter(c::clustered)
                                        .count(),
                                c.share().length,
                                c.deadNeurons())));
        out.println("logits: kernels make up %s of their sum of squares"
                .formatted(Amounts.percent(snapshot.fit().explained())));
        out.println();
        losses(dissection, snapshot);
    }

    private TextTable parts(Dissection dissection, Snapshot snapshot) {
        List<Irrep> irreps = dissection.group().group().irreps();
        double[] embedding = snapshot.embedding().shares();
        double[] logit = snapshot.neuronLogit().map(w -> w.shares()).orElse(new double[0]);
        var head = new ArrayList<>(List.of(dissection.group().isCyclic() ? "frequency" : "representation", "W_E"));
        snapshot.neuronLogit().ifPresent(w -> head.add("W_out W_U"));
        snapshot.clusters().ifPresent(c -> head.add("neurons"));
        if (!dissection.group().isCyclic()) {
            snapshot.shares().ifPresent(s -> head.addAll(List.of("MLP: x", "y", "x y")));
        }
        head.add("logits' cosine");
        head.add("");
        TextTable table = TextTable.of(head.toArray(String[]::new));
        IntStream strongest = IntStream.range(1, irreps.size())
                .boxed()
                .sorted((a, b) -> Double.compare(
                        snapshot.fit().cosine()[b], snapshot.fit().cosine()[a]))
                .mapToInt(Integer::intValue);
        int[] shown = dissection.group().isCyclic() && !all
                ? strongest.limit(SHOWN).sorted().toArray()
                : IntStream.range(1, irreps.size()).toArray();
        for (int k : shown) {
            var row = new ArrayList<>(List.of(irreps.get(k).name(), Amounts.percent(embedding[k])));
            snapshot.neuronLogit().ifPresent(w -> row.add(Amounts.percent(logit[k])));
            snapshot.clusters().ifPresent(c -> row.add(Integer.toString(c.size(k))));
            if (!dissection.group().isCyclic()) {
                snapshot.shares()
                        .ifPresent(s -> row.addAll(List.of(
                                Amounts.percent(s.ofX()[k]),
                                Amounts.percent(s.ofY()[k]),
                                Amounts.percent(s.ofProduct()[k]))));
            }
            row.add(Decimals.format("%.4f", snapshot.fit().cosine()[k]));
            row.add(snapshot.keys().contains(k) ? "key" : "");
            table.row(row);
        }
        return table;
    }

    private void losses(Dissection dissection, Snapshot snapshot) {
        var out = terminal.out();
        var full = snapshot.full();
        out.println("loss (nats): %s on train, %s on test, %s on all pairs"
                .formatted(Amounts.figure(full.train()), Amounts.figure(full.test()), Amounts.figure(full.all())));
        if (snapshot.losses().isEmpty()) {
            out.println("no restricted or excluded loss: nothing is key yet; --keys names what to take for it");
            return;
        }
        String names = snapshot.keys().stream()
                .map(k -> dissection.group().group().irreps().get(k).name())
                .collect(Collectors.joining(", "));
        out.println("with the key parts " + names + ":");
        TextTable table = TextTable.of("projected", "restricted to them", "measured on", "without them", "measured on");
        for (ProgressLosses l : snapshot.losses()) {
            boolean logits = l.definition() == ProgressLosses.Definition.LOGITS;
            table.row(
                    logits ? "logits (the paper)" : "neurons (the demo)",
                    Amounts.figure(l.restricted()),
                    logits ? "all pairs" : "test pairs",
                    Amounts.figure(l.excluded()),
                    "train pairs");
        }
        out.print(table.text("  "));
        for (ProgressLosses l : snapshot.losses()) {
            for (int i = 0; i < l.excludedPerKey().length; i++) {
                out.println("  %s without %s alone: %s"
                        .formatted(
                                l.definition().name().toLowerCase(Locale.ROOT),
                                dissection
                                        .group()
                                        .group()
                                        .irreps()
                                        .get(snapshot.keys().get(i))
                                        .name(),
                                Amounts.figure(l.excludedPerKey()[i])));
            }
        }
    }

    /** Everything that was measured, for scripts. */
    static Map<String, Object> asMap(String address, Dissection dissection, Snapshot snapshot) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("run", address);
        map.put("axis", dissection.group().axis());
        map.put(
                "parts",
                dissection.group().group().irreps().stream().map(Irrep::name).toList());
        map.putAll(measures(snapshot));
        return map;
    }

    /** What changes from checkpoint to checkpoint. */
    static Map<String, Object> measures(Snapshot snapshot) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("step", snapshot.step());
        map.put(
                "w_e",
                Map.of(
                        "norms",
                        snapshot.embedding().norms(),
                        "gini",
                        snapshot.embedding().gini()));
        snapshot.neuronLogit().ifPresent(w -> map.put("w_l", Map.of("norms", w.norms(), "gini", w.gini())));
        snapshot.clusters().ifPresent(c -> map.put("neurons", c));
        snapshot.shares().ifPresent(s -> map.put("activation_shares", s));
        map.put("logits", snapshot.fit());
        map.put("loss", snapshot.full());
        map.put("keys", snapshot.keys());
        map.put("progress_losses", snapshot.losses());
        map.put("sum_of_squared_weights", snapshot.squares());
        return map;
    }

    /** What restricted and excluded loss speak of. */
    static final class KeyOptions {
        @Option(
                names = "--keys",
                paramLabel = "K",
                split = ",",
                description =
                        "The key frequencies (for permutations: numbers of representations, from 1) to use instead of those found.")
        private List<Integer> given = List.of();

        @Option(names = "--per-key", description = "Also measure the excluded loss of each key alone.")
        private boolean perKey;

        Dissection.Keys keys() {
            return given.isEmpty() ? new Dissection.Keys.Found() : new Dissection.Keys.Given(given);
        }

        boolean perKey() {
            return perKey;
        }
    }
}
