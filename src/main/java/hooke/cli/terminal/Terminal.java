package hooke.cli.terminal;

import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where a command writes, what can be shown there, and who can be asked. Colours and lines that redraw themselves are for terminals only; colours also need
 * {@code NO_COLOR} unset.
 *
 * @param in a person's answers, where {@code err} is shown
 * @param out for results
 * @param err for progress and errors
 * @param outShown whether a terminal shows {@code out}
 * @param errShown whether a terminal shows {@code err}
 * @param width characters of a line
 * @param colours whether colours are wanted where a terminal shows them
 */
public record Terminal(
        BufferedReader in,
        PrintStream out,
        PrintStream err,
        boolean outShown,
        boolean errShown,
        int width,
        boolean colours) {
    /** Width of lines that no terminal shows. */
    public static final int PLAIN_WIDTH = 100;

    /** Control characters that pass where no terminal is: the line end of Windows. */
    public static final Pattern PLAIN = Pattern.compile("\\r\\n");

    /** Beside it what redraws a line, colours and bold: they hide nothing, and reach no other line. */
    private static final Pattern DRAWING = Pattern.compile("\\r\\n|\\r(?=\u001b\\[K)|\u001b\\[K|\u001b\\[[0-79;]*m");

    /**
     * This process' own streams. Java cannot ask what shows them one by one, so the launcher says so: {@code hooke.shown} names those of
     * {@code out} and {@code err} that a terminal shows, {@code hooke.width} is its width.
     */
    public static Terminal ofProcess() {
        String shown = System.getProperty("hooke.shown", "");
        String noColour = System.getenv("NO_COLOR");
        boolean dumb = "dumb".equals(System.getenv("TERM"));
        boolean outShown = shown.contains("out") && !dumb;
        boolean errShown = shown.contains("err") && !dumb;
        return new Terminal(
                new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)),
                stream(FileDescriptor.out, false, outShown),
                stream(FileDescriptor.err, true, errShown),
                outShown,
                errShown,
                width(System.getProperty("hooke.width", ""), System.getenv("COLUMNS")),
                noColour == null || noColour.isEmpty());
    }

    private static PrintStream stream(FileDescriptor descriptor, boolean autoFlush, boolean shown) {
        return Output.to(new FileOutputStream(descriptor), autoFlush, shown ? DRAWING : PLAIN);
    }

    /**
     * Whether something of what went to {@code out} is lost, as on a full disk. A reader that has seen enough, as {@code | head}, closes
     * its pipe, and misses nothing.
     */
    public boolean isOutLost() {
        return out.checkError() && !isOutPipe();
    }

    private static boolean isOutPipe() {
        try {
            int mode = (int) Files.getAttribute(Path.of("/dev/fd/1"), "unix:mode");
            int type = mode & 0xF000;
            return type == 0x1000 || type == 0xC000; // S_IFIFO, S_IFSOCK
        } catch (IOException | UnsupportedOperationException e) {
            return false; // not where Unix is
        }
    }

    /** Where no terminal says its width, {@code COLUMNS} may, as in {@code COLUMNS=200 ./hooke table ... | less -S}. */
    private static int width(String columns, @Nullable String wanted) {
        return Stream.of(columns, wanted == null ? "" : wanted)
                .filter(width -> width.matches("[0-9]{2,4}"))
                .findFirst()
                .map(width -> Math.max(40, Integer.parseInt(width)))
                .orElse(PLAIN_WIDTH);
    }

    /** A sentence in lines that break between words where a terminal shows it; elsewhere on one line. */
    public String wrapped(String sentence) {
        if (!outShown) {
            return sentence;
        }
        var lines = new StringBuilder();
        int used = 0;
        for (String word : sentence.split(" ")) {
            if (used > 0 && used + 1 + word.length() > width) {
                lines.append('\n');
                used = 0;
            }
            lines.append(used == 0 ? "" : " ").append(word);
            used += (used == 0 ? 0 : 1) + word.length();
        }
        return lines.toString();
    }

    public boolean colourOut() {
        return outShown && colours;
    }

    /** The answer to a question, where a terminal shows it and its user does not end the input instead. */
    public Optional<String> ask(String question) {
        if (!errShown) {
            return Optional.empty();
        }
        err.print(question);
        err.flush();
        try {
            return Optional.ofNullable(in.readLine());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Bold on {@code out} where that can be shown. */
    public String bold(String text) {
        return colourOut() ? "\u001b[1m" + text + "\u001b[0m" : text;
    }

    boolean colourErr() {
        return errShown && colours;
    }

    public PrintWriter outWriter() {
        return new PrintWriter(out, true, StandardCharsets.UTF_8);
    }

    public PrintWriter errWriter() {
        return new PrintWriter(err, true, StandardCharsets.UTF_8);
    }
}
