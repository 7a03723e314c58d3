package hooke.interop.pickle;

import hooke.Check;
import hooke.InputException;
import hooke.tensor.MappedFile;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * Files that {@code torch.save} writes: zip archives with a pickle inside (PyTorch 1.6 and later), and before that pickles with the
 * tensors behind them. Reading runs nothing, writes nothing and takes memory for the pickle alone, with a bound; tensors stay in the
 * mapped file.
 */
public final class Pth {
    private static final BigInteger LEGACY_MAGIC = new BigInteger("1950a86a20f9469cfc6c", 16);
    private static final int LEGACY_PROTOCOL = 1001;
    private static final byte[] ZIP = {'P', 'K', 3, 4};
    private static final byte[] POINTER = "version https://git-lfs".getBytes(StandardCharsets.US_ASCII);

    private Pth() {}

    /**
     * The value in a file; its tensors live as long as the arena. Throws {@link InputException}, one sentence with file and cause, for
     * whatever is not a plain checkpoint, and for classes that no checkpoint needs.
     */
    public static Value read(Path file, Arena arena) {
        return read(file.toString(), MappedFile.of(file, "a .pth file", arena));
    }

    static Value read(String file, MemorySegment bytes) {
        Check.that(bytes.byteSize() > 0, "%s is empty", file);
        Check.that(
                !startsWith(bytes, POINTER),
                "%s is a pointer of git-lfs and not the file itself: fetch that with git lfs pull",
                file);
        Value value = startsWith(bytes, ZIP) ? zip(file, bytes) : legacy(file, bytes);
        Unfolded.check(file, value);
        return value;
    }

    /** Writes a zip archive that {@code torch.load(weights_only=True)} reads; over an old file only once all is written. */
    public static void write(Path file, Value value) {
        PthWriter.write(file, value);
    }

    private static boolean startsWith(MemorySegment bytes, byte[] beginning) {
        return bytes.byteSize() >= beginning.length
                && bytes.asSlice(0, beginning.length).mismatch(MemorySegment.ofArray(beginning)) == -1;
    }

    private static Value zip(String file, MemorySegment bytes) {
        ZipArchive archive = ZipArchive.of(file, bytes);
        Check.that(
                archive.names().stream().noneMatch(n -> n.matches("[^/]*/(constants\\.pkl|code/.*)")),
                "%s is a TorchScript archive, a program and not a checkpoint: save the model's state_dict() instead",
                file);
        List<String> pickles = archive.names().stream()
                .filter(n -> n.matches("[^/]+/data\\.pkl"))
                .toList();
        Check.that(
                pickles.size() == 1,
                pickles.isEmpty()
                        ? "%s is a zip archive without data.pkl, so torch.save did not write it"
                        : "%s is a zip archive with more than one data.pkl",
                file);
        String prefix = pickles.getFirst().substring(0, pickles.getFirst().lastIndexOf('/') + 1);
        for (String name : archive.names()) {
            Check.that(
                    name.startsWith(prefix),
                    "%s: its record %s lies outside of the archive's folder %s",
                    file,
                    Value.shown(name),
                    Value.shown(prefix));
        }
        SequencedMap<String, MemorySegment> records = archive.read();
        MemorySegment order = records.get(prefix + "byteorder");
        Check.that(
                order == null || text(order).strip().equals("little"),
                "%s was saved on a big-endian machine, which is not read",
                file);
        var storages = new Storages();
        var in = new PickleInput(
                file + ", data.pkl", java.util.Objects.requireNonNull(records.get(prefix + "data.pkl")));
        Value value = PickleMachine.load(in, storages, new Budget(file));
        Check.that(in.left() == 0, "%s, data.pkl: there are %s bytes after its end", file, in.left());
        for (Value.Storage storage : storages.all()) {
            bind(file, storage, records.get(prefix + "data/" + storage.key()));
        }
        return value;
    }

    private static String text(MemorySegment record) {
        return new String(
                record.asSlice(0, Math.min(64, record.byteSize())).toArray(ValueLayout.JAVA_BYTE),
                StandardCharsets.US_ASCII);
    }

    private static void bind(String file, Value.Storage storage, @Nullable MemorySegment record) {
        if (record == null) {
            throw new InputException("%s: there is no record for its storage %s".formatted(file, storage.key()));
        }
        Check.that(
                record.byteSize() % storage.dtype().bytes() == 0
                        && record.byteSize() / storage.dtype().bytes() == storage.size(),
                "%s: its storage %s should hold %s values of %s, and its record has %s bytes",
                file,
                storage.key(),
                storage.size(),
                storage.dtype(),
                record.byteSize());
        storage.bind(record);
    }

    /** Five pickles (magic number, protocol, machine, value, keys of the storages), then the storages in that order. */
    private static Value legacy(String file, MemorySegment bytes) {
        var in = new PickleInput(file, bytes);
        var budget = new Budget(file);
        Value magic;
        try {
            magic = PickleMachine.load(in, new Storages(), budget);
        } catch (InputException e) {
            throw new InputException(
                    "%s was not written by torch.save: neither a zip archive, nor a pickle that begins as one (%s)"
                            .formatted(file, e.getMessage()),
                    e);
        }
        Check.that(
                magic.equals(new Value.Int(LEGACY_MAGIC)),
                "%s was not written by torch.save: neither a zip archive, nor a pickle that begins with its magic number",
                file);
        Check.that(
                PickleMachine.load(in, new Storages(), budget).equals(Value.Int.of(LEGACY_PROTOCOL)),
                "%s was written with another protocol of torch.save than %s",
                file,
                LEGACY_PROTOCOL);
        Check.that(
                !(PickleMachine.load(in, new Storages(), budget) instanceof Value.Dict machine)
                        || !new Value.Bool(false).equals(machine.get("little_endian")),
                "%s was saved on a big-endian machine, which is not read",
                file);
        var storages = new Storages();
        Value value = PickleMachine.load(in, storages, budget);
        if (!(PickleMachine.load(in, new Storages(), budget) instanceof Value.Items(List<Value> keys))) {
            throw in.fault("no list of storages behind the value");
        }
        Check.that(
                keys.size() == storages.all().size(),
                "%s: its value needs %s storages, but %s are listed after it",
                file,
                storages.all().size(),
                keys.size());
        for (Value key : keys) {
            bindNext(in, key instanceof Value.Text(String name) ? storages.find(name) : null);
        }
        Check.that(in.left() == 0, "%s: there are %s bytes after its last storage", file, in.left());
        for (Value.Storage storage : storages.all()) {
            Check.that(storage.isBound(), "%s: its storage %s is not listed", file, storage.key());
        }
        return value;
    }

    private static void bindNext(PickleInput in, Value.@Nullable Storage storage) {
        if (storage == null) {
            throw in.fault("a storage that nothing refers to");
        }
        long size = in.i8();
        if (size != storage.size()) {
            throw in.fault("storage %s holds %s values where %s were announced"
                    .formatted(storage.key(), size, storage.size()));
        }
        if (size > in.left() / storage.dtype().bytes()) {
            throw in.fault("storage %s should hold %s values, and %s bytes are left: the file is cut"
                    .formatted(storage.key(), size, in.left()));
        }
        storage.bind(in.slice(storage.bytes()));
    }
}
