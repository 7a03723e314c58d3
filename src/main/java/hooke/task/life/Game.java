package hooke.task.life;

import hooke.config.task.LifeConfig.Topology;
import hooke.config.task.LifeRule;
import java.util.Arrays;

/**
 * The game that boards are played by. On a torus the neighbour of column x to the right is column (x + 1) mod width, so that on boards of
 * width 1 and 2 a cell is counted as often as it is reached. A bounded board has dead cells around it.
 */
public record Game(LifeRule rule, Topology topology) {
    public static final Game CONWAY = new Game(LifeRule.CONWAY, Topology.TORUS);

    /** The boards after so many generations. */
    public Boards after(Boards boards, int generations) {
        Boards now = boards;
        for (int i = 0; i < generations; i++) {
            now = next(now);
        }
        return now;
    }

    /** The next generation of each board. */
    public Boards next(Boards boards) {
        int width = boards.width();
        int height = boards.height();
        long[] before = boards.words();
        long[] after = new long[before.length];
        long[] outside = new long[width];
        long[] above = new long[width];
        long[] here = new long[width];
        long[] below = new long[width];
        for (int first = 0; first < before.length; first += boards.cells()) {
            for (int y = 0; y < height; y++) {
                row(before, first, y - 1, height, above, outside);
                row(before, first, y, height, here, outside);
                row(before, first, y + 1, height, below, outside);
                for (int x = 0; x < width; x++) {
                    after[first + y * width + x] = cell(above, here, below, x);
                }
            }
        }
        // A rule with B0 gives life to the lanes that no board fills.
        int last = boards.size() % Boards.LANES;
        for (int i = after.length - boards.cells(); last > 0 && i < after.length; i++) {
            after[i] &= (1L << last) - 1;
        }
        return new Boards(boards.size(), width, height, after);
    }

    /** The cells that count as neighbours of a cell of a square board, as often as they count. */
    public int[] neighbours(int width, int cell) {
        int x = cell % width;
        int y = cell / width;
        int[] found = new int[8];
        int n = 0;
        for (int dy = -1; dy <= 1; dy++) {
            for (int dx = -1; dx <= 1; dx++) {
                boolean outside = x + dx < 0 || x + dx >= width || y + dy < 0 || y + dy >= width;
                if ((dx != 0 || dy != 0) && !(outside && topology == Topology.BOUNDED)) {
                    found[n++] = Math.floorMod(y + dy, width) * width + Math.floorMod(x + dx, width);
                }
            }
        }
        return Arrays.copyOf(found, n);
    }

    private void row(long[] words, int first, int y, int height, long[] row, long[] outside) {
        boolean dead = topology == Topology.BOUNDED && (y < 0 || y >= height);
        int from = dead ? 0 : first + Math.floorMod(y, height) * row.length;
        System.arraycopy(dead ? outside : words, from, row, 0, row.length);
    }

    /** One cell of 64 boards: the number of neighbours is added up bit by bit, a bit of all lanes in one word. */
    private long cell(long[] above, long[] here, long[] below, int x) {
        int width = here.length;
        boolean bounded = topology == Topology.BOUNDED;
        int left = x > 0 ? x - 1 : width - 1;
        int right = x + 1 < width ? x + 1 : 0;
        long leftOpen = bounded && x == 0 ? 0 : -1;
        long rightOpen = bounded && x == width - 1 ? 0 : -1;
        var sum = new Sum();
        sum.add(above[left] & leftOpen);
        sum.add(above[x]);
        sum.add(above[right] & rightOpen);
        sum.add(here[left] & leftOpen);
        sum.add(here[right] & rightOpen);
        sum.add(below[left] & leftOpen);
        sum.add(below[x]);
        sum.add(below[right] & rightOpen);
        long next = 0;
        for (int n = 0; n <= 8; n++) {
            next |= sum.is(n) & ((rule.lives(true, n) ? here[x] : 0) | (rule.lives(false, n) ? ~here[x] : 0));
        }
        return next;
    }

    /** Of each lane the number of words added in which it is set, from 0 to 8. */
    private static final class Sum {
        private long ones;
        private long twos;
        private long fours;
        private long eights;

        void add(long word) {
            long toTwos = ones & word;
            ones ^= word;
            long toFours = twos & toTwos;
            twos ^= toTwos;
            eights |= fours & toFours;
            fours ^= toFours;
        }

        long is(int n) {
            return ((n & 1) == 0 ? ~ones : ones)
                    & ((n & 2) == 0 ? ~twos : twos)
                    & ((n & 4) == 0 ? ~fours : fours)
                    & ((n & 8) == 0 ? ~eights : eights);
        }
    }
}
