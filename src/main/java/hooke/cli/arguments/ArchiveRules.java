package hooke.cli.arguments;

import hooke.model.Weights;
import hooke.store.archive.Archive;
import hooke.sweep.file.Sweeps;
import hooke.train.ResultJson;

/** What must hold of runs that come from elsewhere. */
public final class ArchiveRules {
    private ArchiveRules() {}

    public static Archive.Rules all() {
        return new Archive.Rules(
                ResultJson::read,
                (experiment, shapes) -> Weights.check(experiment.model(), shapes),
                text -> Sweeps.parse(text, "its sweep", Sweeps.Options.NONE));
    }
}
