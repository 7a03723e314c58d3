package hooke.config.task;

import java.util.List;

/** How an equation {@code a o b = c} between so many elements is written as tokens. */
public enum EquationFormat {
    /** {@code [a, b, =]}: elements are tokens from 0, {@code =} is the last token. */
    PAIR(0, "a b ="),
    /** {@code [a, o, b, =]}: {@code o} is 0, {@code =} is 1, elements are tokens from 2 (Power et al. 2022, arXiv 2201.02177). */
    EQUATION(2, "a o b =");

    private final int firstElement;
    private final String positions;

    EquationFormat(int firstElement, String positions) {
        this.firstElement = firstElement;
        this.positions = positions;
    }

    /** The token of element 0; the others follow. */
    public int firstElement() {
        return firstElement;
    }

    /** What stands where, {@code a} and {@code b} for the elements. */
    public List<String> positions() {
        return List.of(positions.split(" "));
    }

    /** Different tokens. */
    int dVocab(int elements) {
        return elements + positions().size() - 2;
    }
}
