package hooke.reach;

import static org.assertj.core.api.Assertions.assertThat;

import hooke.config.Mask;
import java.util.List;
import org.junit.jupiter.api.Test;

class TilesTest {
    private static List<Mask.Plain> masks(int n) {
        return List.of(
                new Mask.Causal(),
                new Mask.Full(),
                new Mask.Local(1),
                new Mask.Local(3),
                new Mask.Local(40),
                new Mask.Local(1000),
                new Mask.Bottleneck(Math.max(1, n / 2)),
                new Mask.Strided(1),
                new Mask.Strided(3),
                new Mask.Strided(64),
                new Mask.Strided(1000),
                new Mask.Grouped(4, 3, 4),
                new Mask.Grouped(32, 16, 24),
                new Mask.Grouped(48, 0, 48),
                new Mask.Grouped(1000, 999, 1000));
    }

    @Test
    void everyVisibleEntryIsInOneTileAndNoOtherIsOpen() {
        for (int n : List.of(1, 2, 17, 64, 131)) {
            for (int most : List.of(1, 7, 32, 128)) {
                for (Mask.Plain mask : masks(n)) {
                    check(mask, n, most);
                }
            }
        }
    }

    private static void check(Mask.Plain mask, int n, int most) {
        int[][] seen = new int[n][n];
        int[] tilesOfQuery = new int[n];
        for (Tile tile : Tiles.of(mask, n, n, most)) {
            assertThat(tile.queries().count()).isBetween(1, most);
            int[] queries = tile.queryPositions();
            int[] keys = tile.keyPositions();
            assertThat(keys).doesNotHaveDuplicates();
            boolean[] open = tile.open();
            assertThat(tile.area()).isEqualTo(open.length);
            for (int i = 0; i < queries.length; i++) {
                tilesOfQuery[queries[i]]++;
                for (int j = 0; j < keys.length; j++) {
                    seen[queries[i]][keys[j]] += open[i * keys.length + j] ? 1 : 0;
                }
            }
        }
        assertThat(tilesOfQuery).as("%s of %s", mask, n).containsOnly(1);
        for (int q = 0; q < n; q++) {
            for (int k = 0; k < n; k++) {
                assertThat(seen[q][k]).as("%s of %s: %s, %s", mask, n, q, k).isEqualTo(mask.open(q, k, n) ? 1 : 0);
            }
        }
    }

    /** Doubling the context at a fixed window or stride of the root doubles the area, give or take the first tiles. */
    @Test
    void areasGrowWithTheVisibleEntries() {
        for (int n : List.of(512, 2048)) {
            for (Mask.Plain mask : List.of(
                    new Mask.Causal(),
                    new Mask.Local(16),
                    new Mask.Local(256),
                    new Mask.Strided(4),
                    new Mask.Strided(45),
                    new Mask.Strided(256),
                    new Mask.Grouped(4, 3, 4),
                    new Mask.Grouped(64, 63, 64),
                    new Mask.Grouped(256, 224, 256))) {
                long visible = 0;
                for (int q = 0; q < n; q++) {
                    for (int k = 0; k <= q; k++) {
                        visible += mask.open(q, k, n) ? 1 : 0;
                    }
                }
                long area =
                        Tiles.of(mask, n, n, 128).stream().mapToLong(Tile::area).sum();
                assertThat(area).as("%s of %s, %s visible", mask, n, visible).isBetween(visible, 2 * visible + 16L * n);
            }
        }
    }
}
