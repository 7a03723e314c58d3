package hooke.task;

import hooke.config.TaskConfig;
import java.util.List;

/** A finite task: every example is known, has the same length, and is answered at the same positions. */
public sealed interface Task permits ModularArithmetic, Permutation, ListCopy, NoTask {

    static Task of(TaskConfig config) {
        return switch (config) {
            case TaskConfig.ModularArithmetic m -> new ModularArithmetic(m);
            case TaskConfig.Permutation p -> new Permutation(p);
            case TaskConfig.ListCopy l -> new ListCopy(l);
            case TaskConfig.None none -> new NoTask(none);
        };
    }

    /** Number of examples. */
    int size();

    /** The tokens of an example, one a position. */
    int[] tokens(int example);

    /** The positions at which the model must answer, in order; nothing else is read. */
    int[] answerPositions();

    /** The right class at each answer position of an example. */
    int[] answers(int example);

    /** A position in words, as on the axis of a picture. */
    List<String> positionLabels();

    /** A token in words. */
    String tokenLabel(int token);

    /** The tokens that a person's question stands for; an {@link hooke.InputException} says what is wrong with it. */
    int[] parseQuestion(List<String> words);

    /** A question and the classes answered, as a person writes them: {@code 7 x 16 = 112 (mod 113)}. */
    String sentence(int[] tokens, int[] classes);
}
