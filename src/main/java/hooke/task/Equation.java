package hooke.task;

import hooke.config.task.EquationFormat;
import java.util.List;

/** How two elements and their result are written as tokens: what every task with an operation of two elements shares. */
record Equation(EquationFormat format, int elements) {
    /** The tokens of a question, one a position. */
    int[] tokens(int a, int b) {
        return switch (format) {
            case PAIR -> new int[] {a, b, elements};
            case EQUATION -> new int[] {token(a), 0, token(b), 1};
        };
    }

    private int token(int element) {
        return element + format.firstElement();
    }

    /** The element that stands at {@code a} or {@code b}. */
    int element(int[] tokens, String position) {
        return tokens[format.positions().indexOf(position)] - format.firstElement();
    }

    /** Where the result is read: behind {@code =}. */
    int[] answerPositions() {
        return new int[] {format.positions().indexOf("=")};
    }

    List<String> positionLabels() {
        return format.positions();
    }

    /** A token that is an element as its number, from 0; -1 for the other tokens. */
    int elementOf(int token) {
        int element = token - format.firstElement();
        return element >= 0 && element < elements ? element : -1;
    }

    /** A token that is no element in words. */
    String signOf(int token) {
        return format == EquationFormat.EQUATION && token == 0 ? "o" : "=";
    }
}
