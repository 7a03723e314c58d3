package hooke.lens;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ExamplesTest {
    @Test
    void whoShowsMostComesFirstAndTheOthersStayInOrder() {
        var some = new Examples(
                "some", new int[][] {{16, 16, 9}, {3, 3, 9}, {3, 5, 9}, {5, 3, 9}}, new int[][] {{0}, {1}, {2}, {3}});

        Examples varied = some.mostVariedFirst();

        assertThat(varied.tokens()).isDeepEqualTo(new int[][] {{3, 5, 9}, {16, 16, 9}, {3, 3, 9}, {5, 3, 9}});
        assertThat(varied.answers()).isDeepEqualTo(new int[][] {{2}, {0}, {1}, {3}});
        assertThat(varied.name()).isEqualTo("some");
    }
}
