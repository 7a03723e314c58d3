package hooke.sweep.share;

import hooke.InputException;
import hooke.Reason;
import hooke.place.Place;
import hooke.store.Run;
import hooke.store.Store;
import hooke.store.archive.Archive;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Finished runs in a shared place: each an archive, to which {@code finished/HASH} leads.
 *
 * @param temporary a folder for what is on its way there
 */
public record SharedRuns(Place place, Path temporary) {
    private static final String FINISHED = "finished/";

    /** Of all that are there. */
    public List<String> hashes() {
        return place.names(FINISHED).stream()
                .map(name -> name.substring(FINISHED.length()))
                .toList();
    }

    /** Whether it is there, and was not found damaged by somebody. */
    public boolean has(String hash) {
        return place.find(FINISHED + hash).filter(place::holds).isPresent();
    }

    /** Sends a run that is done, with those checkpoints; false where it is there already. */
    public boolean send(Store store, Run run, Archive.Checkpoints which) {
        if (has(run.hash())) {
            return false;
        }
        try {
            Path folder = Files.createTempDirectory(temporary, "hooke-send-");
            try {
                Path file = folder.resolve("run.zip");
                Archive.write(file, store, List.of(run), which, null, List.of());
                place.refer(FINISHED + run.hash(), place.put(file));
            } finally {
                Store.deleteAll(folder);
            }
        } catch (IOException e) {
            throw new InputException("no archive of %s can be written: %s".formatted(run.address(), Reason.of(e)), e);
        }
        return true;
    }

    /** Takes a run out of the place; its bytes stay until {@link Place#tidy}. */
    public void forget(String hash) {
        place.forget(FINISHED + hash);
    }

    /** Adds a run to a store, unless it is damaged; empty where none of that hash is in the place. */
    public Optional<Archive.Fetched> bring(String hash, Store store, Archive.Rules rules) {
        return place.find(FINISHED + hash).map(item -> Archive.fetch(file -> place.fetch(item, file), store, rules));
    }
}
