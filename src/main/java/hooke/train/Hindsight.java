package hooke.train;

import hooke.config.TrainConfig;
import java.util.ArrayList;
import java.util.List;

/** What a training that another program made would have been noted for here: shown its evaluations in order, it finds the milestones. */
public final class Hindsight {
    private final Milestones milestones;

    public Hindsight(TrainConfig config) {
        this.milestones = new Milestones(config);
    }

    /** Sees the next evaluation; what it completes. A loss that is no number ends what can be reached, as in training. */
    public List<Milestones.Noted> see(Evaluation evaluation) {
        List<Milestones.Noted> noted = new ArrayList<>(
                milestones.loss(evaluation.step(), evaluation.train().loss()));
        noted.addAll(milestones.see(evaluation));
        return noted;
    }

    /** The training is known to have broken by this step; the event of it, unless it had before. */
    public List<Milestones.Noted> diverged(long step, String why) {
        return milestones.diverged(step, why);
    }

    /** How it ended after so many updates, once at least one evaluation has been seen. */
    public Trainer.Result result(long step) {
        return milestones.result(step);
    }
}
