package hooke.config.task;

import hooke.Check;
import hooke.config.form.Words;

/**
 * One that a Java program brings ({@code Training.begin(experiment, task)}): here only its name and sizes.
 *
 * @param answers positions of an example at which an answer is read
 * @param examples all of them, before the split; 0 where they are not counted, as where each batch is drawn anew
 * @param trainFraction of the examples
 */
public record OwnConfig(
        String name, int dVocab, int dVocabOut, int nCtx, int answers, int examples, double trainFraction)
        implements TaskConfig {
    public OwnConfig {
        Check.that(
                name.matches("[A-Za-z0-9][A-Za-z0-9 ._+-]{0,99}"),
                "task.name (%s) must be letters, digits, spaces and . _ + -, at most 100 characters",
                Words.shown(name, 110));
        Check.that(dVocab >= 1, "task.d_vocab (%s) must be at least 1", dVocab);
        Check.that(dVocabOut >= 1, "task.d_vocab_out (%s) must be at least 1", dVocabOut);
        Check.that(nCtx >= 1, "task.n_ctx (%s) must be at least 1", nCtx);
        Check.that(
                answers >= 1 && answers <= nCtx,
                "task.answers (%s) must be from 1 to the task.n_ctx of %s",
                answers,
                nCtx);
        Check.that(examples >= 0, "task.examples (%s) must be at least 0", examples);
        if (examples > 0) {
            TaskConfig.checkFraction(trainFraction, examples);
        }
    }

    @Override
    public boolean memorizes() {
        return false;
    }

    @Override
    public int size() {
        return examples;
    }

    @Override
    public int trainSize() {
        return TaskConfig.part(size(), trainFraction);
    }
}
