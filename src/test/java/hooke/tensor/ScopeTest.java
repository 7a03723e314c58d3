package hooke.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

class ScopeTest {
    @Test
    void frees_what_was_made_inside_and_keeps_what_was_moved_out() {
        try (var outer = new Scope()) {
            Tensor kept;
            Tensor lost;
            try (var _ = new Scope()) {
                lost = Tensor.of(new float[] {1, 2}, 2);
                kept = lost.times(2).keepIn(outer);
            }
            assertThat(kept.toFloats()).containsExactly(2, 4);
            assertThatThrownBy(lost::numel)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("freed when its scope was closed");
        }
    }

    @Test
    void refuses_a_second_close_and_closing_out_of_order() {
        var outer = new Scope();
        var inner = new Scope();
        assertThatThrownBy(outer::close)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("reverse order");
        inner.close();
        outer.close();
        assertThatThrownBy(outer::close)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("closed already");
    }

    @Test
    void refuses_tensors_without_a_scope_and_on_another_thread() {
        assertThatThrownBy(() -> Tensor.zeros(DType.F32, 2))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("no scope is open");
        try (var _ = new Scope()) {
            Tensor mine = Tensor.zeros(DType.F32, 2);
            assertThatThrownBy(() -> CompletableFuture.runAsync(mine::numel).join())
                    .isInstanceOf(CompletionException.class)
                    .cause()
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("belongs to thread");
        }
    }
}
