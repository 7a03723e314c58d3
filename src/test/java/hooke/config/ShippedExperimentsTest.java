package hooke.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hooke.config.OptimizerConfig.AdamW;
import hooke.config.TrainConfig.Batch;
import java.io.File;
import java.io.IOException;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The experiments that ship with the program: that they are the originals, and found from wherever it runs. */
class ShippedExperimentsTest {
    @Test
    void shippedOnesAreTheOriginals() {
        Experiment modmul = Experiments.named("modmul-113", ExperimentsTest.SHIPPED, List.of());
        assertThat(modmul.seeds())
                .isEqualTo(new Seeds(
                        OptionalLong.of(598), OptionalLong.of(999), OptionalLong.empty(), OptionalLong.empty()));
        assertThat(modmul.task().trainSize()).isEqualTo(3_830);
        assertThat(modmul.train().steps()).isEqualTo(40_000);
        assertThat(modmul.train().optimizer()).isEqualTo(new AdamW(0.001, 1, List.of(0.9, 0.98), 1e-8));
        Experiment small = Experiments.named("list-copy-d8", ExperimentsTest.SHIPPED, List.of());
        assertThat(small.model().dModel()).isEqualTo(8);
        assertThat(small.model().nLayers()).isEqualTo(3);
        assertThat(small.model().mask()).isEqualTo(new Mask.Bottleneck(2));
        assertThat(small.train().batch()).isEqualTo(new Batch.Mini(128));
        assertThat(small.train().steps()).isEqualTo(300_000);
        assertThat(small.name()).isEqualTo("list-copy-d8");
        Experiment headlines = Experiments.named("headlines", ExperimentsTest.SHIPPED, List.of());
        assertThat(Parameter.count(Parameter.of(headlines.model()), false)).isEqualTo(7_717_504);
    }

    @Test
    void shippedOnesTravelWithTheProgram() {
        List<String> names = Experiments.names(Path.of("no such folder"));
        assertThat(names).contains("list-copy", "list-copy-d8", "modmul-113", "quick-grok");
        for (String name : names) {
            if (name.startsWith("headlines")) {
                continue; // Their titles lie beside them in the checkout.
            }
            assertThat(Experiments.named(name, Path.of("no such folder"), List.of()))
                    .isEqualTo(Experiments.named(name, ExperimentsTest.SHIPPED, List.of()));
        }
    }

    @Test
    @SuppressWarnings("unchecked")
    void shippedOnesAreReadOutOfAJar(@TempDir Path folder) throws Exception {
        Path jar = folder.resolve("hooke.jar");
        Path classes = Path.of(Experiments.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        try (var out = new JarOutputStream(Files.newOutputStream(jar));
                Stream<Path> files = Files.walk(classes)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                out.putNextEntry(
                        new ZipEntry(classes.relativize(file).toString().replace('\\', '/')));
                Files.copy(file, out);
            }
        }
        List<URL> path = new ArrayList<>(List.of(jar.toUri().toURL()));
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            if (entry.endsWith(".jar")) {
                path.add(Path.of(entry).toUri().toURL());
            }
        }
        try (var loader = new URLClassLoader(path.toArray(URL[]::new), ClassLoader.getPlatformClassLoader())) {
            Class<?> experiments = loader.loadClass(Experiments.class.getName());
            Method names = experiments.getMethod("names", Path.class);
            Method named = experiments.getMethod("named", String.class, Path.class, List.class);
            assertThat((List<String>) names.invoke(null, folder)).contains("list-copy-d8", "modmul-113");
            assertThat(named.invoke(null, "list-copy-d8", folder, List.of()))
                    .hasToString(Experiments.named("list-copy-d8", ExperimentsTest.SHIPPED, List.of())
                            .toString());
            assertThatThrownBy(() -> named.invoke(null, "modmul", folder, List.of()))
                    .hasRootCauseMessage("there is no experiment and no file called modmul: the experiments are "
                            + String.join(", ", Experiments.names(ExperimentsTest.SHIPPED)));
        }
    }

    @Test
    void fileInTheFolderGoesBeforeTheShippedOne(@TempDir Path folder) throws IOException {
        Files.writeString(folder.resolve("modmul-113.yaml"), ExperimentsTest.LEAST);
        Files.writeString(folder.resolve("mine.yaml"), ExperimentsTest.LEAST);
        assertThat(Experiments.named("modmul-113", folder, List.of()).train().steps())
                .isEqualTo(10);
        assertThat(Experiments.names(folder)).contains("mine", "list-copy");
        assertThat(Experiments.named(
                                folder.resolve("mine.yaml").toString(),
                                ExperimentsTest.SHIPPED,
                                List.of("train.steps=7"))
                        .train()
                        .steps())
                .isEqualTo(7);
    }
}
