package hooke;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Files that appear when they are whole: whatever happens before, what was there stays, and nothing half-written is left beside it. */
public final class WholeFile {
    private WholeFile() {}

    /** Writes all of it to a file. */
    public interface Writing {
        void to(Path file) throws IOException;
    }

    /**
     * Writes beside the file, and moves it over it; through a link to what it points to. A pipe or a device takes what is written as it
     * comes. Throws {@link InputException} where the disk refuses.
     */
    public static void write(Path file, Writing writing) {
        try {
            Path target = Files.exists(file) ? file.toRealPath() : file;
            Check.that(!Files.isDirectory(target), "%s is a folder; name a file in it", file);
            if (Files.exists(target) && !Files.isRegularFile(target)) {
                writing.to(target);
                return;
            }
            Check.that(
                    !Files.exists(target) || Files.isWritable(target), "%s cannot be written: it is read-only", file);
            clearLeftovers(target);
            Path temporary = beside(target);
            try {
                writing.to(temporary);
                Files.move(temporary, target, StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(temporary);
            }
        } catch (IOException e) {
            throw new InputException(file + " cannot be written: " + Reason.of(e), e);
        }
    }

    /** A name beside a file that nobody else has. */
    public static Path beside(Path file) {
        return file.resolveSibling(".%s.%s-%s.tmp"
                .formatted(
                        file.getFileName(),
                        ProcessHandle.current().pid(),
                        Long.toString(System.nanoTime() & Long.MAX_VALUE, 36)));
    }

    /** What processes that were killed while they wrote this file have left beside it. */
    private static void clearLeftovers(Path file) throws IOException {
        Pattern ours = Pattern.compile(Pattern.quote("." + file.getFileName() + ".") + "(\\d{1,10})-[0-9a-z]+\\.tmp");
        try (DirectoryStream<Path> all =
                Files.newDirectoryStream(file.toAbsolutePath().resolveSibling(""))) {
            for (Path path : all) {
                Matcher name = ours.matcher(String.valueOf(path.getFileName()));
                if (name.matches()
                        && ProcessHandle.of(Long.parseLong(name.group(1))).isEmpty()) {
                    Files.deleteIfExists(path);
                }
            }
        }
    }
}
