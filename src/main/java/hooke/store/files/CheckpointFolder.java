package hooke.store.files;

import hooke.InputException;
import hooke.Reason;
import hooke.Sha256;
import hooke.tensor.RawTensor;
import hooke.tensor.Safetensors;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Where the checkpoints of one run lie: {@code 900.safetensors} and {@code 900.state.safetensors}; and what belongs to all of it. */
public record CheckpointFolder(Path folder) {
    private static final Pattern OURS = Pattern.compile("\\d+(\\.state)?\\.safetensors(\\.tmp)?");
    private static final String TEMPORARY = ".tmp";

    public Path weights(long step) {
        return folder.resolve(step + ".safetensors");
    }

    public Path state(long step) {
        return folder.resolve(step + ".state.safetensors");
    }

    /**
     * Writes both files so that under their names there is never half a file, and on return they survive a power failure.
     *
     * @param experiment hash, for whoever finds the file alone
     */
    public Checkpoint write(
            long step,
            SequencedMap<String, RawTensor> weights,
            SequencedMap<String, RawTensor> state,
            String experiment) {
        SequencedMap<String, String> metadata = new LinkedHashMap<>();
        metadata.put("experiment", experiment);
        metadata.put("step", Long.toString(step));
        try {
            Files.createDirectories(folder);
            StoredFile weightsFile = writeTemporary(weights(step), weights, metadata);
            StoredFile stateFile = writeTemporary(state(step), state, metadata);
            for (StoredFile file : List.of(weightsFile, stateFile)) {
                Files.move(temporary(file.path()), file.path(), StandardCopyOption.ATOMIC_MOVE);
            }
            syncFolder();
            return new Checkpoint(step, weightsFile, stateFile);
        } catch (IOException e) {
            throw new InputException(
                    "the checkpoint %s cannot be written (%s); everything stored before is intact"
                            .formatted(weights(step), Reason.of(e)),
                    e);
        } finally {
            deleteTemporary(weights(step));
            deleteTemporary(state(step));
        }
    }

    /** What a full disk leaves of a file; after a whole one there is nothing. */
    private static void deleteTemporary(Path path) {
        try {
            Files.deleteIfExists(temporary(path));
        } catch (IOException e) {
            // keepOnly() sees to it when the run goes on.
        }
    }

    public Path kept(String name) {
        return folder.resolve(name + ".safetensors");
    }

    /** Writes what belongs to the whole run, as carefully as a checkpoint. */
    public StoredFile keep(String name, SequencedMap<String, RawTensor> tensors, String experiment) {
        SequencedMap<String, String> metadata = new LinkedHashMap<>();
        metadata.put("experiment", experiment);
        try {
            Files.createDirectories(folder);
            StoredFile file = writeTemporary(kept(name), tensors, metadata);
            Files.move(temporary(file.path()), file.path(), StandardCopyOption.ATOMIC_MOVE);
            syncFolder();
            return file;
        } catch (IOException e) {
            throw new InputException(kept(name) + " cannot be written: " + Reason.of(e), e);
        } finally {
            deleteTemporary(kept(name));
        }
    }

    /** Deletes the optimizer's state of a checkpoint. */
    public void deleteState(long step) {
        try {
            Files.deleteIfExists(state(step));
        } catch (IOException e) {
            throw new InputException(state(step) + " cannot be removed: " + Reason.of(e), e);
        }
    }

    /** Deletes a checkpoint, if it is there. */
    public void delete(long step) {
        deleteState(step);
        try {
            Files.deleteIfExists(weights(step));
        } catch (IOException e) {
            throw new InputException(weights(step) + " cannot be removed: " + Reason.of(e), e);
        }
    }

    /** Deletes what a killed process left: all files of ours but those of these checkpoints. */
    public void keepOnly(List<Checkpoint> checkpoints) {
        Set<Path> known = new HashSet<>();
        for (Checkpoint checkpoint : checkpoints) {
            known.add(checkpoint.weights().path());
            if (checkpoint.state() != null) {
                known.add(checkpoint.state().path());
            }
        }
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                if (OURS.matcher(String.valueOf(file.getFileName())).matches() && !known.contains(file)) {
                    Files.delete(file);
                }
            }
        } catch (IOException e) {
            throw new InputException(folder + " cannot be tidied up: " + Reason.of(e), e);
        }
    }

    private static StoredFile writeTemporary(
            Path path, SequencedMap<String, RawTensor> tensors, SequencedMap<String, String> metadata)
            throws IOException {
        MessageDigest digest = Sha256.digest();
        try (FileChannel file = FileChannel.open(
                temporary(path),
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE,
                StandardOpenOption.TRUNCATE_EXISTING)) {
            Safetensors.write(new Digesting(file, digest), tensors, metadata);
            file.force(true);
            return new StoredFile(path, file.size(), Sha256.hex(digest));
        }
    }

    private static Path temporary(Path path) {
        return path.resolveSibling(path.getFileName() + TEMPORARY);
    }

    /** Makes the renames last. Windows cannot open a folder; there the file system's journal sees to it. */
    private void syncFolder() throws IOException {
        if (System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("windows")) {
            return;
        }
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /** Takes the digest of what passes through. */
    private record Digesting(FileChannel file, MessageDigest digest) implements WritableByteChannel {
        @Override
        public int write(ByteBuffer bytes) throws IOException {
            ByteBuffer passing = bytes.duplicate();
            int n = file.write(bytes);
            digest.update(passing.limit(passing.position() + n));
            return n;
        }

        @Override
        public boolean isOpen() {
            return file.isOpen();
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}
