package hooke.task;

/**
 * Something that a model is measured on from time to time; its series are called {@code name_metric}.
 *
 * @param name {@code train}, {@code test}, ...
 * @param batch all of it; an engine takes it piece by piece
 */
public record EvaluationSet(String name, Batch batch) {
    /** Of what is trained on. */
    public static final String TRAIN = "train";

    /** Of what was kept back. */
    public static final String TEST = "test";
}
