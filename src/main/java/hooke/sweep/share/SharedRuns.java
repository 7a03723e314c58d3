package hooke.sweep.share;

import hooke.InputException;
import hooke.Reason;
import hooke.place.Item;
import hooke.place.Place;
import hooke.store.Run;
import hooke.store.Store;
import hooke.store.archive.Archive;
import hooke.store.archive.CopyFolder;
import hooke.store.files.StoredFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Finished runs in a shared place. To each {@code finished/HASH} leads: to its archive, and to its checkpoints, which lie beside it, so
 * that those that are there already are not sent again.
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
        List<Item> items = place.find(FINISHED + hash);
        return !items.isEmpty() && items.stream().allMatch(place::holds);
    }

    /** Sends a run that is done, with those checkpoints; false where it is there already. */
    public boolean send(Store store, Run run, Archive.Checkpoints which) {
        if (has(run.hash())) {
            return false;
        }
        try (CopyFolder folder = CopyFolder.in(temporary, "hooke-send")) {
            Path file = folder.path().resolve("run.zip");
            List<Item> items = new ArrayList<>();
            for (StoredFile weights : Archive.writeApart(file, store, run, which)) {
                items.add(place.put(weights.path()));
            }
            items.addFirst(place.put(file));
            place.refer(FINISHED + run.hash(), items);
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
        List<Item> items = place.find(FINISHED + hash);
        return items.isEmpty()
                ? Optional.empty()
                : Optional.of(Archive.fetch(file -> fault(items, file), store, rules));
    }

    /** Copies the archive to a file, and its checkpoints beside it, unless one of them is damaged or missing. */
    private Optional<String> fault(List<Item> items, Path file) {
        Optional<String> fault = place.fetch(items.getFirst(), file);
        for (Item weights : items.subList(1, items.size())) {
            fault = fault.or(() -> place.fetch(weights, file.resolveSibling(weights.sha256())));
        }
        return fault;
    }
}
