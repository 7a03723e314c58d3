package hooke.spark;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongPredicate;
import org.apache.spark.SparkEnv;
import org.apache.spark.rpc.RpcCallContext;
import org.apache.spark.rpc.RpcEndpoint;
import org.apache.spark.rpc.RpcEndpointRef;
import org.apache.spark.rpc.RpcEnv;
import org.apache.spark.util.RpcUtils;
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
    private final Map<String, LongPredicate> listeners = new ConcurrentHashMap<>();

    private Post(RpcEnv environment) {
        this.environment = environment;
    }

    /** The driver's end. */
    static Post open(SparkEnv environment) {
        var post = new Post(environment.rpcEnv());
        post.environment.setupEndpoint(NAME, post);
        return post;
    }

    /** @param listener hears the step that a job is at, and says whether it goes on */
    void listen(String job, LongPredicate listener) {
        listeners.put(job, listener);
    }

    void forget(String job) {
        listeners.remove(job);
    }

    /** An executor's end: tells the step, and returns whether to go on; not where nobody is there to ask. */
    static LongPredicate toDriver(String job) {
        SparkEnv environment = SparkEnv.get();
        RpcEndpointRef driver = RpcUtils.makeDriverRef(NAME, environment.conf(), environment.rpcEnv());
        return step -> driver.<Boolean>askSync(step + " " + job, ClassTag$.MODULE$.apply(Boolean.class));
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
                return message instanceof String;
            }

            @Override
            @SuppressWarnings("unchecked") // what Scala calls Unit has one value
            public <A, B> B applyOrElse(A message, Function1<A, B> otherwise) {
                String[] words = String.valueOf(message).split(" ", 2);
                LongPredicate listener = listeners.get(words[1]);
                context.reply(listener != null && listener.test(Long.parseLong(words[0])));
                return (B) BoxedUnit.UNIT;
            }
        };
    }
}
