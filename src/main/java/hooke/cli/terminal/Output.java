package hooke.cli.terminal;

import hooke.Printable;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the program prints, on its way out. Names and notes in a store are anybody's, and a terminal acts on control characters: the only
 * ones that pass are those that {@link Terminal} says this program uses itself.
 */
public final class Output extends OutputStream {
    private final OutputStream to;
    private final Pattern passing;

    private Output(OutputStream to, Pattern passing) {
        this.to = to;
        this.passing = passing;
    }

    /** @param passing control sequences that stay as they are */
    public static PrintStream to(OutputStream to, boolean autoFlush, Pattern passing) {
        return new PrintStream(new Output(to, passing), autoFlush, StandardCharsets.UTF_8);
    }

    /** A print stream hands over whole characters. */
    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
        for (int i = from; i < from + length; i++) {
            if ((bytes[i] < ' ' || bytes[i] == 0x7f) && bytes[i] != '\n') {
                to.write(shown(new String(bytes, from, length, StandardCharsets.UTF_8))
                        .getBytes(StandardCharsets.UTF_8));
                return;
            }
        }
        to.write(bytes, from, length);
    }

    private String shown(String text) {
        var shown = new StringBuilder();
        int at = 0;
        for (Matcher own = passing.matcher(text); own.find(); at = own.end()) {
            shown.append(Printable.lines(text.substring(at, own.start()))).append(own.group());
        }
        return shown.append(Printable.lines(text.substring(at))).toString();
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void flush() throws IOException {
        to.flush();
    }

    @Override
    public void close() throws IOException {
        to.close();
    }
}
