package hooke.sweep.work;

/**
 * What is to be trained.
 *
 * @param until pause after so many updates; {@link Long#MAX_VALUE} for all
 * @param hash of the experiment
 * @param experiment as JSON
 */
public record Order(long until, String hash, String experiment) {
    /** In one line, as a {@link Worker} is told it. */
    public String line() {
        return until + " " + hash + " " + experiment;
    }

    public static Order parse(String line) {
        String[] words = line.split(" ", 3);
        return new Order(Long.parseLong(words[0]), words[1], words[2]);
    }
}
