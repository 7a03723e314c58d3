package hooke.hook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hooke.tensor.NativeMemory;
import hooke.tensor.Scope;
import hooke.tensor.Tensor;
import org.junit.jupiter.api.Test;

class CacheTest {
    private static final HookPoint POINT = Point.RESID_POST.at(0);

    /** Of examples [2, 2 positions] with rows of two numbers: the second row stands at three of the four places. */
    private static Rows shared(float first, float second) {
        return new Rows(Tensor.of(new float[] {first, first, second, second}, 2, 2), new long[] {1, 0, 1, 1}, 2, 2, 2);
    }

    private static void pass(Cache cache, Rows... pieces) {
        try (var _ = new Scope()) {
            var pass = new Pieces(Hooks.read(cache));
            for (Rows rows : pieces) {
                pass.add(POINT, rows);
            }
            pass.handOut();
        }
    }

    @Test
    void pieces_become_one_tensor_in_their_order() {
        try (var _ = new Scope()) {
            var cache = new Cache(POINT);
            Tensor own = Tensor.of(new float[] {5, 6, 7, 8}, 1, 2, 2);
            pass(cache, shared(1, 2), new Rows(own, null, own.shape()));
            assertThat(cache.points()).containsExactly(POINT);
            Tensor read = cache.get(POINT);
            assertThat(read.shape()).containsExactly(3, 2, 2);
            assertThat(read.toFloats()).containsExactly(2, 2, 1, 1, 2, 2, 2, 2, 5, 6, 7, 8);
            assertThat(cache.get(POINT)).isSameAs(read);
            assertThat(cache.entries()).containsOnlyKeys(POINT).containsValue(read);
        }
    }

    @Test
    void what_was_read_of_a_pass_stays_when_the_next_one_fills_the_cache() {
        try (var scope = new Scope()) {
            var cache = new Cache(POINT);
            pass(cache, shared(1, 2));
            Tensor before = cache.get(POINT);
            pass(cache, shared(3, 4));
            int open = scope.size();
            for (int i = 0; i < 10; i++) {
                try (var _ = new Scope()) {
                    pass(cache, shared(5, 6)); // unread, each frees the one before
                }
            }
            assertThat(scope.size()).isEqualTo(open);
            assertThat(cache.get(POINT).toFloats()).containsExactly(6, 6, 5, 5, 6, 6, 6, 6);
            assertThat(before.toFloats()).containsExactly(2, 2, 1, 1, 2, 2, 2, 2);
        }
    }

    @Test
    void a_row_that_all_examples_share_is_kept_once_until_somebody_reads() {
        int examples = 20_000;
        try (var _ = new Scope()) {
            var cache = new Cache(POINT);
            long before = NativeMemory.now().allocated();
            pass(cache, new Rows(Tensor.of(new float[500], 1, 500), new long[examples], examples, 1, 500));
            assertThat(NativeMemory.now().allocated() - before).isLessThan(1 << 20);
            assertThat(cache.get(POINT).numel()).isEqualTo(examples * 500L);
            assertThat(NativeMemory.now().allocated() - before).isGreaterThan(30L << 20);
        }
    }

    @Test
    void two_caches_of_a_pass_do_not_share_memory() {
        try (var _ = new Scope()) {
            var first = new Cache(POINT);
            var second = new Cache(POINT);
            var pass = new Pieces(Hooks.read(first).andRead(second));
            pass.add(POINT, shared(1, 2));
            pass.handOut();
            first.get(POINT).zeroInPlace();
            assertThat(second.get(POINT).toFloats()).containsExactly(2, 2, 1, 1, 2, 2, 2, 2);
        }
    }

    @Test
    void nothing_can_be_read_when_the_scope_of_the_cache_is_closed() {
        Cache cache;
        try (var _ = new Scope()) {
            cache = new Cache(POINT);
            pass(cache, shared(1, 2));
        }
        try (var _ = new Scope()) {
            assertThatThrownBy(() -> cache.get(POINT))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("its scope was closed");
        }
    }

    @Test
    void a_point_that_was_not_seen_is_named_with_the_reason() {
        try (var _ = new Scope()) {
            var cache = new Cache(POINT);
            assertThatThrownBy(() -> cache.get(POINT)).hasMessageContaining("no forward pass came by it");
            assertThatThrownBy(() -> cache.get(Point.EMBED.at())).hasMessageContaining("it was not asked for");
        }
    }
}
