package hooke.spark;

import hooke.InputException;
import hooke.place.Place;
import hooke.sweep.work.Order;
import hooke.sweep.work.Reply;
import java.io.Serial;
import java.io.Serializable;
import org.apache.spark.SparkContext$;
import org.apache.spark.SparkEnv;
import org.apache.spark.util.Utils;
import scala.Function1;
import scala.collection.Iterator;

/**
 * What an executor does for one run: a task, for whatever it is given.
 *
 * @param job by which the driver knows it
 * @param place of the exchange, as its user names it
 * @param command of the user, for provenance
 * @param order as a line
 */
record Trial(String job, String place, String command, String order)
        implements Function1<Iterator<Integer>, String>, Serializable {
    @Serial
    private static final long serialVersionUID = 1;

    /** The last reply, as a line. */
    @Override
    public String apply(Iterator<Integer> ignored) {
        try {
            return attempt().line();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Reply.Paused(0).line();
        }
    }

    private Reply.Last attempt() throws InterruptedException {
        Post.Driver driver = Post.toDriver(job);
        if (!driver.goesOn(0)) {
            return new Reply.Paused(0);
        }
        try (Place opened = Place.open(place)) {
            var what = Order.parse(order);
            Slot slot = Slots.take(command);
            try {
                var exchange = new Exchange(opened, slot.folder());
                if (exchange.hasFinished(what.hash())) {
                    return new Reply.Done("{}"); // by one whose driver did not live to fetch it
                }
                return slot.train(what, exchange, driver);
            } finally {
                Slots.giveBack(slot);
            }
        } catch (InputException e) {
            return new Reply.Refused(where() + e.getMessage());
        }
    }

    /** The user's own machine needs no name. */
    private static String where() {
        return SparkEnv.get().executorId().equals(SparkContext$.MODULE$.DRIVER_IDENTIFIER())
                ? ""
                : "on " + Utils.localHostName() + ", ";
    }
}
