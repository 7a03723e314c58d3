package hooke.track;

import static org.assertj.core.api.Assertions.assertThat;

import hooke.cli.Session;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A run {@code tiny/0} and a sweep {@code two} of one cell with two seeds, to be sent to trackers. */
record TrackedStudy(Path folder) {
    static TrackedStudy train(Path folder) throws IOException {
        var study = new TrackedStudy(folder);
        Path file = Files.writeString(folder.resolve("tiny.yaml"), """
                note: It fits into a thimble.
                tags: [thimble]
                task: {kind: modular-arithmetic, operation: add, modulus: 5, train_fraction: 0.8}
                model: {n_layers: 1, d_model: 16, n_heads: 2}
                train: {steps: 30, evaluate_every: 10, checkpoint_every: 10, optimizer: {lr: 0.01}}
                """);
        Path sweep = Files.writeString(folder.resolve("two.yaml"), """
                base: tiny.yaml
                seeds: [1, 2]
                cells: {narrow: {model.d_model: 8}}
                """);
        for (Session session : List.of(
                study.hooke("run", file.toString(), "--no-report"),
                study.hooke("sweep", sweep.toString(), "--workers", "1"))) {
            assertThat(session.status()).as(session.err()).isZero();
        }
        return study;
    }

    Session hooke(String... words) {
        List<String> all = new ArrayList<>(List.of(words));
        all.addAll(List.of("--store", folder.resolve("runs").toString()));
        return Session.of(all.toArray(String[]::new));
    }
}
