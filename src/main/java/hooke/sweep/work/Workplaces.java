package hooke.sweep.work;

import hooke.store.Provenance;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.ServiceLoader;
import java.util.function.Consumer;

/** Opens the workplaces that are on the class path beside {@link Processes}. */
public final class Workplaces {
    private Workplaces() {}

    /**
     * What a user asks for.
     *
     * @param on the name of the workplace
     * @param store the user's, into which results go
     * @param provenance of the command that asks
     * @param workers runs at once, at most
     * @param place where files are exchanged, as the user names it
     * @param alike which machines may train; empty for all
     * @param settings of the workplace's own
     * @param remark hears what the user should know before a sweep is trained: that something is waited for
     */
    public record Asked(
            String on,
            Path store,
            Provenance provenance,
            OptionalInt workers,
            Optional<String> place,
            Optional<LikeMachines> alike,
            Map<String, String> settings,
            Consumer<String> remark) {}

    /** One class for each further kind, listed in {@code META-INF/services/hooke.sweep.work.Workplaces$Kind}. */
    public interface Kind {
        /** Opens the workplace if it is one of its own. Throws {@link hooke.InputException} if it cannot be reached. */
        Optional<Workplace> open(Asked asked);
    }

    /** Empty where nothing on the class path knows a workplace of that name. */
    public static Optional<Workplace> open(Asked asked) {
        return ServiceLoader.load(Kind.class).stream()
                .map(kind -> kind.get().open(asked))
                .flatMap(Optional::stream)
                .findFirst();
    }
}
