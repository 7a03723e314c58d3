package hooke.cli.arguments;

import hooke.Check;
import hooke.store.Address;
import hooke.store.Run;
import hooke.store.Store;

/** A run for a command that looks at all of it: a step in its address would be ignored, so it is refused. */
public final class WholeRun {
    private WholeRun() {}

    public static Run find(Store store, String address, String command) {
        Address found = store.find(address);
        Check.that(
                found.step().isEmpty(),
                "%s takes whole runs: say %s, without a step",
                command,
                found.run().address());
        return found.run();
    }
}
