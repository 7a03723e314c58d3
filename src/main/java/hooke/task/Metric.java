package hooke.task;

/** What is measured of a model's answers beside their loss. */
public enum Metric {
    /** Share of targets whose class has the highest logit. */
    ACCURACY("accuracy", "share of targets"),
    /** Share of sequences in which that is so of every target. */
    EXACT_MATCH("exact_match", "share of sequences");

    private final String key;
    private final String unit;

    Metric(String key, String unit) {
        this.key = key;
        this.unit = unit;
    }

    /** In the name of a series: {@code test_accuracy}. */
    public String key() {
        return key;
    }

    /** What it is counted in. */
    public String unit() {
        return unit;
    }
}
