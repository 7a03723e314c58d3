package hooke.store.files;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The model after so many steps.
 *
 * @param weights by their names
 * @param state of the optimizer, which only the newest two have: what training needs to go on
 */
public record Checkpoint(
        long step, StoredFile weights, @Nullable StoredFile state) {
    /** What is wrong with its files, as one sentence; empty if they are what was written. */
    public Optional<String> fault() {
        Optional<String> fault = weights.fault();
        return fault.isPresent() || state == null ? fault : state.fault();
    }
}
