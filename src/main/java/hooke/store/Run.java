package hooke.store;

import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;

/**
 * One training as the store lists it.
 *
 * @param id names its folder
 * @param name of its cell; the experiment's own, or with -2, -3, ... where that belonged to another cell
 * @param base as the experiment calls itself
 * @param hash of the experiment
 * @param cellHash of the experiment less its seed
 * @param step of the last point, event or checkpoint stored
 * @param parts processes that have worked on it
 * @param ended when it was done or failed
 * @param outcome JSON, as whoever ended it wrote it
 * @param fault what is wrong with its row, as one sentence, where it is {@link Status#DAMAGED}
 */
public record Run(
        long id,
        String name,
        String base,
        long seed,
        String hash,
        String cellHash,
        Status status,
        long step,
        int parts,
        OffsetDateTime created,
        @Nullable OffsetDateTime ended,
        @Nullable String outcome,
        @Nullable String fault) {

    public enum Status {
        /** A process of this machine is at it. */
        RUNNING,
        /** It is not done, and can be gone on with. */
        STOPPED,
        DONE,
        /** It gave up, which does not keep anybody from trying again. */
        FAILED,
        /** Its row was altered, and is not what this program writes; it can be removed. */
        DAMAGED
    }

    /** {@code name/seed}. */
    public String address() {
        return name + "/" + seed;
    }
}
