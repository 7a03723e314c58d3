package hooke.reach;

/**
 * Positions in runs of neighbours, one run every so many positions: queries or keys that lie in a regular pattern.
 *
 * @param first position of the first run
 * @param count of all positions
 * @param step from the start of one run to the next
 * @param width positions of a run, at most step
 */
public record Places(int first, int count, int step, int width) {
    /** Neighbours. */
    public static Places run(int first, int end) {
        return new Places(first, end - first, Math.max(1, end - first), Math.max(1, end - first));
    }

    /** One position every so many. */
    public static Places every(int step, int first, int count) {
        return new Places(first, count, step, 1);
    }

    public int at(int number) {
        return first + number / width * step + number % width;
    }

    public boolean isRun() {
        return width == step || count <= width;
    }
}
