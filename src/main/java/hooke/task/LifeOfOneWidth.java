package hooke.task;

import hooke.task.life.LifeExamples.Example;
import hooke.task.life.LifeText;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Boards of one width, which an analysis can lay side by side: answered where the next byte is a cell of the next generation. */
record LifeOfOneWidth(LifeText text, List<Example> examples, int width) implements FiniteTask {
    private int cells() {
        return width * width;
    }

    @Override
    public int dVocab() {
        return 256;
    }

    @Override
    public int dVocabOut() {
        return 256;
    }

    @Override
    public int nCtx() {
        return text.next() + cells() - 1;
    }

    @Override
    public int size() {
        return examples.size();
    }

    @Override
    public int[] tokens(int example) {
        Example e = examples.get(example);
        return LifeText.tokens(text.text(e.board(), e.next()).substring(0, nCtx()));
    }

    @Override
    public int[] answerPositions() {
        return IntStream.range(text.next() - 1, text.next() - 1 + cells()).toArray();
    }

    @Override
    public int[] answers(int example) {
        return LifeText.tokens(examples.get(example).next());
    }

    /** A cell of the board by row and column, {@code b1.2}, one of the next generation {@code n1.2}, another byte by its place. */
    @Override
    public List<String> positionLabels() {
        List<String> labels = new ArrayList<>();
        for (int place = 0; place < nCtx(); place++) {
            labels.add(
                    place >= text.next()
                            ? cell("n", place - text.next())
                            : place >= text.question() && place < text.question() + cells()
                                    ? cell("b", place - text.question())
                                    : Integer.toString(place));
        }
        return labels;
    }

    private String cell(String board, int cell) {
        return board + (cell / width + 1) + "." + (cell % width + 1);
    }

    @Override
    public String tokenLabel(int token) {
        return Life.label(token);
    }
}
