package hooke.task;

import hooke.config.task.TableConfig;
import java.util.List;

/** What the examples of a table have in common, whatever their lengths: the vocabulary, and how they are asked and written. */
abstract class TableTask implements Task {
    final TableConfig config;
    final TableWords words;

    TableTask(TableConfig config, TableWords words) {
        this.config = config;
        this.words = words;
    }

    @Override
    public int dVocab() {
        return config.dVocab();
    }

    @Override
    public int dVocabOut() {
        return config.dVocabOut();
    }

    @Override
    public String tokenLabel(int token) {
        return words.label(token);
    }

    @Override
    public Question parseQuestion(List<String> question) {
        return words.parse(question);
    }

    @Override
    public String exampleQuestion() {
        return words.exampleQuestion();
    }

    @Override
    public String sentence(int[] tokens, int[] classes) {
        return words.sentence(tokens, classes);
    }
}
