package hooke.place;

import hooke.Check;
import hooke.InputException;
import hooke.Pause;
import hooke.Reason;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.function.Consumer;

/** Files below a folder. They are written under a name of their own, synced and renamed, which network file systems do as a whole, too. */
record FolderShelf(Path folder) implements Shelf {
    /** Below this, files that are not whole yet. */
    private static final String INCOMING = "incoming";

    private static final int TRIES = 5;
    private static final Duration FIRST_WAIT = Duration.ofMillis(100);

    static FolderShelf of(String where) {
        Check.that(!where.isBlank(), "a shared place is a folder or s3://BUCKET/PREFIX");
        Check.that(
                !where.matches("[a-z][a-z0-9+]+:.*"),
                "%s is neither a folder nor s3://BUCKET/PREFIX, and other places are not known",
                where);
        return new FolderShelf(Path.of(where));
    }

    @Override
    public OptionalLong bytes(String key) {
        return attempt(() -> {
            try {
                return OptionalLong.of(Files.size(folder.resolve(key)));
            } catch (NoSuchFileException e) {
                checkThere(key);
                return OptionalLong.empty();
            }
        });
    }

    @Override
    public void write(String key, Path file) {
        written(key, temporary -> Files.copy(file, temporary));
    }

    @Override
    public void write(String key, byte[] bytes) {
        written(key, temporary -> Files.write(temporary, bytes));
    }

    private interface Writing {
        void to(Path file) throws IOException;
    }

    private void written(String key, Writing writing) {
        attempt(() -> {
            checkThere(key);
            Path place = folder.resolve(key);
            Path temporary = folder.resolve(INCOMING).resolve(UUID.randomUUID().toString());
            Path above = place.resolveSibling("");
            Files.createDirectories(folder.resolve(INCOMING));
            Files.createDirectories(above);
            try {
                writing.to(temporary);
                try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
                    channel.force(true);
                }
                Files.move(temporary, place, StandardCopyOption.ATOMIC_MOVE);
                sync(above);
            } finally {
                Files.deleteIfExists(temporary);
            }
            return place;
        });
    }

    /** Makes the rename last. Windows cannot open a folder; there the file system's journal sees to it. */
    private static void sync(Path folder) throws IOException {
        if (!System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("windows")) {
            try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }

    /** Where a drive has gone there is still the empty folder on which it was mounted. */
    private void checkThere(String key) throws IOException {
        if (!key.equals(Place.MARK) && !Files.exists(folder.resolve(Place.MARK))) {
            throw new IOException(
                    "it has gone (is the drive still mounted?); what was stored there before is not lost");
        }
    }

    @Override
    public Optional<byte[]> read(String key) {
        return attempt(() -> {
            try {
                return Optional.of(Files.readAllBytes(folder.resolve(key)));
            } catch (NoSuchFileException e) {
                checkThere(key);
                return Optional.empty();
            }
        });
    }

    @Override
    public boolean read(String key, Path file) {
        return attempt(() -> {
            Path place = folder.resolve(key);
            if (!Files.exists(place)) {
                checkThere(key);
                return false;
            }
            Files.copy(place, file, StandardCopyOption.REPLACE_EXISTING);
            return true;
        });
    }

    @Override
    public void list(String prefix, Consumer<Entry> use) {
        Path from = folder.resolve(prefix.substring(0, prefix.lastIndexOf('/') + 1));
        attempt(() -> {
            if (Files.exists(from)) {
                Files.walkFileTree(from, new Visitor(prefix, use));
            } else if (!prefix.isEmpty()) {
                checkThere(prefix);
            }
            return from;
        });
    }

    private final class Visitor extends SimpleFileVisitor<Path> {
        private final String prefix;
        private final Consumer<Entry> use;

        Visitor(String prefix, Consumer<Entry> use) {
            this.prefix = prefix;
            this.use = use;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            String key = String.join(
                    "/",
                    folder.relativize(file).toString().split(java.util.regex.Pattern.quote(java.io.File.separator)));
            if (key.startsWith(prefix)) {
                use.accept(new Entry(key, attributes.lastModifiedTime().toInstant()));
            }
            return FileVisitResult.CONTINUE;
        }

        /** What somebody removes while it is listed is not there. */
        @Override
        public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
            if (e instanceof NoSuchFileException) {
                return FileVisitResult.CONTINUE;
            }
            throw e;
        }
    }

    @Override
    public void delete(List<String> keys) {
        for (String key : keys) {
            attempt(() -> Files.deleteIfExists(folder.resolve(key)));
        }
    }

    @Override
    public void clearUnfinished(Instant before) {
        list(INCOMING + "/", entry -> {
            if (entry.changed().isBefore(before)) {
                delete(List.of(entry.key()));
            }
        });
    }

    @Override
    public void close() {}

    private interface Work<T> {
        T run() throws IOException;
    }

    /** A network drive may stumble: tried again for some seconds. */
    private <T> T attempt(Work<T> work) {
        Duration wait = FIRST_WAIT;
        for (int tries = 1; ; tries++) {
            try {
                return work.run();
            } catch (IOException e) {
                if (tries == TRIES || isFinal(e) || !Pause.of(wait)) {
                    throw new InputException(
                            "the shared place %s cannot be used: %s".formatted(folder, Reason.of(e)), e);
                }
                wait = wait.multipliedBy(3);
            }
        }
    }

    private static boolean isFinal(IOException e) {
        String reason = Reason.of(e).toLowerCase(Locale.ROOT);
        return e instanceof AccessDeniedException || reason.contains("no space") || reason.contains("quota");
    }
}
