package hooke.spark;

import hooke.InputException;
import hooke.cli.arguments.ArchiveRules;
import hooke.place.Item;
import hooke.place.Place;
import hooke.store.Run;
import hooke.store.RunReader;
import hooke.store.Store;
import hooke.store.archive.Archive;
import hooke.store.archive.Unfinished;
import hooke.store.files.Checkpoint;
import hooke.store.files.StoredFile;
import hooke.sweep.share.SharedRuns;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Runs in a shared place, by the hash of their experiment: a finished one as an archive, an unfinished one as it stood at its last
 * checkpoint. Both driver and executors send and fetch.
 */
final class Exchange {
    private final Place place;
    private final SharedRuns finished;
    private final Path temporary;
    /** Files that are there by now: those of a checkpoint are sent once. */
    private final Set<String> sent = ConcurrentHashMap.newKeySet();

    /** @param temporary a folder for what is on its way */
    Exchange(Place place, Path temporary) {
        this.place = place;
        this.finished = new SharedRuns(place, temporary);
        this.temporary = temporary;
    }

    boolean hasFinished(String hash) {
        return finished.has(hash);
    }

    private static String unfinished(String hash) {
        return "unfinished/" + hash;
    }

    /** Sends a finished run; what was sent of it before is no longer needed. */
    void sendFinished(Store store, Run run) {
        finished.send(store, run, Archive.Checkpoints.ALL);
        place.forget(unfinished(run.hash()));
    }

    /** Adds a finished run to a store, unless it is damaged; empty if it is not there. */
    Optional<Archive.Fetched> fetchFinished(Store store, String hash) {
        return finished.bring(hash, store, ArchiveRules.all());
    }

    /** Takes away what nobody else will ask for. */
    void forgetFinished(String hash) {
        finished.forget(hash);
    }

    /** Sends how a run stands at its newest checkpoint; false where it has none, or the next one has replaced it meanwhile. */
    boolean send(RunReader reader) {
        Optional<Checkpoint> last = reader.lastCheckpoint().filter(c -> c.state() != null);
        return last.isPresent()
                && withFile(file -> {
                    List<Item> items = new ArrayList<>();
                    for (StoredFile part : Unfinished.write(file, reader, last.get())) {
                        if (!send(part)) {
                            return false;
                        }
                        items.add(item(part));
                    }
                    items.addFirst(place.put(file));
                    place.refer(unfinished(reader.run().hash()), items);
                    return true;
                });
    }

    private static Item item(StoredFile part) {
        return new Item(part.sha256(), part.bytes());
    }

    /** Sends a file, once; false where it is not there any more. */
    private boolean send(StoredFile part) {
        if (!sent.contains(part.sha256())) {
            try {
                place.put(part.path());
            } catch (InputException e) {
                if (Files.exists(part.path())) {
                    throw e;
                }
                return false;
            }
            sent.add(part.sha256());
        }
        return true;
    }

    /** The step up to which an unfinished run was sent; -1 where nothing was. */
    long step(String hash) {
        return stand(hash)
                .map(item -> withFile(file -> {
                    place.get(item, file);
                    return Unfinished.step(file);
                }))
                .orElse(-1L);
    }

    /** Puts an unfinished run into a store, if it is there and further than in the store; empty where it is neither here nor there. */
    Optional<Run> fetch(Store store, String hash) {
        return stand(hash)
                .flatMap(item -> withFile(file -> {
                    place.get(item, file);
                    return Unfinished.into(store, file, part -> {
                        place.get(item(part), part.path());
                        sent.add(part.sha256());
                    });
                }));
    }

    private Optional<Item> stand(String hash) {
        return place.find(unfinished(hash)).stream().findFirst();
    }

    private interface Use<T> {
        T of(Path file);
    }

    private <T> T withFile(Use<T> use) {
        try {
            Path file = Files.createTempFile(temporary, "run-", ".zip");
            try {
                return use.of(file);
            } finally {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(temporary.toString(), e);
        }
    }
}
