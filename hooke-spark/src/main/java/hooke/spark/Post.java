package hooke.spark;

import java.io.Serial;
import java.io.Serializable;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.SparkEnv;
import org.apache.spark.rpc.RpcCallContext;
import org.apache.spark.rpc.RpcEndpoint;
import org.apache.spark.rpc.RpcEndpointRef;
import org.apache.spark.rpc.RpcEnv;
import org.apache.spark.util.RpcUtils;
import org.apache.spark.util.Utils;
import org.jspecify.annotations.Nullable;
import scala.Function1;
import scala.PartialFunction;
import scala.reflect.ClassTag$;
import scala.runtime.AbstractPartialFunction;
import scala.runtime.BoxedUnit;

/**
 * Where executors tell the driver how far they are, and hear whether to go on. It uses the channel by which Spark's own parts speak, with
 * its ports, authentication and encryption; accumulators, which arrive with heartbeats, have no way back.
 */
final class Post implements RpcEndpoint {
    private static final String NAME = "hooke";

    private final RpcEnv environment;
    private final Map<String, Listener> listeners = new ConcurrentHashMap<>();

    /** Answers for one job. */
    interface Listener {
        /** Whether to go on at this step. */
        boolean at(long step);

        /** Whether a machine that computes so may train it. */
        boolean admits(String host, String likeness);
    }

    private sealed interface Question extends Serializable {
        String job();

        boolean answer(Listener listener);
    }

    private record At(String job, long step) implements Question {
        @Serial
        private static final long serialVersionUID = 1;

        @Override
        public boolean answer(Listener listener) {
            return listener.at(step);
        }
    }

    private record Ready(String job, String host, String likeness) implements Question {
        @Serial
        private static final long serialVersionUID = 1;

        @Override
        public boolean answer(Listener listener) {
            return listener.admits(host, likeness);
        }
    }

    /** An executor's end, for one job. */
    record Driver(String job, RpcEndpointRef ref) {
        /** Tells the step, and returns whether to go on; not where nobody is there to ask. */
        boolean goesOn(long step) {
            return ask(new At(job, step));
        }

        /** Whether this machine, which computes so, may train. */
        boolean admits(String likeness) {
            return ask(new Ready(job, Utils.localHostName(), likeness));
        }

        private boolean ask(Question question) {
            try {
                return ref.<Boolean>askSync(question, ClassTag$.MODULE$.apply(Boolean.class));
            } catch (Exception e) { // Scala declares none
                return false; // The driver is gone.
            }
        }
    }

    private Post(RpcEnv environment) {
        this.environment = environment;
    }

    /** The driver's end. */
    static Post open(SparkEnv environment) {
        var post = new Post(environment.rpcEnv());
        post.environment.setupEndpoint(NAME, post);
        return post;
    }

    static Driver toDriver(String job) {
        SparkEnv environment = SparkEnv.get();
        return new Driver(job, RpcUtils.makeDriverRef(NAME, environment.conf(), environment.rpcEnv()));
    }

    void listen(String job, Listener listener) {
        listeners.put(job, listener);
    }

    void forget(String job) {
        listeners.remove(job);
    }

    @Override
    public RpcEnv rpcEnv() {
        return environment;
    }

    @Override
    public PartialFunction<Object, BoxedUnit> receiveAndReply(RpcCallContext context) {
        return new AbstractPartialFunction<>() {
            @Override
            public boolean isDefinedAt(Object message) {
                return message instanceof Question;
            }

            @Override
            @SuppressWarnings("unchecked") // what Scala calls Unit has one value
            public <A, B> B applyOrElse(A message, Function1<A, B> otherwise) {
                var question = (Question) message;
                @Nullable Listener listener = listeners.get(question.job());
                context.reply(listener != null && question.answer(listener));
                return (B) BoxedUnit.UNIT;
            }
        };
    }
}
