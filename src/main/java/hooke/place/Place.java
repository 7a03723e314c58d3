package hooke.place;

import hooke.Amounts;
import hooke.Check;
import hooke.InputException;
import hooke.Reason;
import hooke.Sha256;
import hooke.WholeFile;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A shared place for bytes: each lies under its SHA-256, and references with names lead to them. Any number of processes on any number of
 * machines may use it at once. All faults, a damaged object, refused credentials, a place that has gone, are {@link InputException}s of one
 * sentence; whatever was stored before stays, and doing the same again goes on from there. A place may be used by several threads.
 */
public final class Place implements Closeable {
    static final String OBJECTS = "objects/";
    private static final String REFERENCES = "references/";
    /** What tells a place from any other folder, and from the empty one that a network drive leaves behind. */
    static final String MARK = "hooke-place";

    private static final byte[] FORMAT = "1\n".getBytes(StandardCharsets.US_ASCII);
    private static final String NAME = "[A-Za-z0-9._-]+(/[A-Za-z0-9._-]+)*";

    private final String where;
    private final Shelf shelf;

    private Place(String where, Shelf shelf) {
        this.where = where;
        this.shelf = shelf;
    }

    /** Opens a place that must be there: a folder, or {@code s3://BUCKET/PREFIX}. */
    public static Place open(String where) {
        return opened(where, false);
    }

    /** Opens a place, and makes it where a folder is empty or not there, or nothing lies under the prefix. */
    public static Place make(String where) {
        return opened(where, true);
    }

    private static Place opened(String where, boolean make) {
        Shelf shelf = where.startsWith("s3:") ? BucketShelf.of(where) : FolderShelf.of(where);
        boolean fine = false;
        try {
            var place = new Place(where, shelf);
            Optional<byte[]> format = shelf.read(MARK);
            if (format.isEmpty()) {
                Check.that(
                        make,
                        "%s is not a shared place of runs, or no longer: sync --to, or a sweep that uses it, makes one",
                        where);
                Check.that(
                        place.isBare(),
                        "%s cannot become a shared place: there is something else in it already",
                        where);
                shelf.write(MARK, FORMAT);
            } else {
                Check.that(Arrays.equals(format.get(), FORMAT), "%s was made by another release of Hooke", where);
            }
            fine = true;
            return place;
        } finally {
            if (!fine) {
                shelf.close();
            }
        }
    }

    private boolean isBare() {
        var keys = new ArrayList<String>();
        shelf.list("", entry -> keys.add(entry.key()));
        return keys.isEmpty();
    }

    /** As it was named. */
    @Override
    public String toString() {
        return where;
    }

    /** Stores a file's bytes, unless they are there already. */
    public Item put(Path file) {
        Item item;
        try {
            item = new Item(Sha256.of(file), Files.size(file));
        } catch (IOException e) {
            throw new InputException(file + " cannot be read: " + Reason.of(e), e);
        }
        if (!holds(item)) {
            shelf.write(item.key(), file);
        }
        return item;
    }

    /** Stores few bytes, unless they are there already. */
    public Item put(byte[] bytes) {
        var item = new Item(Sha256.of(bytes), bytes.length);
        if (!holds(item)) {
            shelf.write(item.key(), bytes);
        }
        return item;
    }

    /** Whether it is there in its full length; whether it is undamaged, reading tells. */
    public boolean holds(Item item) {
        OptionalLong bytes = shelf.bytes(item.key());
        return bytes.isPresent() && bytes.getAsLong() == item.bytes();
    }

    /** Copies an item to a file, which appears when it is whole and right; see {@link #fetch}. */
    public void get(Item item, Path file) {
        fetch(item, file).ifPresent(fault -> {
            throw new InputException(fault);
        });
    }

    /**
     * Copies an item to a file, unless it is damaged or missing: then says so in a sentence. What is damaged is taken away, so that whoever
     * has these bytes can put them there again.
     */
    public Optional<String> fetch(Item item, Path file) {
        Path beside = WholeFile.beside(file);
        try {
            Optional<String> fault = fault(item, beside);
            if (fault.isPresent()) {
                fault = fault(item, beside); // it may have been the way, not the object
            }
            if (fault.isEmpty()) {
                Files.move(beside, file, StandardCopyOption.REPLACE_EXISTING);
            } else {
                shelf.delete(List.of(item.key()));
            }
            return fault;
        } catch (IOException e) {
            throw new InputException(file + " cannot be written: " + Reason.of(e), e);
        } finally {
            try {
                Files.deleteIfExists(beside);
            } catch (IOException e) {
                // Whoever made the folder removes it.
            }
        }
    }

    private Optional<String> fault(Item item, Path copy) throws IOException {
        if (!shelf.read(item.key(), copy)) {
            checkThere();
            return Optional.of("%s lacks the object %s, which was removed".formatted(where, item.sha256()));
        }
        return Sha256.of(copy).equals(item.sha256())
                ? Optional.empty()
                : Optional.of(
                        "the object %s in %s is damaged: its %s, where %s were stored, have another SHA-256; it was removed"
                                .formatted(
                                        item.sha256(),
                                        where,
                                        Amounts.of(Files.size(copy), "byte", "bytes"),
                                        Amounts.count(item.bytes())));
    }

    /** Throws {@link InputException} where the place itself has gone. */
    private void checkThere() {
        Check.that(
                shelf.bytes(MARK).isPresent(),
                "the shared place %s has gone; what was stored there before is not lost",
                where);
    }

    /**
     * Makes a name lead to items from now on: whoever asks gets those before or these. The first is what the name stands for; the others
     * are what it needs beside.
     */
    public void refer(String name, List<Item> items) {
        Check.that(!items.isEmpty(), "'%s' must lead to something", name);
        String lines = items.stream().map(item -> item + "\n").collect(Collectors.joining());
        shelf.write(key(name), lines.getBytes(StandardCharsets.US_ASCII));
    }

    /** Where a name leads to; nothing where there is no such name. */
    public List<Item> find(String name) {
        return shelf.read(key(name))
                .map(bytes -> Item.parse(
                        new String(bytes, StandardCharsets.US_ASCII), "the reference " + name + " in " + where))
                .orElse(List.of());
    }

    /** All names that begin so, sorted. */
    public List<String> names(String prefix) {
        List<String> names = new ArrayList<>();
        shelf.list(REFERENCES + prefix, entry -> names.add(entry.key().substring(REFERENCES.length())));
        names.sort(null);
        return names;
    }

    /** Removes a name, if it is there; what it led to stays until {@link #tidy}. */
    public void forget(String name) {
        shelf.delete(List.of(key(name)));
    }

    private static String key(String name) {
        Check.that(name.matches(NAME) && !name.contains(".."), "'%s' cannot be the name of something in a place", name);
        return REFERENCES + name;
    }

    /**
     * Removes what no name leads to and what was left half-written, if it is older than that: what somebody stores right now has no name
     * yet.
     *
     * @return how many objects were removed
     */
    public int tidy(Duration older) {
        Instant before = Instant.now().minus(older);
        List<String> old = new ArrayList<>();
        shelf.list(OBJECTS, entry -> {
            if (entry.changed().isBefore(before)) {
                old.add(entry.key());
            }
        });
        Set<String> used = new HashSet<>(); // read after the objects were listed: a name that came meanwhile counts
        names("").forEach(name -> find(name).forEach(item -> used.add(item.key())));
        old.removeIf(used::contains);
        shelf.delete(old);
        shelf.clearUnfinished(before);
        return old.size();
    }

    @Override
    public void close() {
        shelf.close();
    }
}
