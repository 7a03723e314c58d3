package hooke.spark;

import hooke.Check;
import hooke.InputException;
import hooke.Reason;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.spark.SecurityManager;
import org.apache.spark.SparkConf;
import org.apache.spark.deploy.DeployMessages.MasterStateResponse;
import org.apache.spark.deploy.DeployMessages.RequestMasterState$;
import org.apache.spark.deploy.master.WorkerInfo;
import org.apache.spark.package$;
import org.apache.spark.rpc.RpcAddress;
import org.apache.spark.rpc.RpcEndpointRef;
import org.apache.spark.rpc.RpcEnv;
import scala.Option;
import scala.reflect.ClassTag$;

/** Asks whether a master is where one should be: Spark itself would try for a minute. */
final class Masters {
    private static final Pattern FORM = Pattern.compile("spark://[^\\s:,/]+:\\d{1,5}(,[^\\s:,/]+:\\d{1,5})*");
    private static final int CONNECT_MILLIS = 5000;
    private static final String ANSWER_TIME = "60s";

    private Masters() {}

    /** The workers of the first that answers, as far as it tells. Throws {@link InputException} where none does. */
    static List<WorkerInfo> workers(String on, Map<String, String> settings) {
        Check.that(FORM.matcher(on).matches(), "--on (%s) must be like spark://HOST:7077", on);
        String why = "";
        for (String one : on.substring("spark://".length()).split(",")) {
            int colon = one.lastIndexOf(':');
            int port = Integer.parseInt(one.substring(colon + 1));
            Check.that(port >= 1 && port <= 65_535, "--on (%s): a port is a number from 1 to 65535", on);
            try (var socket = new Socket()) {
                socket.connect(new InetSocketAddress(one.substring(0, colon), port), CONNECT_MILLIS);
                return ask(on, one.substring(0, colon), port, settings);
            } catch (IOException e) {
                why = Reason.of(e);
            }
        }
        throw new InputException(
                "no Spark master answers at %s (%s): is it running, and is the address the one that its page shows?"
                        .formatted(on, why));
    }

    /** Speaks with it as one part of Spark with another. */
    private static List<WorkerInfo> ask(String on, String host, int port, Map<String, String> settings) {
        var conf = new SparkConf(false);
        settings.forEach(conf::set);
        conf.set("spark.rpc.lookupTimeout", ANSWER_TIME);
        conf.set("spark.rpc.askTimeout", ANSWER_TIME);
        var security = new SecurityManager(conf, Option.empty(), SecurityManager.$lessinit$greater$default$3());
        RpcEnv environment = RpcEnv.create("hooke", "127.0.0.1", 0, conf, security, true);
        try {
            RpcEndpointRef master = environment.setupEndpointRef(new RpcAddress(host, port), "Master");
            return workers(master);
        } catch (Exception e) { // Scala declares none
            throw new InputException(
                    "%s answers, but not as a master of Spark %s does (%s): is it another version, or something else?"
                            .formatted(on, package$.MODULE$.SPARK_VERSION(), SparkHand.firstLine(Reason.root(e))),
                    e);
        } finally {
            environment.shutdown();
        }
    }

    /** None where it does not tell, as one does that has just taken over from another: it is a master all the same. */
    private static List<WorkerInfo> workers(RpcEndpointRef master) {
        try {
            MasterStateResponse state =
                    master.askSync(RequestMasterState$.MODULE$, ClassTag$.MODULE$.apply(MasterStateResponse.class));
            return List.of(state.workers());
        } catch (Exception e) { // Scala declares none
            return List.of();
        }
    }
}
