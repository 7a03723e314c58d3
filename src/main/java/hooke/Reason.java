package hooke;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/** Why something failed, for the end of a sentence: Java's own text on a file that the system refused is a class and a path. */
public final class Reason {
    private Reason() {}

    /** {@code no space left on device}; the path stands in the sentence already. */
    public static String of(IOException e) {
        return switch (e) {
            case AccessDeniedException _ -> "its permissions forbid it";
            case NoSuchFileException _ -> "there is no such file or folder";
            case FileNotFoundException _ -> "there is no such file or folder";
            case FileAlreadyExistsException _ -> "something else is there";
            case DirectoryNotEmptyException _ -> "a folder that is not empty is there";
            case NotDirectoryException _ -> "it is no folder";
            case FileSystemException f -> words(f.getReason());
            default -> words(e.getMessage());
        };
    }

    /** What is wrong with a text that is no JSON; what the library adds on its own source and settings is left out. */
    public static String of(JacksonException e) {
        String said = String.valueOf(e.getOriginalMessage());
        return words(said.replaceAll(
                "(?s) \\(start marker at .*| for `ObjectNode`.*|, from `[^`]*`|: enable `[^`]*` to allow", ""));
    }

    /** The fault at the bottom of others, which says what happened. */
    public static Throwable root(Throwable fault) {
        return fault.getCause() == null ? fault : root(fault.getCause());
    }

    private static String words(@Nullable String said) {
        if (said == null || said.isBlank()) {
            return "the system gives no reason";
        }
        String line = said.lines().findFirst().orElse("").strip();
        boolean isName = line.length() > 1 && Character.isUpperCase(line.charAt(1));
        return isName ? line : line.substring(0, 1).toLowerCase(Locale.ROOT) + line.substring(1);
    }
}
