package hooke.cli.verify;

import hooke.Amounts;
import hooke.InputException;
import hooke.check.Finding;
import hooke.check.Verify;
import hooke.cli.terminal.Exit;
import hooke.cli.terminal.Json;
import hooke.cli.terminal.Terminal;
import hooke.cli.terminal.TextTable;
import hooke.config.TrainConfig;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code hooke verify}: does this build compute what PyTorch and its friends computed? */
@Command(
        name = "verify",
        description = {
            "Compare this build with numbers recorded from PyTorch, TransformerLens and others.",
            "Prints the largest error of every quantity beside its tolerance; a tolerance of 0 requires identical "
                    + "bits."
        },
        footer = {"", "Example:", "  ./hooke verify golden/modmul113"})
public final class VerifyCommand implements Callable<Exit> {
    private final Terminal terminal;

    @Parameters(paramLabel = "FOLDER", description = "A golden set (a folder with golden.json), or a folder of sets.")
    private Path folder = Path.of("");

    @Option(
            names = "--engine",
            paramLabel = "NAME",
            description = "The engine that trains: torch, fused, or both (default).")
    private String engine = "both";

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    public VerifyCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Exit call() {
        Verify.Report report = Verify.folder(folder, engines());
        if (json) {
            terminal.out().print(Json.text(asMap(report)));
        } else {
            print(report);
        }
        return report.agrees() ? Exit.DONE : Exit.FAILED;
    }

    private List<TrainConfig.Engine> engines() {
        return switch (engine) {
            case "torch" -> List.of(TrainConfig.Engine.TORCH);
            case "fused" -> List.of(TrainConfig.Engine.FUSED);
            case "both" -> List.of(TrainConfig.Engine.TORCH, TrainConfig.Engine.FUSED);
            default -> throw new InputException("--engine (" + engine + ") must be torch, fused or both");
        };
    }

    private void print(Verify.Report report) {
        var table = TextTable.of("set", "quantity", "numbers", "largest error", "allowed", "", "where");
        long off = 0;
        for (Finding f : report.findings()) {
            table.row(
                    f.set(),
                    f.quantity(),
                    Amounts.count(f.compared()),
                    scientific(f.error()),
                    scientific(f.allowed()),
                    f.agrees() ? "ok" : "OFF",
                    f.error() > 0 ? f.where() : "");
            off += f.agrees() ? 0 : 1;
        }
        terminal.out().print(table.text(""));
        report.skipped()
                .forEach(s -> terminal.out().println("skipped: " + s.set() + ", " + s.quantity() + ": " + s.why()));
        report.unknown().forEach(set -> terminal.out().println("not compared, its family is not known yet: " + set));
        terminal.out()
                .println(
                        off == 0
                                ? "All " + report.findings().size() + " quantities agree."
                                : off + " of " + report.findings().size() + " quantities are off.");
    }

    private static String scientific(double error) {
        return error == 0 ? "0" : String.format(Locale.ROOT, "%.1e", error);
    }

    private static Map<String, Object> asMap(Verify.Report report) {
        var map = new LinkedHashMap<String, Object>();
        map.put("agrees", report.agrees());
        map.put("findings", report.findings().stream().map(VerifyCommand::asMap).toList());
        map.put("skipped", report.skipped().stream().map(VerifyCommand::asMap).toList());
        map.put("unknown", report.unknown());
        return map;
    }

    private static Map<String, Object> asMap(Verify.Skipped s) {
        var map = new LinkedHashMap<String, Object>();
        map.put("set", s.set());
        map.put("quantity", s.quantity());
        map.put("why", s.why());
        return map;
    }

    private static Map<String, Object> asMap(Finding f) {
        var map = new LinkedHashMap<String, Object>();
        map.put("set", f.set());
        map.put("quantity", f.quantity());
        map.put("compared", f.compared());
        map.put("error", f.error());
        map.put("allowed", f.allowed());
        map.put("agrees", f.agrees());
        map.put("where", f.where());
        return map;
    }
}
