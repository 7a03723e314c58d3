package hooke.train;

import hooke.config.EventKind;

/** Where a training leaves what it finds. Steps never fall; a checkpoint settles everything up to its step. */
public interface Recorder {
    /** One point of a series: after so many updates, or for {@code loss} of the update of that number. */
    void log(long step, String series, double value);

    /** The evaluation at a step is complete; its values have been logged. */
    void evaluated(Evaluation evaluation);

    /** Something happened; the detail is JSON. */
    void event(long step, EventKind kind, String detail);

    /** The training can go on from here. */
    void checkpoint(Training training);

    /** The training has ended. */
    void finished(Trainer.Result result);
}
