package hooke.view.plot;

/** How values become lengths along an axis: places are equally spaced after {@link #place}. */
public enum Scale {
    LINEAR,
    /** Base 10; only values above 0 have a place. */
    LOG,
    /** Base 10 of 1 + v: logarithmic, and yet with a place for 0. For steps, which start there. */
    LOG1P;

    /** Where a value lies; negative infinity for what a logarithm cannot show. */
    public double place(double value) {
        return switch (this) {
            case LINEAR -> value;
            case LOG -> value > 0 ? Math.log10(value) : Double.NEGATIVE_INFINITY;
            case LOG1P -> value > -1 ? Math.log10(1 + value) : Double.NEGATIVE_INFINITY;
        };
    }

    /** The value at a place. */
    public double value(double place) {
        return switch (this) {
            case LINEAR -> place;
            case LOG -> Math.pow(10, place);
            case LOG1P -> Math.pow(10, place) - 1;
        };
    }
}
