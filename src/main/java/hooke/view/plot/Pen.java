package hooke.view.plot;

import hooke.view.Palette;

/**
 * What a curve is drawn with.
 *
 * @param colour a place in {@link Palette#curves}
 * @param dash 0 for a solid line, else a pattern
 */
public record Pen(int colour, int dash) {
    /** Lengths of strokes and gaps by dash, in pixels: {@code dashes} in draw.js and {@code dash-N} in page.css are the same. */
    private static final float[][] PATTERNS = {{}, {7, 4}, {2, 3}, {9, 3, 2, 3}};

    public static final int DASHES = PATTERNS.length;

    /** So many pens a reader tells apart. */
    public static final int COUNT = DASHES * Palette.LIGHT.curves().size();

    /** The pen of the curve in that place: every colour solid, then every colour dashed, ... */
    public static Pen of(int place) {
        int colours = Palette.LIGHT.curves().size();
        return new Pen(place % colours, place / colours);
    }

    public float[] pattern() {
        return PATTERNS[dash].clone();
    }
}
