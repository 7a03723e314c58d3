package hooke.task.life;

import hooke.Check;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Boards of one size, each cell alive or dead. Their cells lie 64 boards to a word: a word holds the same cell of 64 boards, so that {@link
 * Game} plays 64 boards with every operation.
 */
public final class Boards {
    static final int LANES = Long.SIZE;

    private final int size;
    private final int width;
    private final int height;
    /** [group of 64 boards][row][column] */
    private final long[] words;

    Boards(int size, int width, int height, long[] words) {
        this.size = size;
        this.width = width;
        this.height = height;
        this.words = words;
    }

    /** Boards from their cells, row by row, {@code 1} alive and {@code 0} dead. */
    public static Boards of(int width, int height, List<String> texts) {
        int cells = width * height;
        long[] words = new long[(texts.size() + LANES - 1) / LANES * cells];
        for (int board = 0; board < texts.size(); board++) {
            String text = texts.get(board);
            Check.that(
                    text.length() == cells && text.chars().allMatch(c -> c == '0' || c == '1'),
                    "a board of %s x %s cells is %s characters 0 and 1, row by row, not '%s'",
                    width,
                    height,
                    cells,
                    text);
            for (int cell = 0; cell < cells; cell++) {
                words[board / LANES * cells + cell] |= (long) (text.charAt(cell) - '0') << board;
            }
        }
        return new Boards(texts.size(), width, height, words);
    }

    /** A square board. */
    public static Boards of(String text) {
        int width = width(text.length());
        return of(width, width, List.of(text));
    }

    /** The width of a square of so many cells. */
    public static int width(int cells) {
        int width = (int) Math.round(Math.sqrt(cells));
        Check.that(cells >= 1 && width * width == cells, "%s cells are no square board", cells);
        return width;
    }

    public int size() {
        return size;
    }

    public int width() {
        return width;
    }

    public int height() {
        return height;
    }

    public int cells() {
        return width * height;
    }

    long[] words() {
        return words;
    }

    public boolean alive(int board, int cell) {
        return (words[board / LANES * cells() + cell] >>> board & 1) == 1;
    }

    /** Living cells of a board. */
    public int population(int board) {
        return (int)
                IntStream.range(0, cells()).filter(cell -> alive(board, cell)).count();
    }

    /** The cells of a board, row by row: {@code 0110}. */
    public String text(int board) {
        var text = new StringBuilder(cells());
        for (int cell = 0; cell < cells(); cell++) {
            text.append(alive(board, cell) ? '1' : '0');
        }
        return text.toString();
    }

    public List<String> texts() {
        return IntStream.range(0, size).mapToObj(this::text).toList();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Boards b
                && size == b.size
                && width == b.width
                && height == b.height
                && texts().equals(b.texts());
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(new int[] {size, width, height, texts().hashCode()});
    }

    @Override
    public String toString() {
        return "%s boards of %s x %s".formatted(size, width, height);
    }
}
