package hooke;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class HeadroomTest {
    private static final long GB = 1_000_000_000;

    @Test
    void whatCannotFitIsRefusedWithTheFigures() {
        var machine = new Headroom(2 * GB, 24 * GB, 14 * GB);
        machine.check("this", 1e9, 13e9, "");
        assertThatThrownBy(() -> machine.check("this", 1e9, 24e9, "less of it helps"))
                .isInstanceOf(InputException.class)
                .hasMessage("this needs about 25.0 GB of memory, and this machine has 24.0 GB; less of it helps");
        assertThatThrownBy(() -> machine.sharedBy(4).check("this", 1e9, 6e9, ""))
                .hasMessageContaining("this machine has 6.0 GB");
        assertThatThrownBy(() -> machine.check("this", 0, 15e9, "")).hasMessageContaining("(ulimit -v) leaves 14.0 GB");
        assertThatThrownBy(() -> machine.check("this", 3e9, 0, ""))
                .hasMessage(
                        "this needs about 3.0 GB of Java heap, and only 2.0 GB are available; HOOKE_OPTS=-Xmx3640m gives it enough");
    }

    @Test
    void memoryThatRanOutIsKnown() {
        assertThat(Headroom.isMemory(new OutOfMemoryError("Java heap space"))).isTrue();
        assertThat(Headroom.isMemory(new RuntimeException(
                        "DefaultCPUAllocator: can't allocate memory: you tried to allocate 1 bytes")))
                .isTrue();
        assertThat(Headroom.isMemory(new IllegalStateException("else"))).isFalse();
    }
}
