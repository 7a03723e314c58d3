package hooke.spark;

import java.io.File;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Hooke's own jars, with its natives and without Spark's. */
final class Jars {
    /** Set by the launcher, which knows which jars are whose. */
    private static final String PROPERTY = "hooke.spark.jars";

    private Jars() {}

    /** What an executor needs that has only Spark: as the launcher says, or else the jars that are called after Hooke. */
    static List<String> toShip() {
        String said = System.getProperty(PROPERTY);
        String path = said == null ? System.getProperty("java.class.path") : said;
        return Arrays.stream(path.split(File.pathSeparator))
                .filter(jar -> jar.endsWith(".jar"))
                .filter(jar ->
                        said != null || Path.of(jar).getFileName().toString().startsWith("hooke"))
                .toList();
    }

    /** The class path of a process that trains on this machine: what was shipped here, before what was here. */
    static String here() {
        Set<String> all = new LinkedHashSet<>();
        for (ClassLoader loader = Thread.currentThread().getContextClassLoader();
                loader != null;
                loader = loader.getParent()) {
            if (loader instanceof URLClassLoader shipped) {
                for (URL url : shipped.getURLs()) {
                    all.add(Path.of(java.net.URI.create(url.toString())).toString());
                }
            }
        }
        all.add(System.getProperty("java.class.path"));
        return String.join(File.pathSeparator, all);
    }
}
