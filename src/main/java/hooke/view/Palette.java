package hooke.view;

import java.util.List;

/**
 * The colours of pages and pictures, as {@code #rrggbb}. Curves are told apart by readers of every colour vision (blue and orange
 * first, differing in lightness too) and reach a contrast of 3 on their paper; heat maps go from the paper's lightness to its opposite,
 * so that small values recede.
 *
 * @param paper behind a plot
 * @param ink text
 * @param muted axis text, quiet markers
 * @param line grid
 * @param alarm what went wrong
 * @param never what was not reached, beside {@code lines}
 * @param curves one a line
 * @param heat from low to high
 * @param diverging from the lowest below 0, through 0, to the highest
 * @param lines from early to late, each visible as a thin line
 */
public record Palette(
        String paper,
        String ink,
        String muted,
        String line,
        String alarm,
        String never,
        List<String> curves,
        List<String> heat,
        List<String> diverging,
        List<String> lines) {

    public static final Palette LIGHT = new Palette(
            "#ffffff",
            "#1b2229",
            "#5a6570",
            "#e4e7eb",
            "#b3123f",
            "#9a1fb0",
            List.of("#0069b4", "#d95f02", "#00845c", "#a3328c", "#7a6a00", "#59636e"),
            List.of("#f4f7fb", "#c3d9ee", "#6aabd6", "#1f6fb2", "#08306b"),
            List.of("#8a3c00", "#e59a4b", "#f6f6f6", "#74acd6", "#0b4a8a"),
            List.of("#0b4a8a", "#2a86b8", "#5b9a4d", "#cf8a1b", "#a8320a"));

    public static final Palette DARK = new Palette(
            "#171c22",
            "#e7ebef",
            "#98a3ae",
            "#2b333c",
            "#ff7a99",
            "#e08cff",
            List.of("#5cb3f5", "#ff9a4d", "#45cfa0", "#e78fd0", "#d8c24a", "#aab3bd"),
            List.of("#1d242c", "#1f456a", "#2f79b6", "#7dbced", "#e8f4ff"),
            List.of("#ffb066", "#8f5420", "#20262d", "#27629a", "#86caff"),
            List.of("#6db4ff", "#4fc3c8", "#93cf6c", "#f2b84b", "#ff7d5c"));

    /** As CSS custom properties, {@code --curve-0: #0069b4; ...}, which the scripts read back. */
    public String css() {
        var out = new StringBuilder();
        out.append("--paper:").append(paper).append(";--ink:").append(ink);
        out.append(";--muted:")
                .append(muted)
                .append(";--line:")
                .append(line)
                .append(";--alarm:")
                .append(alarm);
        out.append(";--never:").append(never);
        append(out, "curve", curves);
        append(out, "heat", heat);
        append(out, "diverging", diverging);
        append(out, "lines", lines);
        out.append(";--lines-").append(lines.size()).append(':').append(muted); // what is in no stretch of numbers
        return out.append(';').toString();
    }

    private static void append(StringBuilder out, String name, List<String> colours) {
        for (int i = 0; i < colours.size(); i++) {
            out.append(";--").append(name).append('-').append(i).append(':').append(colours.get(i));
        }
    }

    /** The colour at a share from 0 to 1 of a ramp, mixed linearly between its stops, as 0xrrggbb. */
    public static int mix(List<String> ramp, double share) {
        double place = Math.clamp(share, 0, 1) * (ramp.size() - 1);
        int i = Math.min((int) place, ramp.size() - 2);
        int a = rgb(ramp.get(i));
        int b = rgb(ramp.get(i + 1));
        int mixed = 0;
        for (int shift = 16; shift >= 0; shift -= 8) {
            double from = a >> shift & 255;
            double to = b >> shift & 255;
            mixed |= (int) Math.round(from + (to - from) * (place - i)) << shift;
        }
        return mixed;
    }

    public static int rgb(String colour) {
        return Integer.parseInt(colour.substring(1), 16);
    }
}
