package hooke.sweep.work;

/**
 * What is to be trained.
 *
 * @param until pause after so many updates; {@link Long#MAX_VALUE} for all
 * @param experiment as JSON
 */
public record Order(long until, String experiment) {
    /** In one line, as a {@link Worker} is told it. */
    public String line() {
        return until + " " + experiment;
    }

    public static Order parse(String line) {
        int space = line.indexOf(' ');
        return new Order(Long.parseLong(line.substring(0, space)), line.substring(space + 1));
    }
}
