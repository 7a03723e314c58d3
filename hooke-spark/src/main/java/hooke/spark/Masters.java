package hooke.spark;

import hooke.Check;
import hooke.InputException;
import hooke.Pause;
import hooke.Reason;
import java.io.IOException;
import java.io.ObjectStreamException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.apache.spark.SecurityManager;
import org.apache.spark.SparkConf;
import org.apache.spark.deploy.DeployMessages.MasterStateResponse;
import org.apache.spark.deploy.DeployMessages.RequestMasterState$;
import org.apache.spark.deploy.master.RecoveryState;
import org.apache.spark.deploy.master.WorkerInfo;
import org.apache.spark.package$;
import org.apache.spark.rpc.RpcAddress;
import org.apache.spark.rpc.RpcEndpointNotFoundException;
import org.apache.spark.rpc.RpcEndpointRef;
import org.apache.spark.rpc.RpcEnv;
import scala.Option;
import scala.reflect.ClassTag$;

/**
 * The masters that {@code --on} names, asked before Spark is: it would try for a minute, and could not say what is wrong.
 *
 * @param on as the user names them
 * @param settings of Spark, by which they are spoken with
 */
record Masters(String on, Map<String, String> settings) {
    /** A master that is started anew is there by then. */
    static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final Pattern FORM = Pattern.compile("spark://[^\\s:,/]+:\\d{1,5}(,[^\\s:,/]+:\\d{1,5})*");
    private static final int CONNECT_MILLIS = 5000;
    private static final Duration PAUSE = Duration.ofMillis(300);
    private static final int ANSWER_SECONDS = 10;

    Masters {
        Check.that(FORM.matcher(on).matches(), "--on (%s) must be like spark://HOST:7077", on);
        addresses(on)
                .forEach(address -> Check.that(
                        address.port() >= 1 && address.port() <= 65_535,
                        "--on (%s): a port is a number from 1 to 65535",
                        on));
    }

    private static List<RpcAddress> addresses(String on) {
        return Arrays.stream(on.substring("spark://".length()).split(","))
                .map(address -> address.split(":"))
                .map(parts -> new RpcAddress(parts[0], Integer.parseInt(parts[1])))
                .toList();
    }

    /** What keeps a master from answering that may pass: it is being started, or somebody starts it again. */
    private static final class Absent extends Exception {
        private static final long serialVersionUID = 1;

        Absent(String sentence) {
            super(sentence);
        }
    }

    /**
     * The workers of the first that answers. Throws {@link InputException} where none does, at once if waiting would not help.
     *
     * @param patience until one must be there
     * @param remark hears a sentence where it is waited for
     */
    List<WorkerInfo> workers(Duration patience, Consumer<String> remark) {
        long end = System.nanoTime() + patience.toNanos();
        boolean told = false;
        while (true) {
            try {
                return workers();
            } catch (Absent e) {
                if (System.nanoTime() >= end || !Pause.of(PAUSE)) {
                    throw new InputException(String.valueOf(e.getMessage()), e);
                }
                if (!told) {
                    told = true;
                    remark.accept("%s has no master that answers yet: waiting %s s for one that is being started"
                            .formatted(on, patience.toSeconds()));
                }
            }
        }
    }

    private List<WorkerInfo> workers() throws Absent {
        String sentence = "";
        boolean mayCome = false;
        for (RpcAddress address : addresses(on)) {
            try {
                return workers(address);
            } catch (Absent e) {
                mayCome = true;
                sentence = String.valueOf(e.getMessage());
            } catch (IOException e) {
                mayCome |= !(e instanceof UnknownHostException);
                sentence =
                        "no Spark master answers at %s (%s): is it running, and is the address the one that its page shows?"
                                .formatted(on, e instanceof UnknownHostException ? "unknown host" : Reason.of(e));
            }
        }
        if (mayCome) {
            throw new Absent(sentence);
        }
        throw new InputException(sentence);
    }

    private List<WorkerInfo> workers(RpcAddress address) throws IOException, Absent {
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(address.host(), address.port()), CONNECT_MILLIS);
        }
        MasterStateResponse state = ask(address);
        if (state.status().equals(RecoveryState.STANDBY())) {
            throw new Absent("%s is a Spark master on standby, and no other answers".formatted(address));
        }
        return List.of(state.workers());
    }

    /** Speaks with it as one part of Spark with another. */
    private MasterStateResponse ask(RpcAddress address) throws Absent {
        var conf = new SparkConf(false);
        settings.forEach(conf::set);
        conf.set("spark.rpc.lookupTimeout", ANSWER_SECONDS + "s");
        conf.set("spark.rpc.askTimeout", ANSWER_SECONDS + "s");
        var security = new SecurityManager(conf, Option.empty(), SecurityManager.$lessinit$greater$default$3());
        RpcEnv environment = RpcEnv.create("hooke", "127.0.0.1", 0, conf, security, true);
        try {
            RpcEndpointRef master = environment.setupEndpointRef(address, "Master");
            return master.askSync(RequestMasterState$.MODULE$, ClassTag$.MODULE$.apply(MasterStateResponse.class));
        } catch (Exception e) { // Scala declares none
            Throwable root = Reason.root(e);
            boolean isSilent =
                    root instanceof TimeoutException; // Answers of another version cannot be read, so none comes.
            String sentence =
                    "%s answers, but not as a master of Spark %s does (%s): is it another version, or something else?"
                            .formatted(
                                    on,
                                    package$.MODULE$.SPARK_VERSION(),
                                    isSilent
                                            ? "nothing to be understood in " + ANSWER_SECONDS + " s"
                                            : SparkHand.firstLine(root));
            if (isSilent
                    || root instanceof RpcEndpointNotFoundException
                    || (root instanceof IOException && !(root instanceof ObjectStreamException))) {
                throw new Absent(sentence);
            }
            throw new InputException(sentence, e);
        } finally {
            environment.shutdown();
        }
    }
}
