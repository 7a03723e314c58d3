package hooke.store.files;

import hooke.InputException;
import hooke.Reason;
import hooke.Sha256;
import hooke.tensor.Safetensors;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A file of tensors as it was written, and what tells whether it still is.
 *
 * @param sha256 in hexadecimal
 */
public record StoredFile(Path path, long bytes, String sha256) {
    /** What is wrong with the file on the disk, as one sentence; empty if it is byte for byte what was written. */
    public Optional<String> fault() {
        if (!Files.isRegularFile(path)) {
            return Optional.of(path + " is missing");
        }
        try (InputStream in = Files.newInputStream(path)) {
            long size = Files.size(path);
            if (size != bytes) {
                return Optional.of(path + " has " + size + " bytes where " + bytes + " were written");
            }
            return Sha256.of(in).equals(sha256)
                    ? Optional.empty()
                    : Optional.of(path + " is damaged: its SHA-256 is not the recorded one");
        } catch (IOException e) {
            return Optional.of(path + " cannot be read: " + Reason.of(e));
        }
    }

    /** Maps the file into the arena. Throws {@link InputException} if it is missing, cut or damaged. */
    public Safetensors open(Arena arena) {
        fault().ifPresent(sentence -> {
            throw new InputException(sentence);
        });
        return Safetensors.open(path, arena);
    }
}
