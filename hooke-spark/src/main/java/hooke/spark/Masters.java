package hooke.spark;

import hooke.Check;
import hooke.InputException;
import hooke.Reason;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.regex.Pattern;

/** Asks whether somebody listens where a master should be: Spark itself would try for a minute. */
final class Masters {
    private static final Pattern FORM = Pattern.compile("spark://[^\\s:,/]+:\\d{1,5}(,[^\\s:,/]+:\\d{1,5})*");
    private static final int WAIT_MILLIS = 5000;

    private Masters() {}

    /** Throws {@link InputException} unless one of them can be connected to. */
    static void check(String on) {
        Check.that(FORM.matcher(on).matches(), "--on (%s) must be like spark://HOST:7077", on);
        String why = "";
        for (String one : on.substring("spark://".length()).split(",")) {
            int colon = one.lastIndexOf(':');
            int port = Integer.parseInt(one.substring(colon + 1));
            Check.that(port >= 1 && port <= 65_535, "--on (%s): a port is a number from 1 to 65535", on);
            try (var socket = new Socket()) {
                socket.connect(new InetSocketAddress(one.substring(0, colon), port), WAIT_MILLIS);
                return;
            } catch (IOException e) {
                why = Reason.of(e);
            }
        }
        throw new InputException(
                "no Spark master answers at %s (%s): is it running, and is the address the one that its page shows?"
                        .formatted(on, why));
    }
}
