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

    private static String unfinished(String hash, String file) {
        return "unfinished/" + hash + "/" + file;
    }

    /** Sends a finished run; what was sent of it before is no longer needed. */
    void sendFinished(Store store, Run run) {
        finished.send(store, run, Archive.Checkpoints.ALL);
        forget(unfinished(run.hash(), ""));
    }

    /** Adds a finished run to a store, unless it is damaged; empty if it is not there. */
    Optional<Archive.Fetched> fetchFinished(Store store, String hash) {
        return finished.bring(hash, store, ArchiveRules.all());
    }

    /** Takes away what nobody else will ask for. */
    void forgetFinished(String hash) {
        finished.forget(hash);
    }

    private void forget(String prefix) {
        place.names(prefix).forEach(place::forget);
    }

    /** Sends how a run stands at its newest checkpoint; false where it has none, or the next one has replaced it meanwhile. */
    boolean send(RunReader reader) {
        Optional<Checkpoint> last = reader.lastCheckpoint().filter(c -> c.state() != null);
        return last.isPresent()
                && withFile(file -> {
                    String hash = reader.run().hash();
                    for (StoredFile part : Unfinished.write(file, reader, last.get())) {
                        if (!sent.contains(part.sha256()) && !send(hash, part)) {
                            return false;
                        }
                    }
                    place.refer(unfinished(hash, "run"), place.put(file));
                    return true;
                });
    }

    private boolean send(String hash, StoredFile part) {
        try {
            place.refer(unfinished(hash, part.path().getFileName().toString()), place.put(part.path()));
        } catch (InputException e) {
            if (Files.exists(part.path())) {
                throw e;
            }
            return false;
        }
        sent.add(part.sha256());
        return true;
    }

    /** The step up to which an unfinished run was sent; -1 where nothing was. */
    long step(String hash) {
        return place.find(unfinished(hash, "run"))
                .map(item -> withFile(file -> {
                    place.get(item, file);
                    return Unfinished.step(file);
                }))
                .orElse(-1L);
    }

    /** Puts an unfinished run into a store, if it is there and further than in the store; empty where it is neither here nor there. */
    Optional<Run> fetch(Store store, String hash) {
        return place.find(unfinished(hash, "run"))
                .flatMap(item -> withFile(file -> {
                    place.get(item, file);
                    return Unfinished.into(store, file, part -> {
                        place.get(new Item(part.sha256(), part.bytes()), part.path());
                        sent.add(part.sha256());
                    });
                }));
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
