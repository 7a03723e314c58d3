package hooke.train;

/** How well the model did on both whole sets after so many updates. */
public record Evaluation(long step, Measure train, Measure test) {}
