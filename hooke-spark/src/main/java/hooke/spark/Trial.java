package hooke.spark;

import hooke.InputException;
import hooke.place.Place;
import hooke.sweep.work.Order;
import hooke.sweep.work.Reply;
import java.io.Serial;
import java.util.function.LongPredicate;
import org.apache.spark.api.java.function.Function;

/**
 * What an executor does for one run.
 *
 * @param job by which the driver knows it
 * @param place of the exchange, as its user names it
 * @param command of the user, for provenance
 * @param hash of the run
 * @param order as a line
 */
record Trial(String job, String place, String command, String hash, String order) implements Function<Integer, String> {
    @Serial
    private static final long serialVersionUID = 1;

    /** The last reply, as a line. */
    @Override
    public String call(Integer ignored) throws InterruptedException {
        return attempt().line();
    }

    private Reply.Last attempt() throws InterruptedException {
        LongPredicate goesOn = Post.toDriver(job);
        if (!goesOn.test(0)) {
            return new Reply.Paused(0);
        }
        try (Place exchange = Place.open(place)) {
            if (exchange.find("finished/" + hash).isPresent()) {
                return new Reply.Done("{}"); // by one whose driver did not live to fetch it
            }
            Slot slot = Slots.take(command);
            try {
                return slot.train(Order.parse(order), hash, exchange, goesOn);
            } finally {
                Slots.giveBack(slot);
            }
        } catch (InputException e) {
            return new Reply.Refused(String.valueOf(e.getMessage()));
        }
    }
}
