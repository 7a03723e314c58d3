package hooke.task;

import hooke.config.task.TaskConfig;

/** A finite task whose sizes are those of its configuration. */
interface Configured extends FiniteTask {
    TaskConfig config();

    @Override
    default int dVocab() {
        return config().dVocab();
    }

    @Override
    default int dVocabOut() {
        return config().dVocabOut();
    }

    @Override
    default int nCtx() {
        return config().nCtx();
    }

    @Override
    default int size() {
        return config().size();
    }
}
