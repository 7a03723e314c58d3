package hooke.store.files;

import hooke.InputException;
import hooke.Reason;
import hooke.tensor.Safetensors;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

/**
 * A file of tensors as it was written, and what tells whether it still is.
 *
 * @param sha256 in hexadecimal
 */
public record StoredFile(Path path, long bytes, String sha256) {
    private static final int BUFFER = 1 << 18;

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
            return sha256(in).equals(sha256)
                    ? Optional.empty()
                    : Optional.of(path + " is damaged: its SHA-256 is not the recorded one");
        } catch (IOException e) {
            return Optional.of(path + " cannot be read: " + Reason.of(e));
        }
    }

    /** Of all that is left of a stream. */
    static String sha256(InputStream in) throws IOException {
        MessageDigest digest = digest();
        byte[] buffer = new byte[BUFFER];
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
            digest.update(buffer, 0, n);
        }
        return hex(digest);
    }

    /** Maps the file into the arena. Throws {@link InputException} if it is missing, cut or damaged. */
    public Safetensors open(Arena arena) {
        fault().ifPresent(sentence -> {
            throw new InputException(sentence);
        });
        return Safetensors.open(path, arena);
    }

    public static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    public static String hex(MessageDigest digest) {
        return HexFormat.of().formatHex(digest.digest());
    }
}
