package hooke.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hooke.Headroom;
import hooke.InputException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class FitTest {
    private static final long GB = 1_000_000_000;

    private static Experiment experiment(String... sets) {
        return Experiments.named("quick-grok", Path.of("experiments"), List.of(sets))
                .resolved(2);
    }

    @Test
    void whatFitsIsNotSpokenOf() {
        assertThat(Fit.here().lack(experiment())).isEmpty();
        assertThat(new Fit(new Headroom(GB, 4 * GB, Long.MAX_VALUE)).lack(experiment("train.engine=torch")))
                .isEmpty();
    }

    @Test
    void whatCannotFitIsRefusedWithTheFigures() {
        var headroom = new Headroom(6 * GB, 24 * GB, 14 * GB);
        var machine = new Fit(headroom);
        assertThatThrownBy(() -> machine.check(experiment("task.modulus=4096", "train.engine=torch")))
                .isInstanceOf(InputException.class)
                .hasMessageMatching(
                        "quick-grok/0 does not fit: it needs about [0-9.]+ GB of memory, and this machine has 24.0 GB; .*");
        Experiment wide = experiment("model.n_heads=1024", "model.d_head=256");
        assertThat(machine.lack(wide)).get().asString().contains("outside the Java heap", "(ulimit -v) leaves 14.0 GB");
        assertThat(new Fit(headroom.sharedBy(4)).lack(wide))
                .get()
                .asString()
                .contains("of memory, and this machine has 6.0 GB");
        assertThat(new Fit(new Headroom(4_000_000, 24 * GB, Long.MAX_VALUE)).lack(experiment("train.engine=fused")))
                .get()
                .asString()
                .containsPattern("of Java heap, and only 4 MB are available; HOOKE_OPTS=-Xmx[0-9]+m gives it enough");
    }

    @Test
    void lookingNeedsLessThanTraining() {
        new Fit(new Headroom(2 * GB, 24 * GB, 14 * GB)).checkLook(experiment());
        assertThatThrownBy(() -> new Fit(new Headroom(GB, 100_000, GB)).checkLook(experiment()))
                .isInstanceOf(InputException.class)
                .hasMessageStartingWith("looking into quick-grok/0 needs about");
    }

    @Test
    void theEngineDecidesWhereTheMemoryLies() {
        Estimates.Memory fused = Estimates.of(experiment("train.engine=fused")).memory();
        Estimates.Memory torch = Estimates.of(experiment("train.engine=torch")).memory();
        assertThat(fused.heap()).isGreaterThan(fused.activations() + fused.moments());
        assertThat(fused.outside()).isEqualTo((double) fused.weights() + fused.gradients());
        assertThat(torch.outside()).isGreaterThan(torch.activations() + torch.moments());
        assertThat(torch.heap()).isEqualTo(torch.examples());
    }

    @Test
    void anEndlessWidthIsNotTiny() {
        assertThat(experiment("model.n_heads=1024", "model.d_head=256")
                        .train()
                        .engine()
                        .name())
                .isEqualTo("TORCH");
        assertThat(experiment("model.d_mlp=1048576").beyondFused())
                .get()
                .asString()
                .contains("model.d_mlp");
        // A processor without fused multiply-adds trains everything by libtorch.
        assertThat(experiment().train().engine().name())
                .isEqualTo(experiment().beyondFused().isEmpty() ? "FUSED" : "TORCH");
    }

    @Test
    void memoryThatRanOutIsToldWithTheNeeds() {
        assertThat(Fit.here().ranOut(experiment(), new OutOfMemoryError()).getMessage())
                .matches("memory ran out: this needs about [0-9]+ MB of Java heap .*");
    }
}
