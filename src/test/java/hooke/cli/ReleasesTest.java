package hooke.cli;

import static org.assertj.core.api.Assertions.assertThat;

import hooke.store.Run;
import hooke.store.Store;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Stores of earlier releases: each lies here as that release wrote it, a folder {@code runs} with {@code experiments} and an {@code
 * archive.zip} beside it. It must open, its runs be the ones that the same files ask for today, and what had been begun go on.
 *
 * <p>A release adds one: the same experiments, trained by it.
 */
class ReleasesTest {
    @TempDir
    Path folder;

    private Path store = Path.of("");

    @BeforeEach
    void name() {
        store = folder.resolve("runs");
    }

    private void unpack(String release) throws IOException {
        Path packed = folder.resolve("packed.zip");
        try (InputStream in = Objects.requireNonNull(
                ReleasesTest.class.getResourceAsStream("/hooke/releases/" + release + ".zip"), release)) {
            Files.copy(in, packed);
        }
        try (FileSystem zip = FileSystems.newFileSystem(packed)) {
            Path root = zip.getPath("/");
            try (Stream<Path> all = Files.walk(root)) {
                for (Path path : (Iterable<Path>) all::iterator) {
                    Path target = folder.resolve(root.relativize(path).toString());
                    if (Files.isDirectory(path)) {
                        Files.createDirectories(target);
                    } else {
                        Files.copy(path, target);
                    }
                }
            }
        }
    }

    private Session hooke(String... words) {
        List<String> args = new ArrayList<>(List.of(words));
        args.addAll(List.of("--store", store.toString()));
        Session session = Session.of(args.toArray(String[]::new));
        assertThat(session.status()).as(session.err()).isZero();
        return session;
    }

    private String experiment(String name) {
        return folder.resolve("experiments").resolve(name + ".yaml").toString();
    }

    private List<String> runs() {
        try (Store open = Store.openReadOnly(store)) {
            return open.runs().stream().map(Run::address).toList();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.1.0"})
    void finishedRunsAreFoundByTheFilesThatAskedForThem(String release) throws IOException {
        unpack(release);
        List<String> before = runs();

        for (String name : List.of("add", "perm")) {
            assertThat(hooke("run", experiment(name), "--no-report").err())
                    .startsWith(name + "/0 is done already; another seed or setting makes another run\n");
        }
        assertThat(runs()).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.1.0"})
    void everythingThatLooksAtRunsReadsThem(String release) throws IOException {
        unpack(release);

        assertThat(hooke("ls").out()).contains("add/0", "perm/0", "copy/1");
        assertThat(hooke("show", "perm").out()).contains("written by 0.1.0").contains("train_loss");
        assertThat(hooke("ask", "add@30", "2", "3").out()).startsWith("2 + 3 = ");
        assertThat(hooke("lens", "copy/1", "ablate", "heads").out()).contains("head");
        assertThat(hooke("export", "add").out().lines()).hasSizeGreaterThan(60);
        assertThat(hooke("card", "perm").out()).contains("permutation");
        assertThat(hooke("table", "widths").out()).contains("d_model");
        assertThat(hooke("report", "add", "--out", folder.resolve("pages").toString())
                        .out())
                .isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.1.0"})
    void whatHadBeenBegunGoesOn(String release) throws IOException {
        unpack(release);
        List<String> before = runs();

        assertThat(hooke("run", experiment("copy"), "--no-report").err()).startsWith("copy-2/0 goes on");
        assertThat(runs()).isEqualTo(before);

        assertThat(hooke("sweep", experiment("widths"), "--dry-run").out()).contains("8 runs: 2 to do");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.1.0"})
    void keysThatCameLaterAreNoDifferenceBetweenOldAndNewRuns(String release) throws IOException {
        unpack(release);

        hooke("run", experiment("add"), "--no-report", "--set", "train.optimizer.lr=0.002");

        assertThat(hooke("ls").out())
                .contains("0.002")
                .doesNotContain("positions")
                .doesNotContain("learned");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.1.0"})
    void itsArchivesAreTakenIn(String release) throws IOException {
        unpack(release);
        store = folder.resolve("other");

        hooke("import-runs", folder.resolve("archive.zip").toString());

        assertThat(runs()).containsExactly("add/0", "perm/0");
        assertThat(hooke("run", experiment("add"), "--no-report").err()).startsWith("add/0 is done already");
    }
}
